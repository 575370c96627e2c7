package fathom

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// SecretURL is a URL that is itself the permission to fetch what it names. It
// prints as [redacted] everywhere; Reveal is the one way to the text, for sending
// a request or for storing it encrypted.
type SecretURL struct{ raw string }

// NewSecretURL wraps a URL, for instance a stored one.
func NewSecretURL(raw string) SecretURL { return SecretURL{raw: raw} }

// Reveal returns the URL. Don't log it, don't put it into an error.
func (u SecretURL) Reveal() string { return u.raw }

// IsZero says whether there is no URL.
func (u SecretURL) IsZero() bool { return u.raw == "" }

// String is [redacted], or blank when there is no URL.
func (u SecretURL) String() string {
	if u.IsZero() {
		return ""
	}
	return redacted
}

// Format keeps the secret under every verb, %#v and %d included.
func (u SecretURL) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, u.String()) }

// LogValue is String.
func (u SecretURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalJSON writes String.
func (u SecretURL) MarshalJSON() ([]byte, error) { return json.Marshal(u.String()) }

// UnmarshalJSON reads the URL; null is none.
func (u *SecretURL) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &u.raw) }
