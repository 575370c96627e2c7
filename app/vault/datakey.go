package vault

import (
	"crypto/cipher"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// MaxPlaintext bounds what Seal takes. A browser session with all its cookies
// has some hundred kilobytes.
const MaxPlaintext = 1 << 20

const sealDomain = "fathom-to-loom/vault/field/v1"

// Location is the one place a sealed value belongs to. All parts are needed.
type Location struct {
	Database, Collection, Record, Field string
}

func (at Location) associate() ([]byte, error) {
	return associate(sealDomain, at.Database, at.Collection, at.Record, at.Field)
}

// DataKey seals and opens the field values of one user database. It prints as
// [redacted] and is safe for concurrent use.
type DataKey struct {
	aead cipher.AEAD
}

func newDataKey(raw []byte) (*DataKey, error) {
	aead, err := newAEAD(raw)
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	return &DataKey{aead: aead}, nil
}

// Seal encrypts a value for a place: "v1." and base64url of nonce, ciphertext
// and tag. The same value never seals to the same text twice. The error is
// ErrInput: a part of the place is empty or too long, or the value too large.
func (k *DataKey) Seal(at Location, plaintext []byte) (string, error) {
	if len(plaintext) > MaxPlaintext {
		return "", fmt.Errorf("seal: %w: more than %d bytes", ErrInput, MaxPlaintext)
	}
	place, err := at.associate()
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return version + encoding.EncodeToString(k.aead.Seal(nil, nil, plaintext, place)), nil
}

// Open decrypts what Seal made for the same place with the same key. The error
// is ErrCorrupt for everything else.
func (k *DataKey) Open(at Location, sealed string) ([]byte, error) {
	body, ok := strings.CutPrefix(sealed, version)
	if !ok {
		return nil, fmt.Errorf("open: %w", ErrCorrupt)
	}
	place, err := at.associate()
	if err != nil {
		return nil, fmt.Errorf("open: %w", ErrCorrupt)
	}
	plaintext, err := openText(k.aead, body, place)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return plaintext, nil
}

const redacted = "[redacted]"

// Format covers every verb of fmt.
func (DataKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String implements fmt.Stringer.
func (DataKey) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (DataKey) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (DataKey) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON implements json.Marshaler.
func (DataKey) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText implements encoding.TextMarshaler.
func (DataKey) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Format keeps a vault's master keys out of print, as for DataKey; its key id
// may be shown.
func (v Vault) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "vault "+v.current) }

// LogValue implements slog.LogValuer.
func (v Vault) LogValue() slog.Value { return slog.StringValue("vault " + v.current) }
