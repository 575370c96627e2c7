package outbound_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestParseBaseURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://api.example.com/v1/":   "https://api.example.com/v1",
		" http://127.0.0.1:8091 ":       "http://127.0.0.1:8091",
		"http://[::1]:8091/a//":         "http://[::1]:8091/a",
		"https://simulator:8091/fathom": "https://simulator:8091/fathom",
	} {
		base, err := outbound.ParseBaseURL(raw)
		require.NoError(t, err, raw)
		assert.Equal(t, want, base.String())
	}
	for _, raw := range []string{
		"", "api.example.com", "ftp://example.com", "https://", "http://[::1", "/v1", "file:///secret",
		"https://user:secret@example.com", "https://example.com?key=secret", "https://example.com/#secret",
	} {
		_, err := outbound.ParseBaseURL(raw)
		require.Error(t, err, raw)
		assert.NotContains(t, err.Error(), "secret")
	}
}

func TestSameOriginOnly(t *testing.T) {
	request := func(method, rawURL string) *http.Request {
		req, err := http.NewRequestWithContext(t.Context(), method, rawURL, nil)
		require.NoError(t, err)
		return req
	}
	const origin = "https://api.example.com/a"
	for name, test := range map[string]struct {
		method, to string
		hops       int
		follow     bool
	}{
		"same origin":     {"GET", "https://api.example.com/b", 1, true},
		"three hops":      {"GET", "https://api.example.com/b", 3, true},
		"four hops":       {"GET", "https://api.example.com/b", 4, false},
		"other host":      {"GET", "https://example.com/a", 1, false},
		"other port":      {"GET", "https://api.example.com:8443/a", 1, false},
		"other scheme":    {"GET", "http://api.example.com/a", 1, false},
		"redirected POST": {"POST", "https://api.example.com/b", 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			via := []*http.Request{request(test.method, origin)}
			for len(via) < test.hops {
				via = append(via, request("GET", origin))
			}
			err := outbound.SameOriginOnly(request("GET", test.to), via)
			if test.follow {
				assert.NoError(t, err)
			} else {
				assert.ErrorIs(t, err, http.ErrUseLastResponse)
			}
		})
	}
}

func TestWithoutURL(t *testing.T) {
	cause := errors.New("connection refused")
	wrapped := &url.Error{Op: "Get", URL: "https://example.com/secret", Err: &url.Error{Op: "Get", URL: "https://example.com/secret", Err: cause}}
	assert.Equal(t, cause, outbound.WithoutURL(wrapped))
	assert.Equal(t, cause, outbound.WithoutURL(cause))
	assert.NoError(t, outbound.WithoutURL(nil))
	for _, text := range []string{`parse "https://secret"`, `malformed Location header "secret"`} {
		assert.NotContains(t, outbound.WithoutURL(errors.New(text)).Error(), "secret")
	}
}
