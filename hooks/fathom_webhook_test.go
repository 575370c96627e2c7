package hooks_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

var webhookSettings = []string{"WEBHOOKS=on", "SYNC_EVERY=6h", "QUEUE_POLL_INTERVAL=100ms"}

// startWithWebhook starts a server with a person whose key works and for whom a webhook exists at Fathom.
func startWithWebhook(t *testing.T, opts apptest.Options) (apptest.Person, simulator.Webhook) {
	t.Helper()
	opts.Settings = webhookSettings
	s := apptest.Start(t, opts)
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	s.Eventually(func() bool { return len(s.Simulator.Webhooks()) == 1 && countEndpoints(p, "active") == 1 })
	return p, s.Simulator.Webhooks()[0]
}

func countEndpoints(p apptest.Person, status string) (n int) {
	p.T.Helper()
	apptest.QueryRow(p.T, p.GlobalFile(), "SELECT COUNT(*) FROM fathom_endpoints WHERE status = '"+status+"'", &n)
	return n
}

func deliver(p apptest.Person, hook simulator.Webhook, options ...simulator.DeliverOption) int {
	p.T.Helper()
	status, err := p.Simulator.DeliverWebhook(p.T.Context(), hook.ID, 1001, options...)
	require.NoError(p.T, err)
	return status
}

func countSyncs(p apptest.Person) (n int) {
	for _, request := range p.Simulator.Requests() {
		if request.Path == "/external/v1/meetings" && request.Query.Get("cursor") == "" {
			n++
		}
	}
	return n
}

func TestWebhookIsCreatedOnceAndRemovedWithItsKey(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	assert.True(t, strings.HasPrefix(hook.URL, p.URL+"/api/fathom/"), hook.URL)
	assert.Equal(t, []string{"my_recordings", "my_shared_with_team_recordings"}, hook.TriggeredFor)
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	assert.Len(t, p.Simulator.Webhooks(), 1)

	refused := p.Enqueue("fathom.webhook", map[string]any{})
	assert.Equal(t, 400, refused.Status, "only the server creates such jobs")

	path := "/api/collections/connections/records/" + p.ListOwn("connections", "")[0]["id"].(string)
	require.Equal(t, 204, p.Own(http.MethodDelete, path, nil).Status)
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 0 && countEndpoints(p, "active") == 0 })
	answer := p.Call(http.MethodPost, hook.URL, "", map[string]any{})
	assert.Equal(t, 404, answer.Status)
}

func TestPreferenceRemovesTheWebhook(t *testing.T) {
	t.Parallel()
	p, _ := startWithWebhook(t, apptest.Options{})
	saved := p.Own(http.MethodPost, "/api/collections/preferences/records", map[string]any{"key": "webhook", "value": "no"})
	assert.Equal(t, 400, saved.Status, saved.Raw)
	saved = p.Own(http.MethodPost, "/api/collections/preferences/records", map[string]any{"key": "webhook", "value": false})
	require.Equal(t, 200, saved.Status, saved.Raw)
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 0 })
}

func TestMessageOfFathomStartsASync(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	added, err := p.Simulator.AddMeeting()
	require.NoError(t, err)
	require.Equal(t, 200, deliver(p, hook))
	p.Eventually(func() bool { return len(p.ListOwn("meetings", apptest.RecordingFilter(added.RecordingID))) == 1 })

	// While the webhook works, polling is daily.
	schedules := func() []map[string]any {
		return p.Call(http.MethodGet, p.URL+"/api/collections/job_schedules/records", p.Token, nil).Items()
	}
	p.Eventually(func() bool { list := schedules(); return len(list) == 1 && list[0]["every"] == 86400.0 })

	before := countSyncs(p)
	for range 3 {
		require.Equal(t, 200, deliver(p, hook, simulator.WithMessageID("msg_same"), simulator.Duplicated(5)))
	}
	p.Eventually(func() bool { return countSyncs(p) > before })
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	assert.LessOrEqual(t, countSyncs(p), before+2, "a repeated message has no effect")
	var later int
	apptest.QueryRow(t, p.GlobalFile(), "SELECT COUNT(*) FROM job_schedules WHERE system = TRUE AND kind = 'fathom.sync'", &later)
	assert.Equal(t, 1, later, "a second sync follows, in case Fathom's list is late")
}

func TestMessagesThatFathomHasNotSignedHaveNoEffect(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	before := len(p.Simulator.Requests())
	const other = "whsec_b3RoZXJzZWNyZXRvZnNvbWVib2R5"
	for name, options := range map[string][]simulator.DeliverOption{
		"another secret": {simulator.SignedWith(other)},
		"too old":        {simulator.SignedAt(time.Now().Add(-6 * time.Minute))},
		"too new":        {simulator.SignedAt(time.Now().Add(6 * time.Minute))},
	} {
		assert.Equal(t, 401, deliver(p, hook, options...), name)
	}
	assert.Equal(t, 200, deliver(p, hook, simulator.WithExtraSignature("v1,bm90aGluZw=="), simulator.WithBody([]byte("not JSON"))), "nothing is decoded")

	send := func(url string, body []byte) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	assert.Equal(t, 401, send(hook.URL, []byte("{}")), "no signature")
	assert.Equal(t, 404, send(p.URL+"/api/fathom/unknown", []byte("{}")))
	assert.Equal(t, 413, send(hook.URL, make([]byte, 2<<20)))
	p.Eventually(func() bool { return len(p.Simulator.Requests()) > before }) // of the only valid one
	assert.NotContains(t, p.Log.String(), hook.URL[strings.LastIndex(hook.URL, "/")+1:], "the path isn't logged")
}

func TestMessageDoesNotWakeAnArchivedDatabase(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	p.Eventually(func() bool {
		return p.App.Databases.Archive(t.Context(), []string{p.Name}, func(userdb.Outcome) {}) == nil && p.RegistryRow(p.Name)["status"] == "archived"
	})
	before := countSyncs(p)
	assert.Equal(t, 200, deliver(p, hook))
	assert.Equal(t, "archived", p.RegistryRow(p.Name)["status"])
	assert.Equal(t, before, countSyncs(p))
}

func TestWebhookThatCannotBeConfirmedIsReplaced(t *testing.T) {
	t.Parallel()
	clock := clocktest.New(time.Now())
	s := apptest.Start(t, apptest.Options{Settings: webhookSettings, Now: clock.Now})
	p := s.SignUp("ada@example.com")
	s.Simulator.Inject(simulator.Fault{Method: "POST", Path: "/external/v1/webhooks", Status: 500})
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	p.Eventually(func() bool { return countEndpoints(p, "lost") == 1 })
	p.Eventually(func() bool {
		clock.Advance(5 * time.Second)
		return countEndpoints(p, "active") == 1
	})
	assert.Len(t, s.Simulator.Webhooks(), 1)

	refusing := s.SignUp("grace@example.com")
	s.Simulator.Inject(simulator.Fault{Method: "POST", Path: "/external/v1/webhooks", Status: 403, Times: -1})
	require.Equal(t, "valid", refusing.SaveKey(simulator.DemoAPIKey).Text("status"))
	p.Eventually(func() bool { return countEndpoints(p, "refused") == 1 })
	require.Equal(t, "completed", refusing.RunJob("fathom.sync", map[string]any{}).Text("status"), "a plan without webhooks is no refused key")
	assert.Equal(t, "valid", refusing.ListOwn("connections", "")[0]["status"])
}

func TestCallAboutAReadyFileEndsTheWait(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: append([]string{"FATHOM_POLL_INTERVAL=10m"}, webhookSettings...)})
	p := s.SignUpWithMeetings("ada@example.com")
	_, err := s.Simulator.Change(1001, simulator.ReadyAfter(time.Second)) // long enough for the job to wait for the next poll
	require.NoError(t, err)
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	require.Len(t, p.ListOwn("recordings", apptest.RecordingFilter(1001)), 1)

	for _, path := range []string{"/api/fathom/unknown/1001", "/api/fathom/unknown/x"} {
		assert.Equal(t, 404, p.Call(http.MethodPost, p.URL+path, "", map[string]any{}).Status, path)
	}
	s.Eventually(func() bool { return len(s.Simulator.Webhooks()) == 1 })
	hook := s.Simulator.Webhooks()[0]
	assert.Equal(t, 404, p.Call(http.MethodPost, hook.URL+"/1001", "", map[string]any{}).Status, "a webhook's address is for signed messages only")
}
