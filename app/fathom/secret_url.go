package fathom

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// SecretURL is a URL that needs no other credential. It prints as [redacted] everywhere; only Reveal
// returns its text, for sending a request.
type SecretURL struct{ raw string }

// NewSecretURL returns the URL of a file that another process has got from Fathom.
func NewSecretURL(raw string) SecretURL { return SecretURL{raw: raw} }

// Reveal returns the URL. It must not reach a log or an error.
func (u SecretURL) Reveal() string { return u.raw }

// IsZero reports whether the URL is blank.
func (u SecretURL) IsZero() bool { return u.raw == "" }

// String returns [redacted], or a blank string for a blank URL.
func (u SecretURL) String() string {
	if u.IsZero() {
		return ""
	}
	return redact.Text
}

// Format prints String, whatever the verb, including %#v and %d.
func (u SecretURL) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, u.String()) }

// LogValue returns String.
func (u SecretURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalJSON writes String.
func (u SecretURL) MarshalJSON() ([]byte, error) { return json.Marshal(u.String()) }

// UnmarshalJSON reads the URL; null is blank.
func (u *SecretURL) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &u.raw) }
