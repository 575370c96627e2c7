package gateway_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// allScopes are the scopes that API tokens can have.
var allScopes = []string{"read", "transfer", "share"}

// readable are the collections that API tokens may read.
var readable = []string{
	"meetings", "transcripts", "recordings", "transfers", "preferences", "deleted_meetings", "rules", "notices", "unreadable_meetings",
}

// scopeOf holds the scope that a request with an API token needs for each route. All other routes are refused.
var scopeOf = map[string]string{
	"GET /api/collections/{collection}/records":         "read",
	"GET /api/collections/{collection}/records/{id}":    "read",
	"GET /api/files/{collection}/{recordId}/{filename}": "read",
	"GET /api/health":                     "read",
	"GET /api/search":                     "read",
	"GET /api/library":                    "read",
	"GET /api/meetings/{id}/chapters":     "read",
	"GET /api/meetings/{id}/poster":       "read",
	"GET /api/meetings/{id}/chapters.vtt": "read",
	"GET /api/meetings/{id}/captions.vtt": "read",
	"POST /api/realtime":                  "read",
	"POST /api/transfers":                 "transfer",
}

// requireRefusal checks the response to a request that an API token with one scope may not make.
func requireRefusal(t *testing.T, needed string, got apptest.Answer, message string) {
	t.Helper()
	require.Equal(t, 403, got.Status, message)
	if needed == "" {
		require.Contains(t, got.Raw, "API tokens can't be used for this request", message)
	} else {
		require.Contains(t, got.Raw, `needs an API token with the scope \"`+needed+`\"`, message)
	}
}

// TestRouteAccessByTokenScope fails when a new route accepts API tokens, because scopeOf doesn't list it.
func TestRouteAccessByTokenScope(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("owner@example.com")
	samples := p.CreateSamples()
	p.SaveKey("some-key")
	before := p.Fingerprint()
	collections := listCollections(t, p)
	require.Subset(t, collections, readable)
	found := map[string]bool{}
	for _, scope := range allScopes {
		_, token := p.CreateToken(scope)
		for _, r := range allRoutes(t, s) {
			if r.OpensStream() {
				continue // needs no permission
			}
			found[r.String()] = true
			for _, collection := range collections {
				if collection != "meetings" && !strings.Contains(r.Pattern, "{collection}") {
					continue
				}
				path := r.Path(t, map[string]string{
					"collection": collection, "id": samples.Meeting, "recordId": samples.Recording, "filename": samples.File, "key": "backup.zip",
				})
				needed := scopeOf[r.String()]
				if !slices.Contains(readable, collection) && strings.Contains(r.Pattern, "{collection}") && needed != "" {
					if !strings.HasPrefix(r.Pattern, "/api/files/") || scope == "read" {
						needed = "" // only the open database knows the collection of a file
					}
				}
				got := s.Call(r.Method, p.DatabaseURL+path, token, map[string]any{})
				message := r.Method + " " + path + " with scope " + scope + ": " + got.Raw
				if needed != scope {
					requireRefusal(t, needed, got, message)
					continue
				}
				require.NotEqual(t, 401, got.Status, message)
				require.NotContains(t, got.Raw, "API token", message)
				want := allowedRoutes[r.String()].owner
				if collection == "meetings" && want != 0 {
					require.Equal(t, want, got.Status, message)
				}
			}
		}
	}
	for r := range scopeOf {
		assert.True(t, found[r], "%s no longer exists", r)
	}
	assert.Equal(t, before, p.Fingerprint(), "a token changed something")
}

// listCollections returns the names of all collections of a person's database.
func listCollections(t *testing.T, p apptest.Person) (names []string) {
	t.Helper()
	for _, collection := range openCollections(t, p) {
		names = append(names, collection.Name)
	}
	return names
}

func openCollections(t *testing.T, p apptest.Person) []*core.Collection {
	t.Helper()
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	all, err := db.App.FindAllCollections()
	require.NoError(t, err)
	return all
}

// With ?expand, a request reads records of other collections, which the list of routes doesn't see.
func TestNoRelationLeadsFromReadableCollectionsToOthers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	all := openCollections(t, s.SignUp("ada@example.com"))
	byID := map[string]string{}
	for _, collection := range all {
		byID[collection.Id] = collection.Name
	}
	relations := 0
	for _, collection := range all {
		for _, field := range collection.Fields {
			if relation, ok := field.(*core.RelationField); ok {
				relations++
				assert.Equal(t, slices.Contains(readable, collection.Name), slices.Contains(readable, byID[relation.CollectionId]), "%s.%s", collection.Name, relation.Name)
			}
		}
	}
	assert.Positive(t, relations)
}

func TestTokenReadsRecordsFilesAndChanges(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	id, token := p.CreateToken("read")
	recording := p.Own("GET", "/api/collections/recordings/records/"+samples.Recording, nil)
	for _, authorization := range []string{token, "Bearer " + token, "bearer " + token, "BEARER " + token} {
		list := s.Call("GET", p.DatabaseURL+"/api/collections/recordings/records?expand=meeting", authorization, nil)
		require.Equal(t, 200, list.Status, list.Raw)
		assert.Contains(t, list.Raw, p.Marker())
		for _, collection := range []string{"recordings", recording.Text("collectionId")} {
			request, err := http.NewRequest("GET", p.DatabaseURL+"/api/files/"+collection+"/"+samples.Recording+"/"+samples.File, nil)
			require.NoError(t, err)
			request.Header.Set("Authorization", authorization)
			request.Header.Set("Range", "bytes=7-")
			part := s.Do(request)
			assert.Equal(t, 206, part.Status, part.Raw)
			assert.Equal(t, p.Marker()[7:], part.Raw)
		}
	}
	stream := apptest.OpenStream(t, p.DatabaseURL)
	for _, topic := range []string{"connections/*", "users/*", "@oauth2", "_superusers/*", "nothing/*", "Connections/x?options={}"} {
		requireRefusal(t, "", s.Call("POST", p.DatabaseURL+"/api/realtime", token, stream.Subscription("meetings/*", topic)), topic)
	}
	require.Equal(t, 204, s.Call("POST", p.DatabaseURL+"/api/realtime", token, stream.Subscription("preferences/*")).Status)
	savePreference(p, "followed")
	assert.Equal(t, "followed", nextKey(stream))

	p.RevokeToken(id)
	assert.True(t, stream.Ended(), "the stream ends with its token")
	assert.Equal(t, 401, s.Call("GET", p.DatabaseURL+"/api/collections/meetings/records", token, nil).Status)
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status, "the session of the owner continues")
}

func TestDownloadEndsWhenItsTokenIsRevoked(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := p.CreateLargeRecording()
	id, token := p.CreateToken("read")
	_, other := p.CreateToken("read")
	download := func(token string) io.ReadCloser {
		request, err := http.NewRequest("GET", p.DatabaseURL+"/api/files/recordings/"+samples.Recording+"/"+samples.File, nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", token)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.Equal(t, 200, response.StatusCode)
		_, err = io.ReadFull(response.Body, make([]byte, 1<<20))
		require.NoError(t, err)
		return response.Body
	}
	revoked, continued := download(token), download(other)
	p.RevokeToken(id)
	_, err := io.Copy(io.Discard, revoked)
	require.Error(t, err)
	require.NoError(t, revoked.Close())
	rest, err := io.Copy(io.Discard, continued)
	require.NoError(t, err, "another token is still valid")
	assert.EqualValues(t, 255<<20, rest)
	require.NoError(t, continued.Close())
}

// TestAttacksWithTokens tries to get more from tokens than they allow. What is not covered here is in
// TestForeignTokensReachNothing and TestRouteAccessByTokenScope.
func TestAttacksWithTokens(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	samples := p.CreateSamples()
	other.CreateSamples()
	_, read := p.CreateToken("read")
	_, all := p.CreateToken(allScopes...)
	before, othersBefore := p.Fingerprint(), other.Fingerprint()
	records, file := "/api/collections/meetings/records", "/api/files/recordings/"+samples.Recording+"/"+samples.File
	batch := `{"requests":[{"method":"GET","url":"` + records + `"},{"method":"POST","url":"/api/collections/preferences/records","body":{"key":"x","value":1}}]}`
	for name, attack := range map[string]struct {
		method, path, authorization string
		header                      map[string]string
		body                        string
		want                        []int
	}{
		"no scheme separator":        {"GET", records, "Bearer" + all, nil, "", []int{401}},
		"two schemes":                {"GET", records, "Bearer Bearer " + all, nil, "", []int{401}},
		"two spaces":                 {"GET", records, "Bearer  " + all, nil, "", []int{401}},
		"another scheme":             {"GET", records, "Basic " + all, nil, "", []int{401}},
		"trailing text":              {"GET", records, all + " x", nil, "", []int{401}},
		"two tokens":                 {"GET", records, all + "," + all, nil, "", []int{401}},
		"upper case":                 {"GET", records, strings.ToUpper(all), nil, "", []int{401}},
		"only the prefix":            {"GET", records, "f2l_pat_", nil, "", []int{401}},
		"forged checksum":            {"GET", records, all[:len(all)-1] + "!", nil, "", []int{401}},
		"truncated":                  {"GET", records, all[:20], nil, "", []int{401}},
		"in the query of a list":     {"GET", records + "?token=" + all, "", nil, "", []int{401}},
		"as a file token":            {"GET", file + "?token=" + all, "", nil, "", []int{401}},
		"as an export token":         {"GET", "/api/export?token=" + all, "", nil, "", []int{401}},
		"as a bundle token":          {"GET", "/api/bundles?token=" + all, "", nil, "", []int{401}},
		"export":                     {"GET", "/api/export", all, nil, "", []int{403}},
		"file token":                 {"POST", "/api/files/token", all, nil, "", []int{403}},
		"batch":                      {"POST", "/api/batch", all, nil, batch, []int{403}},
		"method override by header":  {"GET", records + "/" + samples.Meeting, all, map[string]string{"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE", "X-HTTP-Method": "DELETE"}, "", []int{200}},
		"method override by query":   {"GET", records + "/" + samples.Meeting + "?_method=DELETE", all, nil, "", []int{200}},
		"POST with a GET override":   {"POST", "/api/collections/preferences/records", all, map[string]string{"X-HTTP-Method-Override": "GET"}, `{"key":"x"}`, []int{403}},
		"path override":              {"GET", records, all, map[string]string{"X-Original-URL": "/api/collections/connections/records", "X-Rewrite-URL": "/api/collections/connections/records"}, "", []int{200}},
		"dots":                       {"GET", "/api/collections/meetings/../connections/records", all, nil, "", []int{301, 307, 403, 404}},
		"encoded dots":               {"GET", "/api/collections/meetings/%2e%2e/connections/records", all, nil, "", []int{301, 307, 403, 404}},
		"dots to another database":   {"GET", "/../" + other.Name + records, all, nil, "", []int{301, 307, 403, 404}},
		"encoded slash":              {"GET", "/api/collections/connections%2frecords", all, nil, "", []int{403}},
		"encoded slash to a file":    {"GET", "/api/files/recordings/" + samples.Recording + "%2f..%2f..%2fdata.db", all, nil, "", []int{301, 307, 403, 404}},
		"double slash":               {"GET", "/api//collections/connections/records", all, nil, "", []int{301, 307, 403, 404}},
		"collection in another case": {"GET", "/api/collections/Connections/records", all, nil, "", []int{403}},
		"collection with a space":    {"GET", "/api/collections/connections%20/records", all, nil, "", []int{403}},
		"zero byte":                  {"GET", "/api/collections/connections%00/records", all, nil, "", []int{400, 403}},
		"HEAD of connections":        {"HEAD", "/api/collections/connections/records", all, nil, "", []int{403}},
		"OPTIONS":                    {"OPTIONS", records, all, nil, "", []int{204, 403}},
		"TRACE":                      {"TRACE", records, all, nil, "", []int{403, 405}},
		"delete a meeting":           {"DELETE", records + "/" + samples.Meeting, all, nil, "", []int{403}},
		"save a preference":          {"POST", "/api/collections/preferences/records", all, nil, `{"key":"x"}`, []int{403}},
		"superuser sign-in":          {"POST", "/api/collections/_superusers/auth-with-password", all, nil, `{}`, []int{403}},
		"superuser refresh":          {"POST", "/api/collections/_superusers/auth-refresh", all, nil, `{}`, []int{403}},
		"refresh":                    {"POST", "/api/collections/users/auth-refresh", all, nil, `{}`, []int{403}},
		"owner's record":             {"GET", "/api/collections/users/records/" + p.ID, all, nil, "", []int{403}},
		"secrets by filter":          {"GET", "/api/collections/meetings/records?filter=" + url.QueryEscape(`@collection.connections.secret != ""`), read, nil, "", []int{400, 403}},
		"owner's record by expand":   {"GET", "/api/collections/meetings/records?expand=users,connections_via_meeting,owner", read, nil, "", []int{200, 400}},
		"transfer with read":         {"POST", "/api/transfers", read, nil, `{"recording_ids":[1]}`, []int{403}},
		"another database":           {"GET", "", all, nil, "", nil},
	} {
		link := p.DatabaseURL + attack.path
		if attack.want == nil {
			link, attack.want = other.DatabaseURL+records, []int{403}
		}
		request, err := http.NewRequest(attack.method, link, strings.NewReader(attack.body))
		require.NoError(t, err, name)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", attack.authorization)
		for key, value := range attack.header {
			request.Header.Set(key, value)
		}
		got := s.Do(request)
		assert.Contains(t, attack.want, got.Status, "%s: %s", name, got.Raw)
		assert.NotContains(t, got.Raw, other.Marker(), name)
		assert.NotContains(t, got.Raw, "ada@example.com", name)
		assert.NotContains(t, got.Raw, all[12:], name)
		if location := got.Header.Get("Location"); location != "" {
			assert.True(t, strings.HasPrefix(location, "/db/"+p.Name+"/") || strings.HasPrefix(location, "/db/"+other.Name+"/"), "%s redirects to %s", name, location)
		}
	}
	assert.Equal(t, before, p.Fingerprint())
	assert.Equal(t, othersBefore, other.Fingerprint())
	assert.NotContains(t, s.Log.String(), all[12:20], "a token in the log")
	assert.NotContains(t, s.Log.String(), read[12:20], "a token in the log")
}

// An archived database opens at the next sign-in only, as with sessions.
func TestTokenDoesNotWakeAnArchivedDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	_, token := p.CreateToken("read")
	require.NoError(t, s.App.Databases.Archive(t.Context(), []string{p.Name}, func(userdb.Outcome) {}))
	refused := s.Call("GET", p.DatabaseURL+"/api/collections/meetings/records", token, nil)
	assert.Equal(t, 403, refused.Status)
	assert.Contains(t, refused.Raw, "archived until you sign in")
	assert.Equal(t, "archived", s.RegistryRow(p.Name)["status"])
	p = s.SignInAgain(p, apptest.Password)
	assert.Equal(t, 200, s.Call("GET", p.DatabaseURL+"/api/collections/meetings/records", token, nil).Status)
}
