package logging

import (
	"context"
	"log/slog"
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// handler adds the attributes of the context to every line, unless the line or its logger has them itself.
type handler struct {
	inner slog.Handler
	keys  []string // of the logger's own attributes
}

// Enabled implements slog.Handler.
func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.inner.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *handler) Handle(ctx context.Context, record slog.Record) error {
	var found [maxAttrs]slog.Attr
	attrs := attributes(ctx, found[:0])
	if len(attrs) == 0 {
		return h.inner.Handle(ctx, record)
	}
	own := h.keys
	record.Attrs(func(a slog.Attr) bool {
		own = append(own[:len(own):len(own)], a.Key)
		return true
	})
	record = record.Clone()                    // the caller's backing array is not ours
	for _, a := range slices.Backward(attrs) { // the outermost first
		if !slices.Contains(own, a.Key) {
			record.AddAttrs(a)
		}
	}
	return h.inner.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	keys := slices.Clone(h.keys)
	for _, a := range attrs {
		keys = append(keys, a.Key)
	}
	return &handler{h.inner.WithAttrs(attrs), keys}
}

// WithGroup implements slog.Handler.
func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{h.inner.WithGroup(name), h.keys}
}

// replaceAttr removes secrets from what a line says. Types that hold secrets print without them anyway; errors and
// text of other systems may repeat one.
func replaceAttr(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(redact.Message(a.Value.String()))
	case slog.KindAny:
		switch value := a.Value.Any().(type) {
		case error:
			a.Value = slog.StringValue(redact.Message(value.Error()))
		case []string:
			clean := make([]string, len(value))
			for i, text := range value {
				clean[i] = redact.Message(text)
			}
			a.Value = slog.AnyValue(clean)
		}
	}
	return a
}

// replaceJSONAttr is replaceAttr for JSON, in which slog would write durations in nanoseconds.
func replaceJSONAttr(groups []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.Float64Value(a.Value.Duration().Seconds())
		return a
	}
	return replaceAttr(groups, a)
}
