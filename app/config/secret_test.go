package config_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

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

func TestSecretBytes(t *testing.T) {
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

func TestDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"5": 5 * time.Second, "5s": 5 * time.Second, "1h30m": 90 * time.Minute, "0": 0, "250ms": 250 * time.Millisecond, "90d": 90 * 24 * time.Hour, "0d": 0} {
		var d config.Duration
		require.NoError(t, d.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, d.Std())
		back, err := d.MarshalText()
		require.NoError(t, err)
		var again config.Duration
		require.NoError(t, again.UnmarshalText(back))
		assert.Equal(t, d, again)
	}
	for _, text := range []string{"", "-5", "-5s", "soon", "5 s", "1.5", "9223372036854775807", "99999999999999999999"} {
		var d config.Duration
		assert.Error(t, d.UnmarshalText([]byte(text)), text)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"0": 0, "5": 5, "10GB": 10e9, "500 MB": 500e6, "2kB": 2000, "1tb": 1e12, "7B": 7} {
		var s config.Size
		require.NoError(t, s.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, s.Bytes(), text)
	}
	for _, text := range []string{"", "GB", "-1GB", "1.5GB", "10XB", "9999999999TB", "ten"} {
		var s config.Size
		assert.Error(t, s.UnmarshalText([]byte(text)), text)
	}
}

func TestPortRange(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]config.PortRange{"9000-9999": {First: 9000, Last: 9999}, " 1 - 1 ": {First: 1, Last: 1}} {
		var r config.PortRange
		require.NoError(t, r.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, r)
	}
	for _, text := range []string{"9000", "9000-", "-9999", "a-b", "9000-9001-9002"} {
		var r config.PortRange
		assert.Error(t, r.UnmarshalText([]byte(text)), text)
	}
}
