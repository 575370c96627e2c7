package gateway_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// issued makes a session of a person at another time than now.
func issued(t *testing.T, p apptest.Person, at time.Time) string {
	secret, err := apptest.Secrets().JWTSecret.Bytes()
	require.NoError(t, err)
	issuer, err := session.NewIssuer(secret, time.Hour, func() time.Time { return at })
	require.NoError(t, err)
	user, err := p.App.FindRecordById("users", p.ID)
	require.NoError(t, err)
	token, _, err := issuer.Issue(p.ID, p.Name, user.TokenKey())
	require.NoError(t, err)
	return token
}

func claimsOf(t *testing.T, p apptest.Person) jwt.MapClaims {
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(p.Session, claims)
	require.NoError(t, err)
	return claims
}

func unsigned(t *testing.T, p apptest.Person) string {
	token := jwt.NewWithClaims(jwt.SigningMethodNone, claimsOf(t, p))
	token.Header["typ"] = "user-db+jwt"
	signed, err := token.SignedString(jwt.UnsafeAllowNoneSignatureType)
	require.NoError(t, err)
	return signed
}

func forged(t *testing.T, p apptest.Person) string {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claimsOf(t, p))
	token.Header["typ"] = "user-db+jwt"
	signed, err := token.SignedString(bytes.Repeat([]byte("k"), 64))
	require.NoError(t, err)
	return signed
}

func TestOddPathsNeverLeaveTheDatabase(t *testing.T) {
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
			assert.True(t, strings.HasPrefix(location, "/db/"), "%q leads to %q", path, location)
			continue
		}
		assert.Contains(t, []int{200, 401, 404}, got.Status, "%q: %s", path, got.Raw)
		assert.NotContains(t, got.Raw, "SQLite", "%q", path)
	}
}

func TestOwnerUsesTheirDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")

	created := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "theme", "value": "dark"})
	require.Equal(t, 200, created.Status, created.Raw)
	updated := p.Own("PATCH", "/api/collections/preferences/records/"+created.Text("id"), map[string]any{"value": "light"})
	assert.Equal(t, "light", updated.Text("value"), updated.Raw)
	assert.Equal(t, 204, p.Own("DELETE", "/api/collections/preferences/records/"+created.Text("id"), nil).Status)

	batch := p.Own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "one", "value": 1}},
		{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "two", "value": 2}},
	}})
	assert.Equal(t, 200, batch.Status, batch.Raw)
	assert.Len(t, p.ListOwn("preferences", ""), 2)

	for _, collection := range []string{"meetings", "transcripts", "recordings", "transfers", "users"} {
		got := p.Own("POST", "/api/collections/"+collection+"/records", map[string]any{"recording_id": 1})
		assert.Equal(t, 403, got.Status, "%s is the server's to write: %s", collection, got.Raw)
	}
}

func TestCORSLetsOnlyConfiguredOriginsIn(t *testing.T) {
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

func TestFileUploadsToOtherFieldsAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("key", "theme"))
	part, err := form.CreateFormFile("file", "x.mp4")
	require.NoError(t, err)
	_, err = part.Write([]byte("not a video"))
	require.NoError(t, err)
	require.NoError(t, form.Close())
	request, err := http.NewRequest(http.MethodPost, p.DatabaseURL+"/api/collections/recordings/records", &body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Authorization", p.Session)
	assert.Equal(t, 403, s.Do(request).Status)
}
