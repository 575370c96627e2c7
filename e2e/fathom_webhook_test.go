package e2e

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const webhooksPath = "/external/v1/webhooks"

var webhookSettings = []string{"WEBHOOKS=on", "SYNC_EVERY=6h", "QUEUE_POLL_INTERVAL=100ms"}

// startWithKey starts a server and saves a person's key.
func startWithKey(t *testing.T, sim *simulator.Server) (*installation, *process, account) {
	t.Helper()
	in := install(t, sim)
	in.env = append(in.env, append(webhookSettings, "PUBLIC_URL="+in.url)...)
	server := in.serve()
	who := in.newAccount("ada@example.com")
	in.mustCall(http.MethodPost, who.recordsURL("connections"), who.session, object{"provider": "fathom", "secret": simulator.DemoAPIKey})
	return in, server, who
}

// requireActiveWebhook waits until the server has one webhook that it knows, and returns it.
func (in *installation) requireActiveWebhook(sim *simulator.Server) simulator.Webhook {
	in.t.Helper()
	var ids int
	var id string
	polltest.Until(in.t, 50*time.Millisecond, func() bool {
		apptest.QueryRow(in.t, filepath.Join(in.dir, "pb_data", "data.db"),
			"SELECT COUNT(*), COALESCE(MAX(fathom_id), '') FROM fathom_endpoints WHERE purpose = 'webhook' AND status = 'active'", &ids, &id)
		return ids == 1
	}, "there is no webhook")
	for _, hook := range sim.Webhooks() {
		if hook.ID == id {
			return hook
		}
	}
	require.Fail(in.t, "the webhook doesn't exist at Fathom", id)
	return simulator.Webhook{}
}

func TestMessagesOfTheWebhookLibrary(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in, _, _ := startWithKey(t, sim)
	hook := in.requireActiveWebhook(sim)
	runNodeTests(t, "fathom_webhook.test.mjs", "HOOK_URL="+hook.URL, "HOOK_SECRET="+hook.Secret)
}

// A kill while Fathom creates a webhook leaves one that nobody knows. The server must not believe that it is the one it
// creates afterwards, nor create more with every further kill.
func TestKillsDuringTheCreationOfAWebhook(t *testing.T) {
	t.Parallel()
	const kills = 2
	sim := startSimulator(t, simulator.Config{})
	hold := make(chan struct{})
	defer close(hold)
	sim.Inject(simulator.Fault{Method: "POST", Path: webhooksPath, Hold: hold})               // killed before Fathom creates it
	sim.Inject(simulator.Fault{Method: "POST", Path: webhooksPath, Hold: hold, HoldAfter: 1}) // killed before its answer arrives
	in, server, who := startWithKey(t, sim)
	for kill := range kills {
		require.NoError(t, sim.WaitRequests(t.Context(), "POST", webhooksPath, kill+1))
		if kill == 1 {
			polltest.Until(t, time.Millisecond, func() bool { return len(sim.Webhooks()) == 1 }, "Fathom creates no webhook")
		}
		server.kill()
		server = in.serve()
	}
	hook := in.requireActiveWebhook(sim)
	assert.Len(t, sim.Webhooks(), 2, "the one whose answer was lost, and the one that the server knows")
	status, err := sim.DeliverWebhook(t.Context(), hook.ID, 1001)
	require.NoError(t, err)
	assert.Equal(t, 200, status)
	lost := sim.Webhooks()[0]
	require.NotEqual(t, hook.ID, lost.ID)
	status, err = sim.DeliverWebhook(t.Context(), lost.ID, 1001)
	require.NoError(t, err)
	assert.Equal(t, 410, status)
	assert.Len(t, in.records(who, "notices", "kind = 'webhook_lost'"), kills)
}
