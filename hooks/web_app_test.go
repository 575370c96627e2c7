package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestWebAppIsServed(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	page := s.Call(http.MethodGet, s.URL+"/", "", nil)
	assert.Equal(t, 200, page.Status)
	assert.Contains(t, page.Header.Get("Content-Type"), "text/html")
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
	request, err := http.NewRequest(http.MethodGet, s.URL+"/src/main.js", nil)
	require.NoError(t, err)
	script := s.Do(request)
	assert.Contains(t, script.Header.Get("Content-Type"), "javascript")
	request.Header.Set("If-None-Match", script.Header.Get("ETag"))
	assert.Equal(t, 304, s.Do(request).Status)
	for _, missing := range []string{"/src/missing.js", "/pb_public.go", "/src", "/atlassian-callback/", "/atlassian-callback/x"} {
		assert.Equal(t, 404, s.Call(http.MethodGet, s.URL+missing, "", nil).Status, missing)
	}
	info := s.Call(http.MethodGet, s.URL+"/api/app", "", nil)
	assert.Equal(t, s.Simulator.LoomURL()+"/looms/videos", info.Text("loom_upload_url"))
	assert.Equal(t, "open", info.Text("sign_up"))
	assert.Equal(t, false, info.Get("mail"))
}

func TestAtlassianReturnsToTheWebApp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	index := s.Call(http.MethodGet, s.URL+"/", "", nil)
	page := s.Call(http.MethodGet, s.URL+"/atlassian-callback?code=secret-code&state=secret-state", "", nil)
	require.Equal(t, 200, page.Status)
	assert.Equal(t, index.Raw, page.Raw)
	assert.Equal(t, "no-store", page.Header.Get("Cache-Control"))
	assert.Equal(t, "no-referrer", page.Header.Get("Referrer-Policy"))
	assert.Equal(t, index.Header.Get("Content-Security-Policy"), page.Header.Get("Content-Security-Policy"))
}
