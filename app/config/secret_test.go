package config_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	s := config.Secret("hunter2")
	c := &config.Config{AESMasterKey: s, SMTPPassword: s}
	g := config.Generated{AESMasterKey: s}

	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10s", "%T %[1]v"} {
		for _, what := range []any{s, &s, *c, c, g, []config.Secret{s}, map[string]config.Secret{"a": s}} {
			fmt.Fprintf(&out, verb+"\n", what)
		}
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("loaded", "secret", s, "config", c, "generated", g)
	}
	for _, what := range []any{s, c, g, map[string]any{"s": s}} {
		text, err := json.Marshal(what)
		require.NoError(t, err)
		out.Write(text)
	}
	text, err := s.MarshalText()
	require.NoError(t, err)
	out.Write(text)
	out.WriteString(s.String() + s.GoString())

	assert.Contains(t, out.String(), "[redacted]")
	assert.NotContains(t, out.String(), "hunter2")
	assert.NotContains(t, out.String(), "68756e74657232")
	assert.Equal(t, "hunter2", s.Reveal())
	assert.True(t, s.IsSet())
}

func TestSecretBytesDecodesEveryBase64Variant(t *testing.T) {
	t.Parallel()
	raw := []byte{0xfb, 0xff, 0xfe, 0x01}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		got, err := config.Secret(" " + enc.EncodeToString(raw) + "\r\n").Bytes()
		require.NoError(t, err)
		assert.Equal(t, raw, got)
	}
	_, err := config.Secret("hunter2!").Bytes()
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "hunter2")
}
