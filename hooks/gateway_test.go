package hooks_test

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
)

// opened are requests an owner may make, one for every kind of route.
var opened = []struct{ method, path string }{
	{"GET", "/api/collections/meetings/records"},
	{"GET", "/api/collections/meetings/records/aaaaaaaaaaaaaaa"},
	{"POST", "/api/collections/preferences/records"},
	{"PATCH", "/api/collections/preferences/records/aaaaaaaaaaaaaaa"},
	{"DELETE", "/api/collections/preferences/records/aaaaaaaaaaaaaaa"},
	{"POST", "/api/batch"},
	{"POST", "/api/realtime"},
	{"POST", "/api/files/token"},
	{"GET", "/api/files/recordings/aaaaaaaaaaaaaaa/recording.mp4"},
	{"GET", "/api/health"},
}

// closed are routes of PocketBase that no owner of a user database may use.
var closed = []struct{ method, path string }{
	{"POST", "/api/sql"},
	{"GET", "/api/settings"},
	{"PATCH", "/api/settings"},
	{"POST", "/api/settings/test/s3"},
	{"GET", "/api/backups"},
	{"POST", "/api/backups"},
	{"POST", "/api/backups/x.zip/restore"},
	{"GET", "/api/logs"},
	{"GET", "/api/crons"},
	{"POST", "/api/crons/x"},
	{"GET", "/api/collections"},
	{"PATCH", "/api/collections/users"},
	{"POST", "/api/collections/users/auth-with-password"},
	{"POST", "/api/collections/users/auth-refresh"},
	{"POST", "/api/collections/users/impersonate/aaaaaaaaaaaaaaa"},
	{"POST", "/api/collections/_superusers/auth-with-password"},
	{"GET", "/api/collections/_superusers/records"},
	{"DELETE", "/api/collections/meetings/truncate"},
	{"GET", "/_/"},
	{"GET", "/"},
}

func TestGatewayByRole(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"SESSION_TTL=1h"}})
	owner, other := s.signUp("owner@example.com"), s.signUp("other@example.com")
	revoked := s.signUp("revoked@example.com")
	changed := s.call(http.MethodPatch, s.url+"/api/collections/users/records/"+revoked.id, revoked.token, map[string]any{
		"oldPassword": userPassword, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)

	strangers := map[string]struct {
		token string
		want  int
	}{
		"guest":                   {"", 401},
		"another user":            {other.session, 403},
		"owner's global token":    {owner.token, 401},
		"superuser":               {s.superuser(), 401},
		"expired":                 {issued(t, owner, time.Now().Add(-2*time.Hour)), 401},
		"alg none":                {unsigned(t, owner), 401},
		"wrong key":               {forged(t, owner), 401},
		"garbage":                 {"garbage", 401},
		"file token of the owner": {owner.own("POST", "/api/files/token", nil).text("token"), 403},
	}
	for who, stranger := range strangers {
		for _, route := range opened {
			got := s.call(route.method, owner.db+route.path, stranger.token, map[string]any{})
			assert.Equal(t, stranger.want, got.Status, "%s: %s %s: %s", who, route.method, route.path, got.Raw)
		}
		for _, route := range closed {
			got := s.call(route.method, owner.db+route.path, stranger.token, nil)
			assert.Equal(t, stranger.want, got.Status, "%s: %s %s", who, route.method, route.path)
		}
	}
	for _, route := range closed {
		got := owner.own(route.method, route.path, nil)
		assert.Equal(t, 404, got.Status, "owner: %s %s: %s", route.method, route.path, got.Raw)
	}
	assert.Equal(t, 401, revoked.own("GET", "/api/collections/meetings/records", nil).Status, "the password was changed")
	assert.Equal(t, 200, owner.own("GET", "/api/collections/meetings/records", nil).Status)
}

// issued makes a session of a person at another time than now.
func issued(t *testing.T, p person, at time.Time) string {
	secret, err := secrets().JWTSecret.Bytes()
	require.NoError(t, err)
	issuer, err := session.NewIssuer(secret, time.Hour, func() time.Time { return at })
	require.NoError(t, err)
	user, err := p.app.FindRecordById("users", p.id)
	require.NoError(t, err)
	token, _, err := issuer.Issue(p.id, p.name, user.TokenKey())
	require.NoError(t, err)
	return token
}

func claimsOf(t *testing.T, p person) jwt.MapClaims {
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(p.session, claims)
	require.NoError(t, err)
	return claims
}

func unsigned(t *testing.T, p person) string {
	token := jwt.NewWithClaims(jwt.SigningMethodNone, claimsOf(t, p))
	token.Header["typ"] = "user-db+jwt"
	signed, err := token.SignedString(jwt.UnsafeAllowNoneSignatureType)
	require.NoError(t, err)
	return signed
}

func forged(t *testing.T, p person) string {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claimsOf(t, p))
	token.Header["typ"] = "user-db+jwt"
	signed, err := token.SignedString(bytes.Repeat([]byte("k"), 64))
	require.NoError(t, err)
	return signed
}

func TestNobodyLearnsWhichDatabasesExist(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	missing := s.url + "/db/2020-01-01-001-nobody"
	for _, token := range []string{"", "garbage", other.session, other.token} {
		for _, route := range append(opened, closed...) {
			there := s.call(route.method, p.db+route.path, token, nil)
			nowhere := s.call(route.method, missing+route.path, token, nil)
			assert.Equal(t, there.Status, nowhere.Status, "%s %s", route.method, route.path)
			assert.Equal(t, there.Raw, nowhere.Raw, "%s %s", route.method, route.path)
		}
	}
}

func TestOddPathsNeverLeaveTheDatabase(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	for _, path := range []string{
		"//api/health", "/api//health", "/../api/health", "/%2e%2e/%2e%2e/api/health", "/api/%2e%2e/%2e%2e/_/",
		"/%2f%2fexample.com", "/api/collections/meetings%2frecords", "/_", "", "/", "/api/health/",
		"/api/files/recordings/..%2f..%2f/data.db",
	} {
		request, err := http.NewRequest(http.MethodGet, p.db+path, nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", p.session)
		got := s.do(request)
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
	s := start(t, options{})
	p := s.signUp("ada@example.com")

	created := p.own("POST", "/api/collections/preferences/records", map[string]any{"key": "theme", "value": "dark"})
	require.Equal(t, 200, created.Status, created.Raw)
	updated := p.own("PATCH", "/api/collections/preferences/records/"+created.text("id"), map[string]any{"value": "light"})
	assert.Equal(t, "light", updated.text("value"), updated.Raw)
	assert.Equal(t, 204, p.own("DELETE", "/api/collections/preferences/records/"+created.text("id"), nil).Status)

	batch := p.own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "one", "value": 1}},
		{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "two", "value": 2}},
	}})
	assert.Equal(t, 200, batch.Status, batch.Raw)
	assert.Len(t, p.listOwn("preferences", ""), 2)

	for _, collection := range []string{"meetings", "transcripts", "recordings", "transfers", "users"} {
		got := p.own("POST", "/api/collections/"+collection+"/records", map[string]any{"recording_id": 1})
		assert.Equal(t, 403, got.Status, "%s is the server's to write: %s", collection, got.Raw)
	}
}

func TestCORSLetsOnlyConfiguredOriginsIn(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"CORS_ORIGINS=https://app.example.com"}})
	p := s.signUp("ada@example.com")
	for _, link := range []string{p.db + "/api/collections/meetings/records", s.url + "/api/session"} {
		for origin, want := range map[string]string{"https://app.example.com": "https://app.example.com", "https://evil.example.com": ""} {
			request, err := http.NewRequest(http.MethodOptions, link, nil)
			require.NoError(t, err)
			request.Header.Set("Origin", origin)
			request.Header.Set("Access-Control-Request-Method", "POST")
			request.Header.Set("Access-Control-Request-Headers", "authorization")
			assert.Equal(t, want, s.do(request).Header.Get("Access-Control-Allow-Origin"), "%s from %s", link, origin)
		}
	}
}

func TestFileUploadsToOtherFieldsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("key", "theme"))
	part, err := form.CreateFormFile("file", "x.mp4")
	require.NoError(t, err)
	_, err = part.Write([]byte("not a video"))
	require.NoError(t, err)
	require.NoError(t, form.Close())
	request, err := http.NewRequest(http.MethodPost, p.db+"/api/collections/recordings/records", &body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Authorization", p.session)
	assert.Equal(t, 403, s.do(request).Status)
}
