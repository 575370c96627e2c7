package hooks_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// access is what a user or superuser can do as long as their tokens are valid.
type access struct {
	*apptest.Server
	token, session            string // for the global database and for a user database
	globalMethod, globalPath  string // of a request that requires the token
	databaseURL               string
	globalStream, ownedStream *apptest.Stream
}

func openAccess(t *testing.T, p apptest.Person, token, session, method, path string) access {
	t.Helper()
	a := access{Server: p.Server, token: token, session: session, globalMethod: method, globalPath: path, databaseURL: p.DatabaseURL}
	a.globalStream, a.ownedStream = apptest.OpenStream(t, p.URL), apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Call("POST", p.URL+"/api/realtime", token, a.globalStream.Subscription("global_queue/*")).Status)
	require.Equal(t, 204, p.Call("POST", p.DatabaseURL+"/api/realtime", session, a.ownedStream.Subscription("preferences/*")).Status)
	require.Equal(t, [2]int{200, 200}, a.statuses())
	return a
}

// statuses returns the responses of the global database and of the user database.
func (a access) statuses() [2]int {
	return [2]int{
		a.Call(a.globalMethod, a.URL+a.globalPath, a.token, nil).Status,
		a.Call("GET", a.databaseURL+"/api/collections/preferences/records", a.session, nil).Status,
	}
}

func (a access) requireEnded(t *testing.T) {
	t.Helper()
	assert.Equal(t, [2]int{401, 401}, a.statuses())
	assert.True(t, a.globalStream.Ended(), "stream to the global database")
	assert.True(t, a.ownedStream.Ended(), "stream to the user database")
}

// revocations end the access of a user or of superusers.
var revocations = map[string]struct {
	user, superuser bool
	wait            bool // the change is not noticed at once
	revoke          func(t *testing.T, s *apptest.Server, userID string)
}{
	"token key in the SQL console": {user: true, revoke: func(t *testing.T, s *apptest.Server, id string) {
		runSQL(t, s, "UPDATE users SET tokenKey = '"+strings.Repeat("n", 50)+"' WHERE id = '"+id+"'")
	}},
	"all users in the SQL console": {user: true, revoke: func(t *testing.T, s *apptest.Server, _ string) {
		runSQL(t, s, "UPDATE users SET tokenKey = tokenKey || 'x'")
	}},
	"superusers in the SQL console": {superuser: true, revoke: func(t *testing.T, s *apptest.Server, _ string) {
		runSQL(t, s, "UPDATE _superusers SET tokenKey = tokenKey || 'x'")
	}},
	"account deleted in the SQL console": {user: true, revoke: func(t *testing.T, s *apptest.Server, id string) {
		runSQL(t, s, "DELETE FROM users WHERE id = '"+id+"'")
	}},
	"record": {user: true, revoke: func(t *testing.T, s *apptest.Server, id string) {
		user := s.User(id)
		user.RefreshTokenKey()
		require.NoError(t, s.App.Save(user))
	}},
	"all tokens of users": {user: true, revoke: func(t *testing.T, s *apptest.Server, _ string) {
		invalidateTokens(t, s, "users")
	}},
	"all tokens of superusers": {superuser: true, revoke: func(t *testing.T, s *apptest.Server, _ string) {
		invalidateTokens(t, s, "_superusers")
	}},
	"token key by another process": {user: true, wait: true, revoke: func(t *testing.T, s *apptest.Server, id string) {
		apptest.Execute(t, s.GlobalFile(), "UPDATE users SET tokenKey = '"+strings.Repeat("o", 50)+"' WHERE id = '"+id+"'")
	}},
	"superuser deleted by another process": {superuser: true, wait: true, revoke: func(t *testing.T, s *apptest.Server, _ string) {
		apptest.Execute(t, s.GlobalFile(), "DELETE FROM _superusers")
	}},
	"all tokens of users by another process": {user: true, wait: true, revoke: func(t *testing.T, s *apptest.Server, _ string) {
		apptest.Execute(t, s.GlobalFile(), "UPDATE _collections SET options = json_set(options, '$.authToken.secret', '"+
			strings.Repeat("p", 50)+"') WHERE name = 'users'")
	}},
}

func runSQL(t *testing.T, s *apptest.Server, query string) {
	t.Helper()
	answer := s.Call("POST", s.URL+"/api/sql", s.SuperuserToken(), map[string]any{"query": query})
	require.Equal(t, 200, answer.Status, answer.Raw)
	require.NotZero(t, answer.Get("affectedRows"))
}

func invalidateTokens(t *testing.T, s *apptest.Server, collection string) {
	t.Helper()
	answer := s.Call(http.MethodPatch, s.URL+"/api/collections/"+collection, s.SuperuserToken(), map[string]any{
		"authToken": map[string]any{"secret": strings.Repeat("q", 50)},
	})
	require.Equal(t, 200, answer.Status, answer.Raw)
}

func TestRevocationEndsSessionsAndStreams(t *testing.T) {
	t.Parallel()
	for name, c := range revocations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{})
			p := s.SignUp("ada@example.com")
			superuserToken := s.SuperuserToken()
			user := openAccess(t, p, p.Token, p.Session, "POST", "/api/session")
			_, apiToken := p.CreateToken("read")
			ofToken := func() [2]int {
				return [2]int{s.Call("GET", s.URL+"/api/queue", apiToken, nil).Status, s.Call("GET", p.DatabaseURL+"/api/health", apiToken, nil).Status}
			}
			require.Equal(t, [2]int{200, 200}, ofToken())
			superuser := openAccess(t, p, superuserToken, superuserToken, "GET", "/api/settings")

			c.revoke(t, s, p.ID)
			started := time.Now()
			for _, holder := range []struct {
				access
				revoked bool
			}{{user, c.user}, {superuser, c.superuser}} {
				if !holder.revoked {
					assert.Equal(t, [2]int{200, 200}, holder.statuses(), "the tokens are not concerned")
					continue
				}
				if c.wait {
					s.Eventually(func() bool { return holder.statuses() == [2]int{401, 401} })
					assert.Less(t, time.Since(started), 5*time.Second)
				}
				holder.requireEnded(t)
			}
			if c.user {
				assert.Equal(t, [2]int{401, 401}, ofToken(), "API token")
			} else {
				assert.Equal(t, [2]int{200, 200}, ofToken(), "API token")
			}
		})
	}
}

func TestSessionsAreRenewedAfterARevocation(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	invalidateTokens(t, s, "users")
	require.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	auth := s.SignIn(p.Email)
	require.Equal(t, 200, auth.Status, auth.Raw)
	p.Session = auth.Text("meta.database.token")
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	renewed := s.Call("POST", s.URL+"/api/session", auth.Text("token"), nil)
	require.Equal(t, 200, renewed.Status, renewed.Raw)
}

func TestReportedRevocationsAreNotKept(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for range 3 {
		user := s.User(p.ID)
		user.RefreshTokenKey()
		require.NoError(t, s.App.Save(user))
	}
	runSQL(t, s, "UPDATE users SET tokenKey = tokenKey || 'x'")
	var kept int
	apptest.QueryRow(t, s.GlobalFile(), "SELECT COUNT(*) FROM credential_changes", &kept)
	assert.Zero(t, kept)
}
