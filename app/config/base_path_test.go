package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestAddressesOfTheWebApp(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		public, cors, path string
		urls               []string
	}{
		{"", "", "", []string{"http://127.0.0.1:8090", "http://localhost:8090"}},
		{"https://Loom.example.com/", "", "", []string{"https://loom.example.com"}},
		{"https://example.com:443/f2l/", "", "/f2l", []string{"https://example.com/f2l"}},
		{"https://example.com/f2l", "https://other.example.com", "/f2l", []string{"https://example.com/f2l", "https://other.example.com"}},
		{"https://example.com/a%20b/f2l", "*", "/a%20b/f2l", []string{"https://example.com/a%20b/f2l"}},
	} {
		environ := []string{"PUBLIC_URL=" + test.public, "CORS_ORIGINS=" + test.cors}
		c := config.LoadFrom(t.TempDir(), valid(t, environ...))
		assert.Equal(t, test.path, c.BasePath(), test.public)
		assert.Equal(t, test.urls, c.AppURLs(), test.public)
	}
}
