package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// ask sends a request with an id that the client has chosen, and returns the id in the response.
func ask(s *apptest.Server, method, path, token, id string) string {
	s.T.Helper()
	request, err := http.NewRequest(method, s.URL+path, nil)
	require.NoError(s.T, err)
	request.Header.Set("X-Request-Id", id)
	request.Header.Set("Authorization", token)
	return s.Do(request).Header.Get("X-Request-Id")
}

func TestEveryResponseHasARequestID(t *testing.T) {
	t.Parallel()
	const chosen = "0123456789abcdef0123456789abcdef"
	direct, proxied := apptest.Start(t, apptest.Options{}), apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	for _, path := range []string{"/", "/api/health", "/api/unknown", "/db/2020-01-01-001-nobody/api/health", "/api/collections/users/records"} {
		first, second := ask(direct, http.MethodGet, path, "", chosen), ask(direct, http.MethodGet, path, "", "")
		assert.Regexp(t, "^[a-z0-9]{16}$", first, path)
		assert.Regexp(t, "^[a-z0-9]{16}$", second, path)
		assert.NotEqual(t, first, second, path)
		assert.Equal(t, chosen, ask(proxied, http.MethodGet, path, "", chosen), "the proxy has chosen it: %s", path)
		assert.Regexp(t, "^[a-z0-9]{16}$", ask(proxied, http.MethodGet, path, "", `forged" user=x`), path)
	}
}
