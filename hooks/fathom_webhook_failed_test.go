package hooks_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

var refusedCreations = simulator.Fault{Method: http.MethodPost, Path: "/external/v1/webhooks", Status: 403, Times: -1}

func changeEndpoints(p apptest.Person, assignment string) {
	p.T.Helper()
	_, err := p.App.NonconcurrentDB().NewQuery("UPDATE fathom_endpoints SET " + assignment).Execute()
	require.NoError(p.T, err)
}

func countStoredKeys(p apptest.Person) (n int) {
	p.T.Helper()
	apptest.QueryRow(p.T, p.GlobalFile(), "SELECT COUNT(*) FROM fathom_endpoints WHERE key != ''", &n)
	return n
}

func deleteKey(p apptest.Person) {
	p.T.Helper()
	path := "/api/collections/connections/records/" + p.ListOwn("connections", "provider = 'fathom'")[0]["id"].(string)
	require.Equal(p.T, 204, p.Own(http.MethodDelete, path, nil).Status)
}

// startWithRefusedWebhook starts a server with a person for whom Fathom has refused a webhook, and refuses others.
func startWithRefusedWebhook(t *testing.T) apptest.Person {
	t.Helper()
	s := apptest.Start(t, apptest.Options{Settings: webhookSettings, SimulatorConfig: twoAccounts})
	s.Simulator.Inject(refusedCreations)
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	p.Eventually(func() bool { return countEndpoints(p, "refused") == 1 })
	return p
}

// refuseAll syncs until the server gives up creating a webhook.
func refuseAll(p apptest.Person) {
	p.T.Helper()
	for n := countEndpoints(p, "refused"); n < 5; n++ {
		require.Equal(p.T, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
		p.Eventually(func() bool { return countEndpoints(p, "refused") == n+1 })
	}
}

func TestEndpointWithoutAWebhookStoresNoKey(t *testing.T) {
	t.Parallel()
	p := startWithRefusedWebhook(t)
	assert.Zero(t, countStoredKeys(p))
	deleteKey(p)
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	for _, status := range []string{"refused", "lost", "creating"} { // of an earlier version, or after a crash
		changeEndpoints(p, "key = 'copy', status = '"+status+"'")
		p.App.Transfers.ConnectionRemoved(db.Database)
		assert.Zero(t, countStoredKeys(p), status)
		assert.Equal(t, 1, countEndpoints(p, status))
	}
	changeEndpoints(p, "created = '"+time.Now().Add(-31*24*time.Hour).UTC().Format("2006-01-02 15:04:05.000Z")+"'")
	require.NoError(t, p.App.Transfers.PruneEndpoints(t.Context()))
	assert.Zero(t, countEndpoints(p, "creating"))
}

func TestReplacedWebhookStoresOneKey(t *testing.T) {
	t.Parallel()
	p, _ := startWithWebhook(t, apptest.Options{})
	p.Simulator.Inject(failingRemovals)
	savePreference(p, "sync_others", map[string]any{"enabled": true})
	p.Eventually(func() bool { return countEndpoints(p, "removing") == 1 })
	assert.Equal(t, 1, countStoredKeys(p), "that of the new webhook")
}

func TestNewKeyIsTriedAfterRefusalsOfAnother(t *testing.T) {
	t.Parallel()
	p := startWithRefusedWebhook(t)
	refuseAll(p)
	assert.Equal(t, "refused", webhookState(p).Text("status"))
	p.Simulator.ClearFaults()
	hold := make(chan struct{})
	p.Simulator.Inject(simulator.Fault{Method: http.MethodPost, Path: "/external/v1/webhooks", Hold: hold})
	replaceKey(p, otherKey)
	require.NoError(t, p.Simulator.WaitRequests(t.Context(), "POST", "/external/v1/webhooks", 6))
	assert.Equal(t, "waiting", webhookState(p).Text("status"), "nothing is known about this key")
	close(hold)
	p.Eventually(func() bool { return webhookState(p).Text("status") == "active" })
}

func TestWebhookWorksUntilItsSuccessorDoes(t *testing.T) {
	t.Parallel()
	p, old := startWithWebhook(t, apptest.Options{})
	p.Simulator.Inject(refusedCreations)
	saved := savePreference(p, "sync_others", map[string]any{"enabled": true})
	p.Eventually(func() bool { return countEndpoints(p, "refused") == 1 })
	refuseAll(p)
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	assert.Equal(t, []simulator.Webhook{old}, p.Simulator.Webhooks())
	assert.Equal(t, 200, sendSigned(p, old, "msg_new", time.Now()))
	assert.Equal(t, 5, countEndpoints(p, "refused"))

	require.Equal(t, 200, p.Own(http.MethodPatch, preferencesPath+"/"+saved.Text("id"), map[string]any{"value": map[string]any{"enabled": false}}).Status)
	assert.Equal(t, "active", webhookState(p).Text("status"))
	savePreference(p, "webhook", false)
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 0 })
}

// As after a kill between the removal of a connection and that of its webhook.
func TestWebhookWithoutAConnectionIsRemovedAfterItsNextMessage(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	_, err = db.App.NonconcurrentDB().NewQuery("DELETE FROM connections").Execute()
	require.NoError(t, err)
	require.Equal(t, 200, sendSigned(p, hook, "msg_new", time.Now()))
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 0 && countEndpoints(p, "active") == 0 })
	assert.Zero(t, countStoredKeys(p))
}
