package gateway_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestCORSAllowsOnlyConfiguredOrigins(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"CORS_ORIGINS=https://app.example.com"}})
	p := s.SignUp("ada@example.com")
	for _, link := range []string{p.DatabaseURL + "/api/collections/meetings/records", s.URL + "/api/session"} {
		for origin, want := range map[string]string{"https://app.example.com": "https://app.example.com", "https://evil.example.com": ""} {
			request, err := http.NewRequest(http.MethodOptions, link, nil)
			require.NoError(t, err)
			request.Header.Set("Origin", origin)
			request.Header.Set("Access-Control-Request-Method", "POST")
			request.Header.Set("Access-Control-Request-Headers", "authorization")
			assert.Equal(t, want, s.Do(request).Header.Get("Access-Control-Allow-Origin"), "%s from %s", link, origin)
		}
	}
}
