package loomaccount_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestTransferWithASignIn(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{ClientSecrets: true}))
	connection := signIn(p)
	require.Equal(t, "ready", details(connection)["state"], connection)
	assert.Equal(t, "valid", connection["status"])
	assert.Empty(t, connection["last_four"])
	assert.NotContains(t, connection, "secret")
	assert.Equal(t, "delivered", transferTo(p, 1001, nil).Text("result.status"))
	assert.Empty(t, p.Simulator.Violations())

	again := p.Own("POST", "/api/loom/check", nil)
	require.Equal(t, 200, again.Status, again.Raw)
	assert.Equal(t, "checking", again.Text("status"))
	assert.Equal(t, "ready", details(checked(p))["state"])
}

// clock is a clock that tests can advance.
type clock struct {
	mu sync.Mutex
	by time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.by)
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by += by
}

func withClock(opts apptest.Options, c *clock) apptest.Options {
	opts.Prepare = func(s *apptest.Server) { s.App.AtlassianNow = c.now }
	return opts
}

func TestTwoUsersOfAnExpiredTokenRenewItOnce(t *testing.T) {
	t.Parallel()
	c := &clock{}
	p := start(t, withClock(withAtlassian(simulator.AtlassianBehaviour{}), c))
	signIn(p)
	transferTo(p, 1001, nil)
	share, err := linksOf(t, p).ParseShareURL(transferOf(p, 1001)["share_url"].(string))
	require.NoError(t, err)

	for _, expire := range []func(){
		func() { c.advance(9 * time.Hour) }, // this server knows it
		p.Simulator.ExpireAtlassianAccess,   // only Atlassian knows it
		func() { c.advance(9 * time.Hour) },
	} {
		before := p.Simulator.AtlassianStats()
		expire()
		var users sync.WaitGroup
		for range 8 {
			users.Go(func() {
				_, err := p.App.LoomAccounts.Video(context.Background(), p.Name, share)
				assert.NoError(t, err)
			})
		}
		users.Wait()
		after := p.Simulator.AtlassianStats()
		assert.Equal(t, 1, after.Refreshes-before.Refreshes)
	}
	assert.Zero(t, p.Simulator.AtlassianStats().ReusedRefresh)

	p = p.On(p.Restart("ATLASSIAN_MCP_PROCESSING_WAIT=0"))
	assert.Equal(t, "delivered", transferTo(p, 1002, nil).Text("result.status"), "the renewed token was stored")
	assert.Zero(t, p.Simulator.AtlassianStats().ReusedRefresh)
}

func linksOf(t *testing.T, p apptest.Person) *loom.Client {
	t.Helper()
	client, err := loom.New(loom.Config{BaseURL: p.Simulator.LoomURL()})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

func TestGrantsAreRevokedWhenTheyAreNoLongerUsed(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	revoked := func(count int) {
		t.Helper()
		p.Eventually(func() bool { return p.Simulator.AtlassianStats().Revocations == count })
	}
	signIn(p)
	connection := signIn(p) // replaces the first one
	revoked(1)
	assert.Equal(t, 1, p.Simulator.AtlassianStats().Grants)
	path := connectionsPath + "/" + connection["id"].(string)

	refused := p.Own("PATCH", path, map[string]any{"settings": map[string]any{"method": "token", "email": "ada@example.com"}})
	assert.NotEmpty(t, refused.Text("data.secret.message"), refused.Raw)
	replaced := p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAtlassianToken, "settings": tokenSettings})
	require.Equal(t, 200, replaced.Status, replaced.Raw)
	assert.Equal(t, "ready", details(checked(p))["state"])
	revoked(2)

	signIn(p)
	require.Equal(t, 204, p.Own("DELETE", path, nil).Status)
	revoked(3)
	assert.Zero(t, p.Simulator.AtlassianStats().Grants)
}

func TestChangesOfAConnectionRespectRenewedTokens(t *testing.T) {
	t.Parallel()
	c := &clock{}
	p := start(t, withClock(withAtlassian(simulator.AtlassianBehaviour{}), c))
	connection := signIn(p)
	transferTo(p, 1001, nil)
	share, err := linksOf(t, p).ParseShareURL(transferOf(p, 1001)["share_url"].(string))
	require.NoError(t, err)
	renew := func() error {
		c.advance(9 * time.Hour)
		_, err := p.App.LoomAccounts.Video(context.Background(), p.Name, share)
		return err
	}
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	handle.App.OnRecordUpdateRequest("connections").Bind(&hook.Handler[*core.RecordRequestEvent]{
		Priority: -2, // after the connection was read
		Func: func(e *core.RecordRequestEvent) error {
			if err := renew(); err != nil {
				return err
			}
			return e.Next()
		},
	})
	path := connectionsPath + "/" + connection["id"].(string)
	settings := connection["settings"].(map[string]any)
	settings["site"] = details(connection)["site"].(map[string]any)["id"]
	changed := p.Own("PATCH", path, map[string]any{"settings": settings})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, "ready", details(checked(p))["state"])
	require.NoError(t, renew())
	assert.Zero(t, p.Simulator.AtlassianStats().ReusedRefresh)

	replaced := p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAtlassianToken, "settings": tokenSettings})
	require.Equal(t, 200, replaced.Status, replaced.Raw)
	p.Eventually(func() bool { return p.Simulator.AtlassianStats().Grants == 0 })
}

func TestSignInsAreUsedOnceAndByTheirOwner(t *testing.T) {
	t.Parallel()
	c := &clock{}
	p := start(t, withClock(withAtlassian(simulator.AtlassianBehaviour{}), c))
	other := p.SignUp("eve@example.com")
	begin := func() map[string]any {
		t.Helper()
		begun := p.Own("POST", "/api/loom/sign-in", map[string]any{"redirect": p.URL})
		require.Equal(t, 200, begun.Status, begun.Raw)
		return callbackOf(p, begun.Text("url"))
	}
	const complete = "/api/loom/sign-in/complete"
	first := begin()
	assert.Equal(t, 400, other.Own("POST", complete, first).Status, "another person's sign-in")
	assert.Equal(t, 400, p.Own("POST", complete, map[string]any{"code": first["code"], "state": "x"}).Status)
	require.Equal(t, 200, p.Own("POST", complete, first).Status)
	again := p.Own("POST", complete, first)
	assert.Contains(t, again.Text("data.state.message"), "already used", again.Raw)
	wrongCode := begin()
	wrongCode["code"] = "wrong"
	assert.NotEmpty(t, p.Own("POST", complete, wrongCode).Text("data.code.message"))
	late := begin()
	c.advance(11 * time.Minute)
	assert.Contains(t, p.Own("POST", complete, late).Text("data.state.message"), "expired")
	assert.Equal(t, 1, p.Simulator.AtlassianStats().Registrations, "one origin is registered once")
	assert.Empty(t, other.ListOwn("connections", "provider = 'loom'"))
	c.advance(time.Hour)
	begin()
	assert.Equal(t, 2, p.Simulator.AtlassianStats().Registrations, "Atlassian may have forgotten the first one")

	elsewhere := p.Own("POST", "/api/loom/sign-in", map[string]any{"redirect": "https://evil.example"})
	assert.NotEmpty(t, elsewhere.Text("data.redirect.message"), elsewhere.Raw)
}

func TestARevokedGrantAsksForANewSignIn(t *testing.T) {
	t.Parallel()
	c := &clock{}
	p := start(t, withClock(withAtlassian(simulator.AtlassianBehaviour{}), c))
	signIn(p)
	p.Simulator.EndAtlassianGrants()
	c.advance(9 * time.Hour)
	assert.Equal(t, "awaiting_share_url", transferTo(p, 1001, nil).Text("result.status"))
	connection := checked(p)
	assert.Equal(t, "reconnect", details(connection)["state"], connection)
	signIn(p)
	assert.Equal(t, "delivered", transferTo(p, 1001, nil).Text("result.status"))
}
