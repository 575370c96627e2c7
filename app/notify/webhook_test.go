package notify_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// receiver is the person's own program that receives webhooks.
type receiver struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	status   int
	messages []message
	delay    time.Duration // by which each message moves skew
	skew     *atomic.Int64 // of the server's clock, in nanoseconds
}

type message struct {
	ID   string
	Type string `json:"type"`
	Data struct {
		RecordingID int    `json:"recording_id"`
		Title       string `json:"title"`
		Text        string `json:"text"`
		URL         string `json:"url"`
	} `json:"data"`
}

func startReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t, status: 204, skew: new(atomic.Int64)}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

// ServeHTTP verifies the signature of a message and keeps it.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	assert.NoError(r.t, err)
	secret, err := standardwebhooks.ParseSecret(hookSecret)
	assert.NoError(r.t, err)
	id, err := standardwebhooks.Verify([]standardwebhooks.Secret{secret}, request.Header, body, time.Now())
	assert.NoError(r.t, err)
	assert.Equal(r.t, "application/json", request.Header.Get("Content-Type"))
	received := message{ID: id}
	assert.NoError(r.t, json.Unmarshal(body, &received))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, received)
	r.skew.Add(int64(r.delay))
	if r.status == http.StatusFound {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(r.status)
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// received returns the messages of a type; blank means all.
func (r *receiver) received(kind string) (messages []message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.messages {
		if kind == "" || m.Type == kind {
			messages = append(messages, m)
		}
	}
	return messages
}

func startWithReceiver(t *testing.T, settings map[string]any) (*apptest.Server, *receiver, apptest.Person) {
	t.Helper()
	r := startReceiver(t)
	s := apptest.Start(t, apptest.Options{Now: func() time.Time { return time.Now().Add(time.Duration(r.skew.Load())) }})
	p := s.SignUpWithMeetings("ada@example.com")
	settings = with(settings, "url", r.URL+"/hook")
	saved := p.Own("POST", connectionsPath, map[string]any{"provider": "webhook", "secret": hookSecret, "settings": settings})
	require.Equal(t, 200, saved.Status, saved.Raw)
	require.Equal(t, "valid", waitForCheck(p, "webhook")["status"])
	require.Len(t, r.received("test"), 1)
	return s, r, p
}

func TestWebhookReportsNotices(t *testing.T) {
	t.Parallel()
	s, r, p := startWithReceiver(t, nil)
	transferAll(p, 1001, 1002)
	p.Eventually(func() bool { return len(r.received("transfer.your_turn")) == 2 })
	first := r.received("transfer.your_turn")[0]
	notices := p.ListOwn("notices", "recording_id = 1001")
	require.Len(t, notices, 1)
	assert.Equal(t, notices[0]["id"], first.ID)
	assert.Equal(t, 1001, first.Data.RecordingID)
	assert.Equal(t, notices[0]["text"], first.Data.Text)
	meeting := p.ListOwn("meetings", "recording_id = 1001")[0]
	assert.Equal(t, meeting["title"], first.Data.Title)
	assert.Equal(t, s.URL+"/meetings/"+meeting["id"].(string), first.Data.URL)
	p.Eventually(func() bool { return len(p.ListOwn("notices", "hook = 'sent'")) == 2 })
}

func TestOnlyChosenEventsAreReported(t *testing.T) {
	t.Parallel()
	_, r, p := startWithReceiver(t, map[string]any{"events": []string{"transfer.failed"}})
	transferAll(p, 1001)
	assert.Equal(t, []any{""}, states(p.ListOwn("notices", ""), "hook"))
	assert.Empty(t, r.received("transfer.your_turn"))
}

func TestWebhookIsRetriedWithTheSameID(t *testing.T) {
	t.Parallel()
	_, r, p := startWithReceiver(t, nil)
	for _, status := range []int{500, 302, 404} {
		r.answer(status)
		before := len(r.received("transfer.your_turn"))
		if before == 0 {
			transferAll(p, 1001)
		} else {
			runNow(p, "payload ~ 'webhook'")
		}
		p.Eventually(func() bool { return len(jobs(p, "status = 'failed' && payload ~ 'webhook'")) == 1 })
		assert.Len(t, r.received("transfer.your_turn"), before+1, "status %d: redirects aren't followed", status)
	}
	r.answer(200)
	assert.Equal(t, "completed", runNow(p, "payload ~ 'webhook'").Text("status"))
	ids := map[string]bool{}
	for _, m := range r.received("transfer.your_turn") {
		ids[m.ID] = true
	}
	assert.Len(t, ids, 1)
	assert.Equal(t, []any{"sent"}, states(p.ListOwn("notices", ""), "hook"))
}

func TestSlowReceiverOccupiesNoSlotForLong(t *testing.T) {
	t.Parallel()
	_, r, p := startWithReceiver(t, nil)
	r.answer(500)
	transferAll(p, 1001, 1002, 1003)
	p.Eventually(func() bool { return len(jobs(p, "status = 'failed' && payload ~ 'webhook'")) == 1 })
	before := jobs(p, "payload ~ 'webhook'")[0]["claims"].(float64)
	r.mu.Lock()
	r.status, r.delay = 204, 11*time.Second
	r.mu.Unlock()
	job := runNow(p, "payload ~ 'webhook'")
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Equal(t, []any{"sent", "sent", "sent"}, states(p.ListOwn("notices", ""), "hook"))
	assert.Equal(t, before+2, job.Get("claims"), "the second run sends what the first one has left after 20 s")
}

func TestReceiverThatIsGoneIsSwitchedOff(t *testing.T) {
	t.Parallel()
	_, r, p := startWithReceiver(t, nil)
	r.answer(410)
	transferAll(p, 1001)
	p.Eventually(func() bool { return len(p.ListOwn("notices", "hook = 'skipped'")) == 1 })
	connection := waitForCheck(p, "webhook")
	assert.Equal(t, "invalid", connection["status"])
	assert.Contains(t, connection["reason"], "410")
	r.answer(204)
	transferAll(p, 1002)
	assert.Len(t, r.received("transfer.your_turn"), 1)
}

func TestWebhooksOnThisNetworkAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"FATHOM_API_URL=https://192.0.2.1/external/v1"}})
	p := s.SignUp("ada@example.com")
	for url, status := range map[string]int{
		"http://hooks.example.com/": 400, "https://127.0.0.1/": 400, "https://[::1]/": 400, "https://[64:ff9b::a9fe:a9fe]/": 400,
		"https://localhost/": 200, // its address is checked when dialing
	} {
		saved := p.Own("POST", connectionsPath, map[string]any{"provider": "webhook", "secret": hookSecret, "settings": map[string]any{"url": url}})
		require.Equal(t, status, saved.Status, "%s: %s", url, saved.Raw)
	}
	connection := waitForCheck(p, "webhook")
	assert.Equal(t, "invalid", connection["status"])
	assert.Equal(t, "This address is not allowed.", connection["reason"])
}
