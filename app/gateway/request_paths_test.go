package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestUncleanPathsStayInsideTheDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for _, path := range []string{
		"//api/health", "/api//health", "/../api/health", "/%2e%2e/%2e%2e/api/health", "/api/%2e%2e/%2e%2e/_/",
		"/%2f%2fexample.com", "/api/collections/meetings%2frecords", "/_", "", "/", "/api/health/",
		"/api/files/recordings/..%2f..%2f/data.db",
	} {
		request, err := http.NewRequest(http.MethodGet, p.DatabaseURL+path, nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", p.Session)
		got := s.Do(request)
		if got.Status/100 == 3 {
			location := got.Header.Get("Location")
			assert.True(t, strings.HasPrefix(location, "/db/"), "%q redirects to %q", path, location)
			continue
		}
		assert.Contains(t, []int{200, 401, 404}, got.Status, "%q: %s", path, got.Raw)
		assert.NotContains(t, got.Raw, "SQLite", "%q", path)
	}
}
