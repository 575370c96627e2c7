package gateway_test

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
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
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// intruders are the credentials somebody who is not the owner might come with.
func intruders(t *testing.T, owner, other apptest.Person) map[string]string {
	revoked := owner.Session // of the owner, before they changed their password
	changed := owner.Call("PATCH", owner.URL+"/api/collections/users/records/"+owner.ID, owner.Token, map[string]any{
		"oldPassword": apptest.Password, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	claims := claimsOf(t, owner)
	return map[string]string{
		"no token":                          "",
		"garbage":                           "garbage",
		"another user's":                    other.Session,
		"another user's file token":         other.Own("POST", "/api/files/token", nil).Text("token"),
		"another user's export token":       other.ExportToken(),
		"another user's global token":       other.Token,
		"another user's global file token":  other.Call("POST", other.URL+"/api/files/token", other.Token, nil).Text("token"),
		"the owner's, before the password":  revoked,
		"the owner's global, before it":     owner.Token,
		"the owner's, expired":              issued(t, owner, time.Now().Add(-2*time.Hour)),
		"alg none":                          unsigned(t, owner),
		"wrong key":                         forged(t, owner),
		"wrong audience":                    signed(t, owner.ID, other.Name, tokenKey(owner)),
		"wrong name":                        signed(t, owner.ID, "2020-01-01-001-nobody", tokenKey(owner)),
		"wrong user":                        signed(t, other.ID, owner.Name, tokenKey(other)),
		"wrong user, right fingerprint":     signed(t, other.ID, owner.Name, tokenKey(owner)),
		"PocketBase's own, of the database": insideToken(t, owner, "users"),
		"the same, of a superuser":          insideToken(t, owner, core.CollectionNameSuperusers),
		"without our type":                  untyped(t, claims),
	}
}

func tokenKey(p apptest.Person) string {
	p.T.Helper()
	user, err := p.App.FindRecordById("users", p.ID)
	require.NoError(p.T, err)
	return user.TokenKey()
}

// signed is a session made with the server's own secret.
func signed(t *testing.T, userID, database, tokenKey string) string {
	t.Helper()
	secret, err := apptest.Secrets().JWTSecret.Bytes()
	require.NoError(t, err)
	issuer, err := session.NewIssuer(secret, time.Hour, nil)
	require.NoError(t, err)
	token, _, err := issuer.Issue(userID, database, tokenKey)
	require.NoError(t, err)
	return token
}

// insideToken is what the PocketBase of a user database would itself issue.
func insideToken(t *testing.T, p apptest.Person, collection string) string {
	t.Helper()
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	c, err := db.App.FindCollectionByNameOrId(collection)
	require.NoError(t, err)
	record := core.NewRecord(c)
	record.Id = p.ID
	record.SetEmail(p.Email)
	record.RefreshTokenKey()
	token, err := record.NewAuthToken()
	require.NoError(t, err)
	return token
}

// untyped is a session's payload signed as an ordinary JWT.
func untyped(t *testing.T, claims jwt.MapClaims) string {
	t.Helper()
	secret, err := apptest.Secrets().JWTSecret.Bytes()
	require.NoError(t, err)
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(secret)
	require.NoError(t, err)
	return token
}

// attempt is one request an intruder makes: in the header, or in the address.
func attempt(t *testing.T, s *apptest.Server, r route, link, token string, inQuery bool) apptest.Answer {
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
	return s.Do(request)
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
			s := apptest.Start(t, apptest.Options{Settings: mode.settings})
			owner, other := s.SignUp("owner@example.com"), s.SignUp("other@example.com")
			mine := owner.CreateSamples()
			other.CreateSamples()
			tokens := intruders(t, owner, other)
			owner = s.SignInAgain(owner, "another-password")
			before := owner.Fingerprint()
			require.Contains(t, owner.Own("GET", "/api/collections/meetings/records", nil).Raw, owner.Marker(), "the owner does see it")

			values := map[string]string{"id": mine.Meeting, "recordId": mine.Recording, "filename": mine.File, "key": "backup.zip"}
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
							there := attempt(t, s, r, owner.DatabaseURL+path, token, inQuery)
							what := fmt.Sprintf("%s %s with %s (in the address: %t): %d %s", r.method, path, who, inQuery, there.Status, there.Raw)
							require.Contains(t, []int{401, 403, 404}, there.Status, what)
							require.NotContains(t, there.Raw, owner.Marker(), what)
							if mode.name == "ports" || namesDatabase(token, owner.Name) { // whoever has it knows the name
								continue
							}
							nowhere := attempt(t, s, r, s.URL+"/db/2020-01-01-002-owner"+path, token, inQuery)
							require.Equal(t, nowhere.Status, there.Status, what)
							require.Equal(t, nowhere.Raw, there.Raw, what)
							there.Header.Del("Date")
							nowhere.Header.Del("Date")
							require.Equal(t, nowhere.Header, there.Header, what)
						}
					}
				}
			}
			assert.Equal(t, before, owner.Fingerprint(), "something was changed")
		})
	}
}

// namesDatabase reports whether a token says that it is for the database.
func namesDatabase(token, database string) bool {
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(token, claims)
	return err == nil && strings.HasSuffix(fmt.Sprint(claims["aud"]), database)
}

// What is open to whom is written down route by route, so that one that a later
// PocketBase adds has to be thought of.
func TestRoutesByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("owner@example.com")
	mine := p.CreateSamples()
	superuser := s.SuperuserToken()
	unseen := maps.Clone(openRoutes)
	routes := allRoutes(t, s)
	slices.SortStableFunc(routes, func(a, b route) int { // what deletes comes last
		return strings.Count(a.method, "DELETE") - strings.Count(b.method, "DELETE")
	})
	for _, r := range routes {
		if r.pattern == "/api/realtime" && r.method == "GET" {
			continue // never ends: TestRealtimeThroughTheGateway
		}
		path := p.DatabaseURL + r.fill(t, map[string]string{
			"collection": "meetings", "id": mine.Meeting, "recordId": mine.Recording, "filename": mine.File, "key": "backup.zip"})
		want := openRoutes[r.String()]
		delete(unseen, r.String())
		for _, as := range []struct {
			who, token     string
			want, isClosed int
		}{{"owner", p.Session, want.owner, 404}, {"superuser", superuser, want.superuser, 403}} {
			got := s.Call(r.method, path, as.token, map[string]any{})
			closed := strings.Contains(got.Raw, "not available in a user database")
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
