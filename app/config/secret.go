package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const redacted = "[redacted]"

// Secret is a string that prints as [redacted] however it is printed, logged or
// marshalled. Only Reveal and Bytes give the value away.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// IsSet reports whether there is a value.
func (s Secret) IsSet() bool { return s != "" }

// Bytes decodes the value from base64: standard or URL alphabet, with or
// without padding. The error never contains the value.
func (s Secret) Bytes() ([]byte, error) {
	text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimSpace(string(s)))
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, errors.New("not base64")
	}
	return raw, nil
}

// Format covers every verb: without it fmt prints the raw string for those a
// string does not have, such as %d.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String implements fmt.Stringer.
func (s Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON implements json.Marshaler.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
