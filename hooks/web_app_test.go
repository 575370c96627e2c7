package hooks_test

import (
	"net/http"
	"regexp"
	"strings"
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
	assert.Regexp(t, `; frame-src https?://[^ ;]+/embed/;`, page.Header.Get("Content-Security-Policy"), "only Loom's player may be embedded")
	name := regexp.MustCompile(`src="(dist/main-[A-Z0-9]+\.js)"`).FindStringSubmatch(page.Raw)
	require.Len(t, name, 2, page.Raw)
	request, err := http.NewRequest(http.MethodGet, s.URL+"/"+name[1], nil)
	require.NoError(t, err)
	script := s.Do(request)
	assert.Contains(t, script.Header.Get("Content-Type"), "javascript")
	assert.Contains(t, script.Header.Get("Cache-Control"), "immutable", "the name contains a hash")
	request.Header.Set("If-None-Match", script.Header.Get("ETag"))
	assert.Equal(t, 304, s.Do(request).Status)
	assert.NotContains(t, s.Call(http.MethodGet, s.URL+"/favicon.svg", "", nil).Header.Get("Cache-Control"), "immutable")
	for _, missing := range []string{"/src/main.js", "/dist/missing.js", "/dist/index.html", "/pb_public.go", "/dist", "/.well-known/x", "/api/missing", "/meetingsx"} {
		response := s.Call(http.MethodGet, s.URL+missing, "", nil)
		assert.Equal(t, 404, response.Status, missing)
		assert.Contains(t, response.Header.Get("Content-Type"), "json", missing)
	}
	info := s.Call(http.MethodGet, s.URL+"/api/app", "", nil)
	assert.Equal(t, s.Simulator.LoomURL()+"/looms/videos", info.Text("loom_upload_url"))
	assert.Equal(t, "open", info.Text("sign_up"))
	assert.Equal(t, false, info.Get("mail"))
}

// Each page finds the app's files relative to its own address, also below a path that only a reverse proxy knows.
func TestEveryPageOfTheWebAppHasAnAddress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for page, base := range map[string]string{
		"/": "./", "/meetings": "./", "/meetings/abcdefghijklmn1?t=5": "../", "/settings/storage/": "../../", "/search?q=a%2Fb": "./", "/authorize?x=/": "./",
	} {
		response := s.Call(http.MethodGet, s.URL+page, "", nil)
		assert.Equal(t, 200, response.Status, page)
		assert.Contains(t, response.Raw, `<base href="`+base+`">`, page)
		assert.Contains(t, response.Header.Get("Content-Security-Policy"), "script-src 'self'", page)
		assert.Equal(t, "no-cache", response.Header.Get("Cache-Control"), page)
	}
}

func TestBrowsersSeeAPageAtUnknownAddresses(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for path, isPage := range map[string]bool{"/foo": true, "/foo/bar.html": true, "/dist/main-OLD.js": true, "/api/foo": false} {
		request, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
		require.NoError(t, err)
		request.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		response := s.Do(request)
		assert.Equal(t, 404, response.Status, path)
		assert.Equal(t, isPage, strings.Contains(response.Raw, `<div id="app">`), path)
		assert.Equal(t, isPage, response.Header.Get("Content-Security-Policy") != "", path)
	}
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
