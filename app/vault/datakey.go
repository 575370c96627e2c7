package vault

import (
	"crypto/cipher"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// MaxPlaintext is the maximum size of a value in bytes. A browser session with all its cookies has a
// few hundred kilobytes.
const MaxPlaintext = 1 << 20

const sealDomain = "fathom-to-loom/vault/field/v1"

// Location is the field to which a sealed value belongs. Each part has 1 to 255 bytes.
type Location struct {
	Database, Collection, Record, Field string
}

func (at Location) associatedData() ([]byte, error) {
	return associatedData(sealDomain, at.Database, at.Collection, at.Record, at.Field)
}

// DataKey seals and opens the secrets of one user database. It prints as [redacted].
type DataKey struct {
	redact.Value
	aead cipher.AEAD
}

func newDataKey(raw []byte) (*DataKey, error) {
	aead, err := newAEAD(raw)
	if err != nil {
		return nil, fmt.Errorf("create data key: %w", err)
	}
	return &DataKey{aead: aead}, nil
}

// Seal encrypts a value for a location and returns "v1." and the nonce, ciphertext and tag in
// base64url. The text differs each time. The error is ErrInput if a part of the location is empty or
// too long, or if the value is larger than MaxPlaintext.
func (k *DataKey) Seal(at Location, plaintext []byte) (string, error) {
	if len(plaintext) > MaxPlaintext {
		return "", fmt.Errorf("seal value: %w: more than %d bytes", ErrInput, MaxPlaintext)
	}
	location, err := at.associatedData()
	if err != nil {
		return "", fmt.Errorf("seal value: %w", err)
	}
	return version + encoding.EncodeToString(k.aead.Seal(nil, nil, plaintext, location)), nil
}

// Open decrypts a value that Seal encrypted for the same location with the same key. The error is
// ErrCorrupt.
func (k *DataKey) Open(at Location, sealed string) ([]byte, error) {
	body, ok := strings.CutPrefix(sealed, version)
	if !ok {
		return nil, fmt.Errorf("open value: %w", ErrCorrupt)
	}
	location, err := at.associatedData()
	if err != nil {
		return nil, fmt.Errorf("open value: %w", ErrCorrupt)
	}
	plaintext, err := openText(k.aead, body, location)
	if err != nil {
		return nil, fmt.Errorf("open value: %w", err)
	}
	return plaintext, nil
}

// Format implements fmt.Formatter. It prints the id of the current master key but no key.
func (v Vault) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "vault "+v.current) }

// LogValue implements slog.LogValuer.
func (v Vault) LogValue() slog.Value { return slog.StringValue("vault " + v.current) }
