package hooks_test

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
)

// soakFor bounds the soak: long enough for hundreds of evictions.
const soakFor = 12 * time.Second

// tenant is somebody in the soak: what the server has confirmed is remembered.
type tenant struct {
	person
	random *rand.Rand
	kept   map[string]bool // keys of preferences that must be there
	made   int
}

// connect takes the place of a sign-in, which would hash a password each time.
func (n *tenant) connect() {
	entry, err := n.app.Databases.Provision(context.Background(), n.user(n.id))
	if !assert.NoError(n.t, err) {
		return
	}
	connection, err := n.app.Gateway.OpenSession(context.Background(), n.user(n.id), entry)
	assert.NoError(n.t, err)
	n.name, n.db, n.session = connection.Name, connection.URL, connection.Token
}

// ask makes a request and signs in again when the session has ended meanwhile, as
// the web app does.
func (n *tenant) ask(method, path string, body any) answer {
	for range 20 {
		got := n.own(method, path, body)
		if got.Status != 401 {
			return got
		}
		n.connect()
	}
	n.t.Error("the session ended over and over")
	return answer{}
}

// live is what a person does: writes, reads back, deletes.
func (n *tenant) live(until context.Context) {
	for until.Err() == nil {
		key := fmt.Sprintf("k%d", n.made)
		n.made++
		created := n.ask("POST", "/api/collections/preferences/records", map[string]any{"key": key, "value": n.id})
		if !assert.Equal(n.t, 200, created.Status, created.Raw) {
			return
		}
		n.kept[key] = true
		listed := n.ask("GET", "/api/collections/preferences/records?perPage=200", nil)
		assert.Equal(n.t, 200, listed.Status, listed.Raw)
		for _, item := range listed.items() {
			assert.Equal(n.t, n.id, item["value"], "somebody else's record")
		}
		if len(listed.items()) > 20 || n.random.IntN(3) == 0 {
			deleted := n.ask("DELETE", "/api/collections/preferences/records/"+created.text("id"), nil)
			if assert.Equal(n.t, 204, deleted.Status, deleted.Raw) {
				delete(n.kept, key)
			}
		}
	}
}

// Evictions, sign-ins, archives, deletions, migrations, maintenance and streams at
// once: nobody is refused, and nothing that was confirmed is lost.
func TestSoak(t *testing.T) {
	s := start(t, options{settings: []string{"USER_DB_MAX_OPEN=3", "USER_DB_IDLE_TIMEOUT=150ms"}})
	const people = 8
	var tenants []*tenant
	for i, user := range s.users(people) {
		n := &tenant{person: person{server: s, id: user.Id, email: user.Email()}, random: rand.New(rand.NewPCG(7, uint64(i))), kept: map[string]bool{}}
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
		entry, err := s.app.Databases.Provision(context.Background(), s.user(tenants[random.IntN(people)].id))
		assert.NoError(t, err)
		return entry.Name
	}
	chaos(1, func(random *rand.Rand) { // archives under people's feet: their next request brings them back
		err := s.app.Databases.Archive(until, []string{name(random)}, func(o userdb.Outcome) {
			if o.Error == "" {
				archived.Add(1)
			}
		})
		assert.True(t, err == nil || until.Err() != nil, err)
	})
	chaos(2, func(random *rand.Rand) { // an upgrade while people are at work
		_, err := s.app.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": "1764000000_users.go"}, dbx.HashExp{"status": "ready"}).Execute()
		assert.NoError(t, err)
		err = s.app.Databases.Migrate(until, nil, 2, func(o userdb.Outcome) {
			if o.Error == "" {
				migrated.Add(1)
			}
		})
		assert.True(t, err == nil || until.Err() != nil, err)
		assert.True(t, s.app.Databases.Maintain(until) == nil || until.Err() != nil)
		assert.True(t, s.app.Databases.ApplyRetention(until) == nil || until.Err() != nil)
	})
	var newcomer atomic.Int64
	chaos(3, func(random *rand.Rand) { // people come and go
		email := fmt.Sprintf("new%d@example.com", newcomer.Add(1))
		created := s.call("POST", s.url+"/api/collections/users/records", s.superuser(), map[string]any{
			"email": email, "password": userPassword, "passwordConfirm": userPassword})
		if !assert.Equal(t, 200, created.Status, created.Raw) {
			return
		}
		provisioned.Add(1)
		gone := s.call("DELETE", s.url+"/api/collections/users/records/"+created.text("id"), s.superuser(), nil)
		assert.Equal(t, 204, gone.Status, gone.Raw)
		err := s.app.Databases.Delete(until, []string{email}, true, func(o userdb.Outcome) {
			if o.Error == "" {
				deleted.Add(1)
			}
		})
		assert.True(t, err == nil || until.Err() != nil, err)
	})
	for i := range 2 {
		chaos(uint64(10+i), func(random *rand.Rand) { // streams that are opened and left
			n := tenants[random.IntN(people)]
			connection, err := s.app.Gateway.OpenSession(context.Background(), s.user(n.id), s.provision(n.id))
			if !assert.NoError(t, err) {
				return
			}
			stream := openStream(t, connection.URL)
			subscribed := s.call("POST", connection.URL+"/api/realtime", connection.Token, subscription(stream, "preferences/*"))
			assert.Contains(t, []int{204, 401, 404}, subscribed.Status, subscribed.Raw) // archived in between
			if subscribed.Status == 204 {
				streams.Add(1)
			}
			stream.close()
		})
	}
	wg.Wait()

	for _, n := range tenants {
		n.connect()
		there := map[string]bool{}
		for _, item := range n.ask("GET", "/api/collections/preferences/records?perPage=200", nil).items() {
			there[item["key"].(string)] = true
		}
		for key := range n.kept {
			assert.True(t, there[key], "%s of %s was confirmed and is lost", key, n.name)
		}
	}
	stats, err := s.app.Databases.Stats(t.Context())
	require.NoError(t, err)
	assert.Zero(t, stats.Pool.Busy)
	assert.Zero(t, stats.Broken)
	var problems []string
	require.NoError(t, s.app.Databases.Verify(t.Context(), nil, 2, func(v userdb.Verification) { problems = append(problems, v.Problems...) }))
	assert.Empty(t, problems)
	assert.Empty(t, leftovers(t, s))
	for what, count := range map[string]*atomic.Int32{"archived": &archived, "migrated": &migrated, "deleted": &deleted, "provisioned": &provisioned, "streams": &streams} {
		assert.Positive(t, count.Load(), what)
		t.Log(what, count.Load())
	}
	t.Log("opened", stats.Pool.Opened, "evicted", stats.Pool.Evicted)
	http.DefaultClient.CloseIdleConnections()
}
