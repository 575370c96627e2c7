package hooks_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const otherKey = "a-fathom-api-key-of-another-account"

var twoAccounts = simulator.Config{APIKeys: []string{simulator.DemoAPIKey, otherKey}}

var failingRemovals = simulator.Fault{Method: "DELETE", Path: "/external/v1/webhooks/*", Status: 503, Times: -1}

func countRemovals(p apptest.Person) (n int) {
	p.T.Helper()
	apptest.QueryRow(p.T, p.GlobalFile(), "SELECT COUNT(*) FROM fathom_removals", &n)
	return n
}

func replaceKey(p apptest.Person, key string) {
	p.T.Helper()
	path := "/api/collections/connections/records/" + p.ListOwn("connections", "provider = 'fathom'")[0]["id"].(string)
	replaced := p.Own(http.MethodPatch, path, map[string]any{"secret": key})
	require.Equal(p.T, 200, replaced.Status, replaced.Raw)
}

func TestKeyOfAnotherAccountReplacesTheWebhook(t *testing.T) {
	t.Parallel()
	p, old := startWithWebhook(t, apptest.Options{SimulatorConfig: twoAccounts})
	replaceKey(p, otherKey)
	p.Eventually(func() bool {
		hooks := p.Simulator.Webhooks()
		return len(hooks) == 1 && hooks[0].ID != old.ID && countEndpoints(p, "active") == 1
	})
	assert.Equal(t, 200, sendSigned(p, old, "msg_late", time.Now()))
	p.Eventually(func() bool { return countRemovals(p) == 0 })
	assert.Empty(t, p.ListOwn("notices", ""))
}

func TestWebhookThatNoKeyCanDeleteIsReported(t *testing.T) {
	t.Parallel()
	p, old := startWithWebhook(t, apptest.Options{SimulatorConfig: twoAccounts})
	p.Simulator.RevokeKey(simulator.DemoAPIKey)
	replaceKey(p, otherKey)
	p.Eventually(func() bool { return len(p.ListOwn("notices", "kind = 'webhook_lost'")) == 1 })
	assert.Contains(t, p.ListOwn("notices", "")[0]["text"], "Delete it in Fathom's settings.")
	p.Eventually(func() bool { return countRemovals(p) == 0 })
	hooks := p.Simulator.Webhooks()
	require.Len(t, hooks, 2)
	assert.Equal(t, old.ID, hooks[0].ID)
}

func TestWebhookOfAnEarlierVersionIsReplaced(t *testing.T) {
	t.Parallel()
	p, old := startWithWebhook(t, apptest.Options{})
	_, err := p.App.NonconcurrentDB().NewQuery("UPDATE fathom_endpoints SET key = '', triggers = ''").Execute()
	require.NoError(t, err)
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	p.Eventually(func() bool {
		hooks := p.Simulator.Webhooks()
		return len(hooks) == 1 && hooks[0].ID != old.ID && countRemovals(p) == 0
	})
	assert.Empty(t, p.ListOwn("notices", ""))
}

func TestWebhookOfADeletedAccountIsRemoved(t *testing.T) {
	t.Parallel()
	p, _ := startWithWebhook(t, apptest.Options{})
	other := p.SignUp("grace@example.com")
	require.Equal(t, "valid", other.SaveKey(simulator.DemoAPIKey).Text("status"))
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 2 && countEndpoints(p, "active") == 2 })

	p.Simulator.Inject(simulator.Fault{Method: "DELETE", Path: "/external/v1/webhooks/*", Hold: make(chan struct{})})
	deleted := p.Call(http.MethodDelete, p.URL+"/api/collections/users/records/"+p.ID, p.SuperuserToken(), nil)
	require.Equal(t, 204, deleted.Status, "it doesn't wait for Fathom: %s", deleted.Raw)
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "DELETE", "/external/v1/webhooks/*", 1))
	require.NoError(t, p.App.Databases.Delete(t.Context(), []string{p.Name}, true, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	assert.Equal(t, 1, countRemovals(p), "which outlives the database and its keys")

	other = other.On(p.Restart())
	other.Eventually(func() bool { return len(other.Simulator.Webhooks()) == 1 && countRemovals(other) == 0 })
	assert.Equal(t, 1, countEndpoints(other, "active"))
}

func TestWebhookOfADeletedDatabaseIsRemovedAndComesBack(t *testing.T) {
	t.Parallel()
	clock := &skewedClock{}
	p, hook := startWithWebhook(t, apptest.Options{Now: clock.Now})
	p.Simulator.Inject(failingRemovals)
	report := func(o userdb.Outcome) { assert.Empty(t, o.Error) }
	require.NoError(t, p.App.Databases.Delete(t.Context(), []string{p.Name}, false, report))
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "DELETE", "/external/v1/webhooks/*", 1))
	assert.Equal(t, 404, sendSigned(p, hook, "msg_late", clock.Now()))
	p.Simulator.ClearFaults()
	require.NoError(t, p.App.Transfers.PruneEndpoints(t.Context())) // as every hour
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 0 && countRemovals(p) == 0 })

	require.NoError(t, p.App.Databases.Restore(t.Context(), []string{p.Name}, report))
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 1 && countEndpoints(p, "active") == 1 })

	p.Simulator.Inject(failingRemovals)
	savePreference(p, "webhook", false)
	p.Eventually(func() bool { return countRemovals(p) == 1 })
	clock.advance(73 * time.Hour)
	require.NoError(t, p.App.Transfers.PruneEndpoints(t.Context()))
	p.Eventually(func() bool { return countRemovals(p) == 0 })
	assert.Len(t, p.ListOwn("notices", "kind = 'webhook_lost'"), 1, "the owner learns of it when the server gives up")
}
