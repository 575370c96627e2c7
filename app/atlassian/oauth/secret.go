package oauth

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// unprintable makes a type print as [redacted] in every format and log. Unlike redact.Value it doesn't change the
// type's JSON, in which the secrets are stored.
type unprintable struct{}

// Format implements fmt.Formatter.
func (unprintable) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redact.Text) }

// String implements fmt.Stringer.
func (unprintable) String() string { return redact.Text }

// LogValue implements slog.LogValuer.
func (unprintable) LogValue() slog.Value { return slog.StringValue(redact.Text) }
