package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// Secret is a string that prints as [redacted] in every format, log and encoding. Only Reveal and
// Bytes return its value.
type Secret string

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// IsSet reports whether the secret has a value.
func (s Secret) IsSet() bool { return s != "" }

// Bytes decodes a value in base64: in the standard or the URL alphabet, with or without padding. The
// error does not contain the value.
func (s Secret) Bytes() ([]byte, error) {
	text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimSpace(string(s)))
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, errors.New("secret is not base64")
	}
	return raw, nil
}

// Format implements fmt.Formatter. Without it, fmt prints the value for verbs that do not apply to
// strings, such as %d.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redact.Text) }

// String implements fmt.Stringer.
func (s Secret) String() string { return redact.Text }

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return redact.Text }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redact.Text) }

// MarshalJSON implements json.Marshaler.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redact.Text + `"`), nil }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redact.Text), nil }
