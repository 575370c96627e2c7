// Package redact keeps secrets out of logs, errors and encodings. It must not hold any secret itself. Everything
// in it is safe for concurrent use.
package redact

import (
	"fmt"
	"io"
	"log/slog"
)

// Text replaces a secret wherever it would be printed.
const Text = "[redacted]"

// Value prints as Text in every format, log and encoding. A type that embeds it prints as Text too, unless the
// type defines a method of its own for that. Value has no fields.
type Value struct{}

// Format implements fmt.Formatter. Without it, fmt would print the fields of the embedding type for verbs that
// do not apply to strings, such as %d.
func (Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Text) }

// String implements fmt.Stringer.
func (Value) String() string { return Text }

// GoString implements fmt.GoStringer.
func (Value) GoString() string { return Text }

// LogValue implements slog.LogValuer.
func (Value) LogValue() slog.Value { return slog.StringValue(Text) }

// MarshalJSON implements json.Marshaler.
func (Value) MarshalJSON() ([]byte, error) { return []byte(`"` + Text + `"`), nil }

// MarshalText implements encoding.TextMarshaler.
func (Value) MarshalText() ([]byte, error) { return []byte(Text), nil }
