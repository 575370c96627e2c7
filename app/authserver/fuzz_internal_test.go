package authserver

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever is accepted leads to the registered host, over https or to this computer, and nothing in it can be taken for a
// part of a response.
func FuzzRedirectURI(f *testing.F) {
	registered := []string{"https://assistant.example.com/callback?from=f2l", "http://127.0.0.1/callback", "http://localhost:80/", "http://[::1]/"}
	for _, uri := range append(registered, "http://127.0.0.1:1@evil.org/callback", "http://127.0.0.1:80:80/callback", "http://[::1]:x/", "https://assistant.example.com/callback?from=f2l#") {
		f.Add(uri, "state")
	}
	f.Fuzz(func(t *testing.T, uri, state string) {
		if !matchRedirectURI(registered, uri) {
			return
		}
		service := &Service{baseURL: "https://loom.example.com"}
		link, err := service.responseURL(uri, state, url.Values{"code": {"secret"}})
		require.NoError(t, err)
		target, err := url.Parse(link)
		require.NoError(t, err)
		assert.Nil(t, target.User)
		assert.Empty(t, target.Fragment)
		assert.Contains(t, []string{"assistant.example.com", "127.0.0.1", "localhost", "::1"}, target.Hostname())
		assert.Equal(t, target.Scheme == "https", target.Hostname() == "assistant.example.com")
		assert.Equal(t, []string{"secret"}, target.Query()["code"])
		assert.Equal(t, []string{"https://loom.example.com"}, target.Query()["iss"])
		if state != "" {
			assert.Equal(t, []string{state}, target.Query()["state"])
		}
		assert.False(t, strings.ContainsAny(link, "\r\n \\"))
	})
}

func FuzzSealedText(f *testing.F) {
	s, err := newSealer("tests", []byte(strings.Repeat("s", 64)), nil)
	require.NoError(f, err)
	sealed, err := s.seal(registration{Name: "a", Redirects: []string{"https://assistant.example.com/"}})
	require.NoError(f, err)
	f.Add(sealed)
	f.Add(sealed[1:])
	f.Add(sealed[:9] + "\n" + sealed[9:])
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		var r registration
		if s.open(text, &r) == nil {
			assert.Equal(t, sealed, text, "nobody else can seal a text")
		}
	})
}
