package redact_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
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

func TestSecretsInURLsAreReplaced(t *testing.T) {
	t.Parallel()
	const secret = "S3CRETPATH"
	for given, want := range map[string]string{
		"/api/fathom/" + secret:                         "/api/fathom/[redacted]",
		"/api/fathom/" + secret + "/1001?x=" + secret:   "/api/fathom/[redacted]",
		"/api/%66athom/" + secret:                       "/api/fathom/[redacted]",
		"/db/x/api/fathom/" + secret:                    "/db/x/api/fathom/[redacted]",
		"/api/unsubscribe?token=" + secret:              "/api/unsubscribe?",
		"/api/unsubscribe/" + secret:                    "/api/unsubscribe/[redacted]",
		"/s/" + secret + "/video?g=" + secret:           "/s/[redacted]",
		"/s/oembed?url=https://example.com/s/" + secret: "/s/[redacted]",
		"/api/files/a%2Fb?x=1&token=" + secret:          "/api/files/a%2Fb?x=1",
		"/atlassian-callback?code=" + secret + "&x=1":   "/atlassian-callback?x=1",
		"/api/fathom/":                                  "/api/fathom/",
		"/api/fathomless/x?q=%20":                       "/api/fathomless/x?q=%20",
	} {
		parsed, err := url.Parse(given)
		require.NoError(t, err)
		assert.Equal(t, want, redact.URL(parsed), given)
		assert.NotContains(t, redact.Referer("https://example.com"+given), secret, given)
	}
	assert.Equal(t, "https://example.com/x?y=1", redact.Referer("https://example.com/x?y=1"))
	assert.Empty(t, redact.Referer(""))
	assert.Equal(t, "[redacted]", redact.Referer("https://%zz/api/fathom/"+secret))
}
