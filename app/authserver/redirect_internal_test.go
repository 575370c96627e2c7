package authserver

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRedirectURIs(t *testing.T) {
	t.Parallel()
	for uri, valid := range map[string]bool{
		"https://assistant.example.com/callback":          true,
		"https://assistant.example.com/callback?from=f2l": true,
		"https://assistant.example.com:8443/":             true,
		"http://127.0.0.1/callback":                       true,
		"http://127.0.0.1:5000/callback":                  true,
		"http://[::1]:5000/":                              true,
		"http://localhost:5000/callback":                  true,

		"":                                                false,
		"/callback":                                       false,
		"//assistant.example.com/callback":                false,
		"https:assistant.example.com":                     false,
		"http://assistant.example.com/callback":           false,
		"http://localhost.example.com/":                   false,
		"http://127.0.0.1.example.com/":                   false,
		"http://192.168.1.1/":                             false,
		"https://user@assistant.example.com/":             false,
		"http://localhost@assistant.example.com/":         false,
		"https://assistant.example.com/#code":             false,
		"https://assistant.example.com/#":                 false,
		"https://assistant.example.com/?state=1":          false,
		"https://assistant.example.com/?iss=x":            false,
		"https://assistant.example.com/?code=x":           false,
		`https://assistant.example.com\@evil.example.com`: false,
		"https://assistant.example.com/\r\nX: y":          false,
		"https://assistant.example.com/ä":                 false,
		"https://ässistant.example.com/":                  false,
		"javascript:alert(1)":                             false,
		"javascript://assistant.example.com/%0aalert(1)":  false,
		"data:text/html,x":                                false,
		"assistant://callback":                            false,
		"com.example.assistant:/callback":                 false,
	} {
		assert.Equal(t, valid, checkRedirectURI(uri) == nil, uri)
	}
}

func TestRedirectURIMustBeRegistered(t *testing.T) {
	t.Parallel()
	registered := []string{"https://assistant.example.com/callback", "http://127.0.0.1/callback?x=1", "http://localhost:1234/callback", "http://[::1]/callback"}
	for uri, matches := range map[string]bool{
		"https://assistant.example.com/callback":      true,
		"http://127.0.0.1/callback?x=1":               true,
		"http://127.0.0.1:50000/callback?x=1":         true,
		"http://localhost/callback":                   true,
		"http://localhost:50000/callback":             true,
		"http://[::1]:50000/callback":                 true,
		"https://assistant.example.com:8443/callback": false,
		"https://assistant.example.com:443/callback":  false,
		"https://assistant.example.com/callback/":     false,
		"https://assistant.example.com/callback?a=b":  false,
		"https://assistant.example.com/Callback":      false,
		"https://assistant.example.com/x/../callback": false,
		"https://ASSISTANT.example.com/callback":      false,
		"http://assistant.example.com/callback":       false,
		"https://assistant.example.com.evil.org/":     false,
		"http://127.0.0.1:50000/callback":             false,
		"http://127.0.0.2/callback?x=1":               false,
		"http://localhost:50000/callback/x":           false,
		"http://localhost:50000@evil.org/callback":    false,
		"https://localhost:50000/callback":            false,
		"":                                            false,
	} {
		assert.Equal(t, matches, matchRedirectURI(registered, uri), uri)
	}
}

func TestClientURLs(t *testing.T) {
	t.Parallel()
	for link, valid := range map[string]bool{
		"https://assistant.example.com/client.json":    true,
		"https://assistant.example.com:8443/a/b":       true,
		"https://assistant.example.com/a/":             true,
		"https://assistant.example.com":                false,
		"https://assistant.example.com/":               false,
		"http://assistant.example.com/client.json":     false,
		"https://assistant.example.com/client.json?x":  false,
		"https://assistant.example.com/client.json#x":  false,
		"https://u@assistant.example.com/client.json":  false,
		"https://assistant.example.com/../client.json": false,
		"https://assistant.example.com/a/%2e%2e/b":     false,
		"https://assistant.example.com/a//b":           false,
		"https://ASSISTANT.example.com/client.json":    false,
		"https:///client.json":                         false,
		"file:///etc/passwd":                           false,
		"client":                                       false,
		"":                                             false,
	} {
		_, err := parseClientURL(link)
		assert.Equal(t, valid, err == nil, link)
	}
}
