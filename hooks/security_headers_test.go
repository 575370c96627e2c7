package hooks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestEveryResponseHasSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	token := p.Own(http.MethodPost, "/api/files/token", nil).Text("token")
	get := func(link, token string) func() *http.Request {
		return func() *http.Request {
			request, err := http.NewRequest(http.MethodGet, link, nil)
			require.NoError(t, err)
			request.Header.Set("Authorization", token)
			return request
		}
	}
	post := func(link, contentType, body string) func() *http.Request {
		return func() *http.Request {
			request, err := http.NewRequest(http.MethodPost, link, strings.NewReader(body))
			require.NoError(t, err)
			request.Header.Set("Content-Type", contentType)
			return request
		}
	}
	global, own := s.URL, p.DatabaseURL
	const list = "/api/collections/users/records"
	for name, test := range map[string]struct {
		request func() *http.Request
		status  int
	}{
		"web app":              {get(global+"/", ""), 200},
		"stylesheet":           {get(global+"/app.css", ""), 200},
		"callback":             {get(global+"/atlassian-callback?code=x", ""), 200},
		"no page":              {get(global+"/nothing", ""), 404},
		"health":               {get(global+"/api/health", ""), 200},
		"app":                  {get(global+"/api/app", ""), 200},
		"records":              {get(global+list, p.Token), 200},
		"no record":            {get(global+list+"/nothing", p.Token), 404},
		"superusers only":      {get(global+"/api/settings", p.Token), 403},
		"no route":             {get(global+"/api/nothing", ""), 404},
		"wrong password":       {post(global+"/api/collections/users/auth-with-password", "application/json", `{"identity":"x@example.com","password":"x"}`), 400},
		"batch":                {post(global+"/api/batch", "application/json", "{}"), 400},
		"XML":                  {post(global+list, "application/xml", "<x/>"), 415},
		"too large":            {post(global+list, "application/json", strings.Repeat(" ", 33<<20)), 413},
		"upload":               {post(global+"/api/backups/upload", "multipart/form-data; boundary=x", "--x--"), 401},
		"webhook":              {post(global+"/api/fathom/unknown", "application/json", "{}"), 404},
		"OAuth2":               {get(global+"/api/oauth2-redirect?state=x&code=y", ""), 307},
		"unsubscribe":          {get(global+"/api/unsubscribe?token=x", ""), 404},
		"admin UI":             {get(global+"/_/", ""), 200},
		"redirect to admin UI": {get(global+"/_", ""), 307},
		"no file of admin UI":  {get(global+"/_/nothing.js", ""), 404},
		"own records":          {get(own+"/api/collections/meetings/records", p.Session), 200},
		"no session":           {get(own+"/api/collections/meetings/records", ""), 401},
		"no database":          {get(global+"/db/nothing/api/health", ""), 404},
		"file":                 {get(own+"/api/files/recordings/"+samples.Recording+"/"+p.ListOwn("recordings", "")[0]["file"].(string)+"?token="+token, ""), 200},
		"export":               {get(own+"/api/export?token="+url.QueryEscape(p.ExportToken()), ""), 200},
		"own admin UI":         {get(own+"/_/", ""), 200},
		"redirect to own UI":   {get(own+"/_", ""), 307},
		"extension":            {get(own+"/_/extensions.js", ""), 200},
	} {
		got := s.Do(test.request())
		assert.Equal(t, test.status, got.Status, "%s: %.300s", name, got.Raw)
		checkSecurityHeaders(t, name, got.Header)
		if strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") && got.Status/100 != 3 {
			assert.NotEmpty(t, got.Header.Get("Content-Security-Policy"), name)
		}
		assert.Empty(t, got.Header.Get("Strict-Transport-Security"), "%s: PUBLIC_URL is http", name)
		opener := got.Header.Get("Cross-Origin-Opener-Policy")
		if name == "OAuth2" || strings.Contains(name, "admin UI") && name != "own admin UI" {
			assert.Empty(t, opener, "%s: the window of a sign-in keeps its opener", name)
		} else {
			assert.Equal(t, "same-origin-allow-popups", opener, name)
		}
		path := test.request().URL.Path
		if strings.Contains(path, "/api/") && !strings.Contains(path, "/files/") {
			assert.Equal(t, "no-store", got.Header.Get("Cache-Control"), name)
		}
	}
	for _, link := range []string{global + "/api/realtime", own + "/api/realtime"} {
		response, err := http.DefaultClient.Do(get(link, "")())
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		checkSecurityHeaders(t, link, response.Header)
	}
}

func checkSecurityHeaders(t *testing.T, name string, header http.Header) {
	t.Helper()
	for key, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "no-referrer",
		"Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
	} {
		assert.Equal(t, []string{want}, header.Values(key), "%s: %s", name, key)
	}
}

func TestHTTPSIsRequiredIfThePublicURLHasIt(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"PUBLIC_URL=https://loom.example.com"}})
	for _, path := range []string{"/", "/api/health", "/nothing", "/_/", "/db/nothing/api/health"} {
		got := s.Call(http.MethodGet, s.URL+path, "", nil)
		assert.Equal(t, "max-age=31536000", got.Header.Get("Strict-Transport-Security"), path)
	}
}
