package hooks_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/session"
)

// secretOf marks everything of a person that nobody else may see.
func secretOf(p person) string { return "secret-of-" + p.id }

// belongings are records of a person, one for every kind of route to point at.
type belongings struct {
	meeting, recording, preference, file string
}

// furnish puts a meeting, a recording with its file and a preference into a
// person's database.
func (p person) furnish() belongings {
	p.t.Helper()
	db, err := p.app.Databases.Acquire(context.Background(), p.name)
	require.NoError(p.t, err)
	defer db.Release()
	save := func(collection string, fields map[string]any) *core.Record {
		c, err := db.App.FindCollectionByNameOrId(collection)
		require.NoError(p.t, err)
		record := core.NewRecord(c)
		for name, value := range fields {
			record.Set(name, value)
		}
		require.NoError(p.t, db.App.Save(record))
		return record
	}
	meeting := save("meetings", map[string]any{"recording_id": 1, "title": secretOf(p)})
	recording := save("recordings", map[string]any{"meeting": meeting.Id, "recording_id": 1, "size": len(secretOf(p)), "file_name": "a.mp4", "content_type": "video/mp4"})
	recording.SetRaw("file", "recording.mp4")
	require.NoError(p.t, db.App.UnsafeWithoutHooks().SaveNoValidate(recording))
	folder := filepath.Join(p.dir, "user_dbs", p.name, "storage", recording.BaseFilesPath())
	require.NoError(p.t, os.MkdirAll(folder, 0o700))
	require.NoError(p.t, os.WriteFile(filepath.Join(folder, "recording.mp4"), []byte(secretOf(p)), 0o600))
	preference := save("preferences", map[string]any{"key": "mine", "value": secretOf(p)})
	return belongings{meeting: meeting.Id, recording: recording.Id, preference: preference.Id, file: "recording.mp4"}
}

// fingerprint sums up everything in a person's database.
func (p person) fingerprint() string {
	p.t.Helper()
	sum := sha256.New()
	for _, collection := range []string{"meetings", "recordings", "preferences", "connections", "transfers", "users"} {
		fmt.Fprintln(sum, p.own("GET", "/api/collections/"+collection+"/records?perPage=200", nil).Raw)
	}
	token := p.own("POST", "/api/files/token", nil).text("token")
	recording := p.listOwn("recordings", "")[0]["id"].(string)
	fmt.Fprintln(sum, p.call("GET", p.db+"/api/files/recordings/"+recording+"/recording.mp4?token="+token, "", nil).Raw)
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// intruders are the credentials somebody who is not the owner might come with.
func intruders(t *testing.T, owner, other person) map[string]string {
	revoked := owner.session // of the owner, before they changed their password
	changed := owner.call("PATCH", owner.url+"/api/collections/users/records/"+owner.id, owner.token, map[string]any{
		"oldPassword": userPassword, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	claims := claimsOf(t, owner)
	return map[string]string{
		"no token":                          "",
		"garbage":                           "garbage",
		"another user's":                    other.session,
		"another user's file token":         other.own("POST", "/api/files/token", nil).text("token"),
		"another user's export token":       exportToken(other),
		"another user's global token":       other.token,
		"another user's global file token":  other.call("POST", other.url+"/api/files/token", other.token, nil).text("token"),
		"the owner's, before the password":  revoked,
		"the owner's global, before it":     owner.token,
		"the owner's, expired":              issued(t, owner, time.Now().Add(-2*time.Hour)),
		"alg none":                          unsigned(t, owner),
		"wrong key":                         forged(t, owner),
		"wrong audience":                    signed(t, owner.id, other.name, owner.tokenKey()),
		"wrong name":                        signed(t, owner.id, "2020-01-01-001-nobody", owner.tokenKey()),
		"wrong user":                        signed(t, other.id, owner.name, other.tokenKey()),
		"wrong user, right fingerprint":     signed(t, other.id, owner.name, owner.tokenKey()),
		"PocketBase's own, of the database": insideToken(t, owner, "users"),
		"the same, of a superuser":          insideToken(t, owner, core.CollectionNameSuperusers),
		"without our type":                  untyped(t, claims),
	}
}

func exportToken(p person) string {
	path := p.own("POST", "/api/export", nil).text("path")
	parsed, err := url.Parse(path)
	require.NoError(p.t, err)
	require.NotEmpty(p.t, parsed.Query().Get("token"), path)
	return parsed.Query().Get("token")
}

func (p person) tokenKey() string {
	p.t.Helper()
	user, err := p.app.FindRecordById("users", p.id)
	require.NoError(p.t, err)
	return user.TokenKey()
}

// signed is a session made with the server's own secret.
func signed(t *testing.T, userID, database, tokenKey string) string {
	t.Helper()
	secret, err := secrets().JWTSecret.Bytes()
	require.NoError(t, err)
	issuer, err := session.NewIssuer(secret, time.Hour, nil)
	require.NoError(t, err)
	token, _, err := issuer.Issue(userID, database, tokenKey)
	require.NoError(t, err)
	return token
}

// insideToken is what the PocketBase of a user database would itself issue.
func insideToken(t *testing.T, p person, collection string) string {
	t.Helper()
	db, err := p.app.Databases.Acquire(t.Context(), p.name)
	require.NoError(t, err)
	defer db.Release()
	c, err := db.App.FindCollectionByNameOrId(collection)
	require.NoError(t, err)
	record := core.NewRecord(c)
	record.Id = p.id
	record.SetEmail(p.email)
	record.RefreshTokenKey()
	token, err := record.NewAuthToken()
	require.NoError(t, err)
	return token
}

// untyped is a session's payload signed as an ordinary JWT.
func untyped(t *testing.T, claims jwt.MapClaims) string {
	t.Helper()
	secret, err := secrets().JWTSecret.Bytes()
	require.NoError(t, err)
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(secret)
	require.NoError(t, err)
	return token
}

// attempt is one request an intruder makes: in the header, or in the address.
func attempt(t *testing.T, s *server, r route, link, token string, inQuery bool) answer {
	t.Helper()
	if inQuery {
		link += "?token=" + url.QueryEscape(token)
	}
	request, err := http.NewRequest(r.method, link, strings.NewReader(`{"key":"intruder","value":1}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	if !inQuery && token != "" {
		request.Header.Set("Authorization", token)
	}
	return s.do(request)
}

// Every route PocketBase has, with every credential that is not the owner's: none
// shows or changes anything, or tells whether there is such a database.
func TestNobodyReachesAnothersDatabase(t *testing.T) {
	t.Parallel()
	for _, mode := range []struct {
		name     string
		settings []string
	}{{"path", nil}, {"ports", []string{"USER_DB_PORTS=" + freePorts(t, 8)}}} {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, options{settings: mode.settings})
			owner, other := s.signUp("owner@example.com"), s.signUp("other@example.com")
			mine := owner.furnish()
			other.furnish()
			tokens := intruders(t, owner, other)
			owner = s.signInAgain(owner, "another-password")
			before := owner.fingerprint()
			require.Contains(t, owner.own("GET", "/api/collections/meetings/records", nil).Raw, secretOf(owner), "the owner does see it")

			values := map[string]string{"id": mine.meeting, "recordId": mine.recording, "filename": mine.file, "key": "backup.zip"}
			for _, r := range allRoutes(t, s) {
				if r.method == "GET" && r.pattern == "/api/realtime" {
					continue // never ends: TestStreamsOfMissingDatabasesLookTheSame
				}
				for _, collection := range []string{"meetings", "recordings", "preferences", "users"} {
					values["collection"] = collection
					if collection != "meetings" && !strings.Contains(r.pattern, "{collection}") {
						continue
					}
					path := r.fill(t, values)
					for who, token := range tokens {
						for _, inQuery := range []bool{false, true} {
							there := attempt(t, s, r, owner.db+path, token, inQuery)
							what := fmt.Sprintf("%s %s with %s (in the address: %t): %d %s", r.method, path, who, inQuery, there.Status, there.Raw)
							require.Contains(t, []int{401, 403, 404}, there.Status, what)
							require.NotContains(t, there.Raw, secretOf(owner), what)
							if mode.name == "ports" || namesDatabase(token, owner.name) { // whoever has it knows the name
								continue
							}
							nowhere := attempt(t, s, r, s.url+"/db/2020-01-01-002-owner"+path, token, inQuery)
							require.Equal(t, nowhere.Status, there.Status, what)
							require.Equal(t, nowhere.Raw, there.Raw, what)
							there.Header.Del("Date")
							nowhere.Header.Del("Date")
							require.Equal(t, nowhere.Header, there.Header, what)
						}
					}
				}
			}
			assert.Equal(t, before, owner.fingerprint(), "something was changed")
		})
	}
}

// namesDatabase reports whether a token says that it is for the database.
func namesDatabase(token, database string) bool {
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(token, claims)
	return err == nil && strings.HasSuffix(fmt.Sprint(claims["aud"]), database)
}

// signInAgain is the same person with fresh tokens.
func (s *server) signInAgain(p person, password string) person {
	s.t.Helper()
	auth := s.call("POST", s.url+"/api/collections/users/auth-with-password", "", map[string]any{"identity": p.email, "password": password})
	require.Equal(s.t, 200, auth.Status, auth.Raw)
	p.server, p.token, p.db, p.session = s, auth.text("token"), auth.text("meta.database.url"), auth.text("meta.database.token")
	return p
}

// What is open to whom is written down route by route, so that one that a later
// PocketBase adds has to be thought of.
func TestRoutesByRole(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("owner@example.com")
	mine := p.furnish()
	superuser := s.superuser()
	unseen := maps.Clone(openRoutes)
	routes := allRoutes(t, s)
	slices.SortStableFunc(routes, func(a, b route) int { // what deletes comes last
		return strings.Count(a.method, "DELETE") - strings.Count(b.method, "DELETE")
	})
	for _, r := range routes {
		if r.pattern == "/api/realtime" && r.method == "GET" {
			continue // never ends: TestRealtimeThroughTheGateway
		}
		path := p.db + r.fill(t, map[string]string{
			"collection": "meetings", "id": mine.meeting, "recordId": mine.recording, "filename": mine.file, "key": "backup.zip"})
		want := openRoutes[r.String()]
		delete(unseen, r.String())
		for _, as := range []struct {
			who, token     string
			want, isClosed int
		}{{"owner", p.session, want.owner, 404}, {"superuser", superuser, want.superuser, 403}} {
			got := s.call(r.method, path, as.token, map[string]any{})
			closed := strings.Contains(got.Raw, "closed in a user database")
			if as.want == 0 {
				assert.Equal(t, as.isClosed, got.Status, "%s by the %s: %s", r, as.who, got.Raw)
				assert.Equal(t, as.who == "superuser", closed, "%s by the %s: %s", r, as.who, got.Raw)
				continue
			}
			assert.Equal(t, as.want, got.Status, "%s by the %s: %.200s", r, as.who, got.Raw)
			assert.False(t, closed, "%s by the %s", r, as.who)
		}
	}
	assert.Empty(t, unseen, "PocketBase has no such routes any more")
}

var nextPorts atomic.Int32

// freePorts is a range of n ports that nothing listens on at this moment.
func freePorts(t *testing.T, n int) string {
	t.Helper()
	for range 100 {
		first := 21000 + os.Getpid()%90*100 + int(nextPorts.Add(int32(n))) - n // below what outgoing connections get
		if portsAreFree(first, n) {
			return fmt.Sprintf("%d-%d", first, first+n-1)
		}
	}
	t.Fatal("no ports are free")
	return ""
}

func portsAreFree(first, n int) bool {
	for port := first; port < first+n; port++ {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return false
		}
		_ = listener.Close()
	}
	return true
}
