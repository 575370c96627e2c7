package hooks_test

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	s.Eventually(func() bool {
		return len(s.Simulator.Webhooks()) == 1 && countEndpoints(p, "active") == 1 && len(p.Jobs("processing")) == 0
	})
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

const preferencesPath = "/api/collections/preferences/records"

func savePreference(p apptest.Person, key string, value any) apptest.Answer {
	p.T.Helper()
	saved := p.Own(http.MethodPost, preferencesPath, map[string]any{"key": key, "value": value})
	require.Equal(p.T, 200, saved.Status, saved.Raw)
	return saved
}

func TestPreferenceActsAtOnce(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	syncs := countSyncs(p)
	refused := p.Own(http.MethodPost, preferencesPath, map[string]any{"key": "webhook", "value": "no"})
	assert.Equal(t, 400, refused.Status, refused.Raw)
	saved := savePreference(p, "webhook", false)
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 0 })
	assert.Equal(t, 404, p.Call(http.MethodPost, hook.URL, "", map[string]any{}).Status)

	_, err := p.Simulator.Change(1001, simulator.ReadyAfter(time.Second))
	require.NoError(t, err)
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	assert.Zero(t, countHints(p), "Fathom isn't asked to call about files either")

	path := preferencesPath + "/" + saved.Text("id")
	require.Equal(t, 200, p.Own(http.MethodPatch, path, map[string]any{"value": true}).Status)
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 1 && countEndpoints(p, "active") == 1 })
	require.Equal(t, 200, p.Own(http.MethodPatch, path, map[string]any{"value": false}).Status)
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 0 })
	require.Equal(t, 204, p.Own(http.MethodDelete, path, nil).Status)
	p.Eventually(func() bool { return len(p.Simulator.Webhooks()) == 1 })
	assert.Equal(t, syncs, countSyncs(p), "no sync was needed")
}

func countHints(p apptest.Person) (n int) {
	p.T.Helper()
	apptest.QueryRow(p.T, p.GlobalFile(), "SELECT COUNT(*) FROM fathom_endpoints WHERE purpose = 'download'", &n)
	return n
}

// skewedClock is the real time, moved forward.
type skewedClock struct{ skew atomic.Int64 }

func (c *skewedClock) Now() time.Time { return time.Now().Add(time.Duration(c.skew.Load())) }

func (c *skewedClock) advance(d time.Duration) { c.skew.Add(int64(d)) }

// sendSigned sends a message to a webhook that may be gone at Fathom.
func sendSigned(p apptest.Person, hook simulator.Webhook, id string, at time.Time) int {
	p.T.Helper()
	body := []byte(`{"recording_id": 1001}`)
	signature, err := simulator.SignWebhook(hook.Secret, id, at, body)
	require.NoError(p.T, err)
	request, err := http.NewRequestWithContext(p.T.Context(), http.MethodPost, hook.URL, bytes.NewReader(body))
	require.NoError(p.T, err)
	request.Header.Set("webhook-id", id)
	request.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	request.Header.Set("webhook-signature", signature)
	return p.Do(request).Status
}

func TestWebhookIsReplacedWhenItsTriggersChange(t *testing.T) {
	t.Parallel()
	clock := &skewedClock{}
	p, old := startWithWebhook(t, apptest.Options{Now: clock.Now})
	saved := savePreference(p, "sync_others", map[string]any{"enabled": true})
	replaced := func() simulator.Webhook {
		var hooks []simulator.Webhook
		p.Eventually(func() bool {
			hooks = p.Simulator.Webhooks()
			return len(hooks) == 1 && hooks[0].ID != old.ID && countEndpoints(p, "active") == 1
		})
		return hooks[0]
	}
	hook := replaced()
	all := []string{"my_recordings", "my_shared_with_team_recordings", "shared_external_recordings", "shared_team_recordings"}
	assert.Equal(t, all, hook.TriggeredFor)

	assert.Equal(t, 200, sendSigned(p, hook, "msg_new", clock.Now()))
	assert.Equal(t, 200, sendSigned(p, old, "msg_late", clock.Now()), "messages are still on their way")
	mixed := old
	mixed.URL = hook.URL
	assert.Equal(t, 401, sendSigned(p, mixed, "msg_mixed", clock.Now()))
	clock.advance(25 * time.Hour)
	assert.Equal(t, 410, sendSigned(p, old, "msg_later", clock.Now()))
	assert.Equal(t, 200, sendSigned(p, hook, "msg_newer", clock.Now()))
	require.NoError(t, p.App.Transfers.PruneEndpoints(t.Context()))
	assert.Equal(t, 404, sendSigned(p, old, "msg_latest", clock.Now()))

	path := preferencesPath + "/" + saved.Text("id")
	old = hook
	require.Equal(t, 200, p.Own(http.MethodPatch, path, map[string]any{"value": map[string]any{"enabled": false}}).Status)
	old = replaced()
	p.Simulator.Inject(simulator.Fault{Method: "POST", Path: "/external/v1/webhooks", Status: 400}) // as without a team plan
	require.Equal(t, 200, p.Own(http.MethodPatch, path, map[string]any{"value": map[string]any{"enabled": true}}).Status)
	hook = replaced()
	assert.Equal(t, []string{"my_recordings", "shared_external_recordings"}, hook.TriggeredFor)
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	assert.Equal(t, hook.ID, p.Simulator.Webhooks()[0].ID, "what Fathom refused isn't tried again")
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
	lost := p.ListOwn("notices", "kind = 'webhook_lost'")
	require.Len(t, lost, 1)
	assert.Contains(t, lost[0]["text"], "delete the older one")
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
	assert.Empty(t, refusing.ListOwn("notices", ""), "and there is nothing to delete")
	assert.Equal(t, "valid", refusing.ListOwn("connections", "")[0]["status"])
}

func TestWebhookWithoutUsableIDIsLost(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: webhookSettings})
	p := s.SignUp("ada@example.com")
	s.Simulator.Inject(simulator.Fault{
		Method: "POST", Path: "/external/v1/webhooks", Status: 201, Body: `{"id": "..", "url": "https://example.com", "secret": "whsec_b3RoZXJzZWNyZXRvZnNvbWVib2R5"}`,
	})
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	p.Eventually(func() bool {
		return countEndpoints(p, "lost") == 1 && len(p.ListOwn("notices", "kind = 'webhook_lost'")) == 1
	})
	assert.Zero(t, countEndpoints(p, "active"))
}

func TestConcurrentDuplicatesActOnce(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	before := countSyncs(p)
	at := time.Now()
	var senders sync.WaitGroup
	for range 20 {
		senders.Go(func() {
			status, err := p.Simulator.DeliverWebhook(t.Context(), hook.ID, 1001, simulator.WithMessageID("msg_once"), simulator.SignedAt(at))
			assert.NoError(t, err)
			assert.Equal(t, 200, status)
		})
	}
	senders.Wait()
	p.Eventually(func() bool { return countSyncs(p) == before+1 })
	var messages, active int
	apptest.QueryRow(t, p.GlobalFile(), "SELECT COUNT(*) FROM fathom_messages", &messages)
	assert.Equal(t, 1, messages)
	p.Eventually(func() bool {
		apptest.QueryRow(t, p.GlobalFile(), "SELECT COUNT(*) FROM global_queue WHERE kind = 'fathom.sync' AND status IN ('pending', 'processing')", &active)
		return active == 0
	})
	assert.Equal(t, before+1, countSyncs(p))
}

func TestMessageThatWasRefusedIsAcceptedWhenFathomSendsItAgain(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	added, err := p.Simulator.AddMeeting()
	require.NoError(t, err)
	rename := func(from, to string) {
		_, err := p.App.NonconcurrentDB().NewQuery("ALTER TABLE " + from + " RENAME TO " + to).Execute()
		require.NoError(t, err)
	}
	rename("fathom_messages", "unavailable")
	assert.Equal(t, 503, deliver(p, hook, simulator.WithMessageID("msg_again"), simulator.Retried(2)))
	rename("unavailable", "fathom_messages")
	require.Equal(t, 200, deliver(p, hook, simulator.WithMessageID("msg_again"), simulator.Retried(2)))
	p.Eventually(func() bool { return len(p.ListOwn("meetings", apptest.RecordingFilter(added.RecordingID))) == 1 })
}

func TestTransfersShareOneAddressForCallsAboutFiles(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: append([]string{"FATHOM_POLL_INTERVAL=10m", "WORKER_CONCURRENCY=8", "WORKER_PER_USER=8"}, webhookSettings...)})
	p := s.SignUpWithMeetings("ada@example.com")
	transfer := func(ids ...int) {
		var jobs []string
		for _, id := range ids {
			_, err := s.Simulator.Change(int64(id), simulator.ReadyAfter(time.Second)) // long enough to wait for the next poll
			require.NoError(t, err)
		}
		for _, id := range ids {
			jobs = append(jobs, p.Enqueue("recording.transfer", map[string]any{"recording_id": id}).Text("id"))
		}
		for _, id := range jobs {
			p.Eventually(func() bool { return p.Job(id).Text("status") == "completed" })
		}
		require.Equal(t, 1, countHints(p))
	}
	transfer(1001, 1002, 1003, 1004, 1005, 1006)

	// As if the database had been created anew, with another key.
	_, err := s.App.NonconcurrentDB().NewQuery(`UPDATE fathom_endpoints SET secrets = '[{"sealed": "v1.AAAA"}]' WHERE purpose = 'download'`).Execute()
	require.NoError(t, err)
	transfer(1007)
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
