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
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// soakFor bounds the soak: long enough for hundreds of evictions.
const soakFor = 12 * time.Second

// tenant is somebody in the soak: what the server has confirmed is remembered.
type tenant struct {
	apptest.Person
	random *rand.Rand
	kept   map[string]bool // keys of preferences that must be there
	made   int
}

// connect takes the place of a sign-in, which would hash a password each time.
func (n *tenant) connect() {
	entry, err := n.App.Databases.Provision(context.Background(), n.User(n.ID))
	if !assert.NoError(n.T, err) {
		return
	}
	connection, err := n.App.Gateway.OpenSession(context.Background(), n.User(n.ID), entry)
	assert.NoError(n.T, err)
	n.Name, n.DatabaseURL, n.Session = connection.Name, connection.URL, connection.Token
}

// ask makes a request and signs in again when the session has ended meanwhile, as
// the web app does.
func (n *tenant) ask(method, path string, body any) apptest.Answer {
	for range 20 {
		got := n.Own(method, path, body)
		if got.Status != 401 {
			return got
		}
		n.connect()
	}
	n.T.Error("the session ended over and over")
	return apptest.Answer{}
}

// live is what a person does: writes, reads back, deletes.
func (n *tenant) live(until context.Context) {
	for until.Err() == nil {
		key := fmt.Sprintf("k%d", n.made)
		n.made++
		created := n.ask("POST", "/api/collections/preferences/records", map[string]any{"key": key, "value": n.ID})
		if !assert.Equal(n.T, 200, created.Status, created.Raw) {
			return
		}
		n.kept[key] = true
		listed := n.ask("GET", "/api/collections/preferences/records?perPage=200", nil)
		assert.Equal(n.T, 200, listed.Status, listed.Raw)
		for _, item := range listed.Items() {
			assert.Equal(n.T, n.ID, item["value"], "somebody else's record")
		}
		if len(listed.Items()) > 20 || n.random.IntN(3) == 0 {
			deleted := n.ask("DELETE", "/api/collections/preferences/records/"+created.Text("id"), nil)
			if assert.Equal(n.T, 204, deleted.Status, deleted.Raw) {
				delete(n.kept, key)
			}
		}
	}
}

// Evictions, sign-ins, archives, deletions, migrations, maintenance and streams at
// once: nobody is refused, and nothing that was confirmed is lost.
func TestSoak(t *testing.T) {
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=3", "USER_DB_IDLE_TIMEOUT=150ms"}})
	const people = 8
	var tenants []*tenant
	for i, user := range s.CreateUsers(people) {
		n := &tenant{Person: apptest.Person{Server: s, ID: user.Id, Email: user.Email()}, random: rand.New(rand.NewPCG(7, uint64(i))), kept: map[string]bool{}}
		n.connect()
		tenants = append(tenants, n)
	}
	until, stop := context.WithTimeout(t.Context(), soakFor)
	defer stop()
	var wg sync.WaitGroup
	for _, n := range tenants {
		wg.Go(func() { n.live(until) })
	}

	var archived, migrated, deleted, provisioned, streams atomic.Int32
	chaos := func(seed uint64, step func(random *rand.Rand)) {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(11, seed))
			for until.Err() == nil {
				step(random)
			}
		})
	}
	name := func(random *rand.Rand) string {
		entry, err := s.App.Databases.Provision(context.Background(), s.User(tenants[random.IntN(people)].ID))
		assert.NoError(t, err)
		return entry.Name
	}
	chaos(1, func(random *rand.Rand) { // archives under people's feet: their next request brings them back
		err := s.App.Databases.Archive(until, []string{name(random)}, func(o userdb.Outcome) {
			if o.Error == "" {
				archived.Add(1)
			}
		})
		assert.True(t, err == nil || until.Err() != nil, err)
	})
	chaos(2, func(random *rand.Rand) { // an upgrade while people are at work
		_, err := s.App.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": "1764000000_users.go"}, dbx.HashExp{"status": "ready"}).Execute()
		assert.NoError(t, err)
		err = s.App.Databases.Migrate(until, nil, 2, func(o userdb.Outcome) {
			if o.Error == "" {
				migrated.Add(1)
			}
		})
		assert.True(t, err == nil || until.Err() != nil, err)
		assert.True(t, s.App.Databases.Maintain(until) == nil || until.Err() != nil)
		assert.True(t, s.App.Databases.ApplyRetention(until) == nil || until.Err() != nil)
	})
	var newcomer atomic.Int64
	chaos(3, func(random *rand.Rand) { // people come and go
		email := fmt.Sprintf("new%d@example.com", newcomer.Add(1))
		created := s.Call("POST", s.URL+"/api/collections/users/records", s.SuperuserToken(), map[string]any{
			"email": email, "password": apptest.Password, "passwordConfirm": apptest.Password})
		if !assert.Equal(t, 200, created.Status, created.Raw) {
			return
		}
		provisioned.Add(1)
		gone := s.Call("DELETE", s.URL+"/api/collections/users/records/"+created.Text("id"), s.SuperuserToken(), nil)
		assert.Equal(t, 204, gone.Status, gone.Raw)
		err := s.App.Databases.Delete(until, []string{email}, true, func(o userdb.Outcome) {
			if o.Error == "" {
				deleted.Add(1)
			}
		})
		assert.True(t, err == nil || until.Err() != nil, err)
	})
	for i := range 2 {
		chaos(uint64(10+i), func(random *rand.Rand) { // streams that are opened and left
			n := tenants[random.IntN(people)]
			connection, err := s.App.Gateway.OpenSession(context.Background(), s.User(n.ID), s.Provision(n.ID))
			if !assert.NoError(t, err) {
				return
			}
			stream := apptest.OpenStream(t, connection.URL)
			subscribed := s.Call("POST", connection.URL+"/api/realtime", connection.Token, stream.Subscription("preferences/*"))
			assert.Contains(t, []int{204, 401, 404}, subscribed.Status, subscribed.Raw) // archived in between
			if subscribed.Status == 204 {
				streams.Add(1)
			}
			stream.Close()
		})
	}
	wg.Wait()

	for _, n := range tenants {
		n.connect()
		there := map[string]bool{}
		for _, item := range n.ask("GET", "/api/collections/preferences/records?perPage=200", nil).Items() {
			there[item["key"].(string)] = true
		}
		for key := range n.kept {
			assert.True(t, there[key], "%s of %s was confirmed and is lost", key, n.Name)
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
	for what, count := range map[string]*atomic.Int32{"archived": &archived, "migrated": &migrated, "deleted": &deleted, "provisioned": &provisioned, "streams": &streams} {
		assert.Positive(t, count.Load(), what)
		t.Log(what, count.Load())
	}
	t.Log("opened", stats.Pool.Opened, "evicted", stats.Pool.Evicted)
	http.DefaultClient.CloseIdleConnections()
}
