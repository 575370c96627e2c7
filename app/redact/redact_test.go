package redact_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

type key struct {
	redact.Value
	raw string
}

func TestEmbeddingTypeNeverPrintsItsFields(t *testing.T) {
	t.Parallel()
	secret := key{raw: "hunter2"}
	require.Equal(t, "hunter2", secret.raw)
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%10s"} {
		for _, value := range []any{secret, &secret, []key{secret}, map[string]key{"a": secret}, struct{ K key }{secret}} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("loaded", "key", secret)
	}
	text, err := json.Marshal(map[string]any{"key": secret, "pointer": &secret})
	require.NoError(t, err)
	assert.JSONEq(t, `{"key":"[redacted]","pointer":"[redacted]"}`, string(text))
	text, err = secret.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, []string{redact.Text, redact.Text, redact.Text}, []string{string(text), secret.String(), secret.GoString()})
	assert.Equal(t, 8*5+2, strings.Count(out.String(), redact.Text))
	assert.NotContains(t, out.String(), "hunter2")
	assert.NotContains(t, out.String(), "68756e74657232")
}
