package hooks_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestASignInInTheSameWindowReturnsToTheApp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	returnWith := func(query string) (int, *url.URL) {
		request, err := http.NewRequest(http.MethodGet, s.URL+"/api/oauth2-redirect?"+query, nil)
		require.NoError(t, err)
		got := s.Do(request)
		target, err := request.URL.Parse(got.Header.Get("Location"))
		require.NoError(t, err)
		return got.Status, target
	}
	status, target := returnWith("state=page-abc&code=c%26d&scope=email&next=https://evil.example.com")
	assert.Equal(t, 303, status)
	assert.Equal(t, s.URL+"/oauth-callback?code=c%26d&state=page-abc", target.String())
	_, target = returnWith("state=page-%2F%2Fevil.example.com&error=access_denied")
	assert.Equal(t, s.URL, target.Scheme+"://"+target.Host)
	assert.Equal(t, "/oauth-callback", target.Path)
	assert.Equal(t, "access_denied", target.Query().Get("error"))
	_, target = returnWith("state=abcdefghijklmno&code=c")
	assert.NotEqual(t, "/oauth-callback", target.Path, "a pop-up's code is PocketBase's")
}
