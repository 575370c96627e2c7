package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const preferencesPath = "/api/collections/preferences/records"

// soak runs users and operations against one server. Its methods run in goroutines, so they report
// failures with assert and never end the test.
type soak struct {
	*apptest.Server
	superuser string
	tenants   []*tenant
	running   context.Context // ends with the soak

	newUsers                                          atomic.Int64
	archived, migrated, deleted, provisioned, streams atomic.Int32
}

// tenant is a user who remembers which writes the server confirmed.
type tenant struct {
	*soak
	user   *core.Record
	random *rand.Rand

	session   gateway.DatabaseSession
	created   int
	confirmed map[string]bool // keys of the preferences that must exist
}

// TestSoak evicts, archives, deletes, migrates and maintains databases while their users work and open
// streams. No user may be refused, and no confirmed write may be lost.
func TestSoak(t *testing.T) {
	s := &soak{Server: apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=3", "USER_DB_IDLE_TIMEOUT=150ms"}})}
	s.superuser = s.SuperuserToken()
	seeds := testseed.New(t)
	newRandom := func() *rand.Rand { return rand.New(rand.NewPCG(seeds.Uint64(), seeds.Uint64())) }
	for _, user := range s.CreateUsers(8) {
		s.tenants = append(s.tenants, &tenant{soak: s, user: user, random: newRandom(), confirmed: map[string]bool{}})
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	running, stop := context.WithCancel(t.Context())
	defer stop()
	s.running = running
	for _, n := range s.tenants {
		wg.Go(func() {
			for running.Err() == nil && n.writeAndRead() {
			}
		})
	}
	for _, step := range []func(*rand.Rand){s.archiveOne, s.upgradeAll, s.addAndDeleteUser, s.openStream, s.openStream} {
		random := newRandom()
		wg.Go(func() {
			for running.Err() == nil {
				step(random)
			}
		})
	}
	<-time.After(testsize.Of(3*time.Second, 2*time.Minute)) // two minutes are thousands of evictions
	counts := map[string]*atomic.Int32{
		"archived": &s.archived, "migrated": &s.migrated, "deleted": &s.deleted, "provisioned": &s.provisioned, "streams": &s.streams,
	}
	s.Eventually(func() bool { // a slow machine may need longer
		for _, count := range counts {
			if count.Load() == 0 {
				return false
			}
		}
		return true
	})
	stop()
	wg.Wait()

	for _, n := range s.tenants {
		listed, ok := n.list()
		require.True(t, ok)
		existing := map[string]bool{}
		for _, item := range listed {
			existing[item["key"].(string)] = true
		}
		for key := range n.confirmed {
			assert.True(t, existing[key], "%s of %s was confirmed but is lost", key, n.session.Name)
		}
	}
	stats, err := s.App.Databases.Stats(t.Context())
	require.NoError(t, err)
	assert.Zero(t, stats.Pool.Busy)
	assert.Zero(t, stats.Broken)
	var problems []string
	require.NoError(t, s.App.Databases.Verify(t.Context(), nil, 2, func(v userdb.Verification) { problems = append(problems, v.Problems...) }))
	assert.Empty(t, problems)
	assert.Empty(t, s.Leftovers())
	for name, count := range counts {
		assert.Positive(t, count.Load(), name)
		t.Log(name, count.Load())
	}
	t.Log("opened", stats.Pool.Opened, "evicted", stats.Pool.Evicted)
	http.DefaultClient.CloseIdleConnections()
}

// openSession does what a sign-in does, except for hashing a password.
func (s *soak) openSession(user *core.Record) (gateway.DatabaseSession, error) {
	entry, err := s.App.Databases.Provision(context.Background(), user)
	if err != nil {
		return gateway.DatabaseSession{}, err
	}
	return s.App.Gateway.OpenSession(context.Background(), user, entry)
}

// request sends a request to the tenant's database and reports whether it has the expected status. Like
// the web app, it opens a new session when the current one has ended, as it does when the database is
// archived.
func (n *tenant) request(method, path string, body any, status int) (got apptest.Answer, ok bool) {
	for range 20 {
		var err error
		if n.session.Token == "" {
			if n.session, err = n.openSession(n.user); !assert.NoError(n.T, err) {
				return got, false
			}
		}
		got, err = apptest.Send(method, n.session.URL+path, n.session.Token, body)
		if !assert.NoError(n.T, err) {
			return got, false
		}
		if got.Status != 401 {
			return got, assert.Equal(n.T, status, got.Status, got.Raw)
		}
		n.session.Token = ""
	}
	n.T.Error("20 sessions in a row ended before their first request")
	return got, false
}

func (n *tenant) list() ([]map[string]any, bool) {
	listed, ok := n.request("GET", preferencesPath+"?perPage=200", nil, 200)
	return listed.Items(), ok
}

// writeAndRead creates a record, reads all records back and deletes some. It returns false after a
// failure.
func (n *tenant) writeAndRead() bool {
	key := fmt.Sprintf("k%d", n.created)
	n.created++
	created, ok := n.request("POST", preferencesPath, map[string]any{"key": key, "value": n.user.Id}, 200)
	if !ok {
		return false
	}
	n.confirmed[key] = true
	listed, ok := n.list()
	if !ok {
		return false
	}
	for _, item := range listed {
		assert.Equal(n.T, n.user.Id, item["value"], "a record of another user")
	}
	if len(listed) > 20 || n.random.IntN(3) == 0 {
		if _, ok := n.request("DELETE", preferencesPath+"/"+created.Text("id"), nil, 204); !ok {
			return false
		}
		delete(n.confirmed, key)
	}
	return true
}

// checkError fails the test for an error during the soak. The end of the soak interrupts operations.
func (s *soak) checkError(err error) {
	if s.running.Err() == nil {
		assert.NoError(s.T, err)
	}
}

// countSuccess returns a report function that counts successful outcomes.
func countSuccess(count *atomic.Int32) func(userdb.Outcome) {
	return func(o userdb.Outcome) {
		if o.Error == "" {
			count.Add(1)
		}
	}
}

func (s *soak) randomUser(random *rand.Rand) *core.Record {
	return s.tenants[random.IntN(len(s.tenants))].user
}

// archiveOne archives the database of a tenant, whose next request brings it back.
func (s *soak) archiveOne(random *rand.Rand) {
	entry, err := s.App.Databases.Provision(context.Background(), s.randomUser(random))
	if assert.NoError(s.T, err) {
		s.checkError(s.App.Databases.Archive(s.running, []string{entry.Name}, countSuccess(&s.archived)))
	}
}

// upgradeAll migrates all databases as after an upgrade, and runs what the crons run.
func (s *soak) upgradeAll(*rand.Rand) {
	_, err := s.App.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": schema.List.Items()[0].File},
		dbx.HashExp{"status": "ready"}).Execute()
	assert.NoError(s.T, err)
	s.checkError(s.App.Databases.Migrate(s.running, nil, 2, countSuccess(&s.migrated)))
	s.checkError(s.App.Databases.Maintain(s.running))
	s.checkError(s.App.Databases.ApplyRetention(s.running))
}

// addAndDeleteUser creates an account, signs in, deletes the account and deletes its database.
func (s *soak) addAndDeleteUser(*rand.Rand) {
	const users = "/api/collections/users/records"
	email := fmt.Sprintf("new%d@example.com", s.newUsers.Add(1))
	created, err := apptest.Send("POST", s.URL+users, s.superuser, map[string]any{
		"email": email, "password": apptest.Password, "passwordConfirm": apptest.Password,
	})
	if !assert.NoError(s.T, err) || !assert.Equal(s.T, 200, created.Status, created.Raw) {
		return
	}
	user, err := s.App.FindRecordById("users", created.Text("id"))
	if !assert.NoError(s.T, err) {
		return
	}
	if _, err := s.openSession(user); !assert.NoError(s.T, err) {
		return
	}
	s.provisioned.Add(1)
	deleted, err := apptest.Send("DELETE", s.URL+users+"/"+created.Text("id"), s.superuser, nil)
	assert.NoError(s.T, err)
	assert.Equal(s.T, 204, deleted.Status, deleted.Raw)
	s.checkError(s.App.Databases.Delete(s.running, []string{email}, true, countSuccess(&s.deleted)))
}

// openStream subscribes to a tenant's database and disconnects.
func (s *soak) openStream(random *rand.Rand) {
	session, err := s.openSession(s.randomUser(random))
	if !assert.NoError(s.T, err) {
		return
	}
	stream, err := apptest.DialStream(s.T, session.URL)
	if !assert.NoError(s.T, err) {
		return
	}
	defer stream.Close()
	subscribed, err := apptest.Send("POST", session.URL+"/api/realtime", session.Token, stream.Subscription("preferences/*"))
	assert.NoError(s.T, err)
	assert.Contains(s.T, []int{204, 401, 404}, subscribed.Status, subscribed.Raw) // 401 and 404 if it was archived in between
	if subscribed.Status == 204 {
		s.streams.Add(1)
	}
}
