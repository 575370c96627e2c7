package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestOAuth2ProvidersFollowTheSettings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"GOOGLE_CLIENT_ID=id", "GOOGLE_CLIENT_SECRET=hidden-secret", "GITHUB_CLIENT_ID=id", "GITHUB_CLIENT_SECRET=hidden-secret"}})
	methods := s.Call(http.MethodGet, s.URL+"/api/collections/users/auth-methods", "", nil)
	assert.Equal(t, true, methods.Get("oauth2.enabled"))
	assert.Len(t, methods.Get("oauth2.providers"), 2)
	assert.NotContains(t, methods.Raw, "hidden-secret")

	next := s.Restart()
	assert.Equal(t, false, next.Call(http.MethodGet, next.URL+"/api/collections/users/auth-methods", "", nil).Get("oauth2.enabled"))
}
