package jobfeed_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withOptions returns a topic with options as the SDK sends them.
func withOptions(t *testing.T, topic string, query map[string]any) string {
	t.Helper()
	options, err := json.Marshal(map[string]any{"query": query, "headers": map[string]any{"X-Example": "1"}})
	require.NoError(t, err)
	return topic + "?options=" + url.QueryEscape(string(options))
}

func filtered(t *testing.T, filter string) string {
	t.Helper()
	return withOptions(t, allJobs, map[string]any{"filter": filter})
}

func TestFilterDecidesWhichChangesAreSent(t *testing.T) {
	t.Parallel()
	for i, c := range []struct {
		filter string
		want   []string // statuses of the two messages that arrive first
	}{
		{`status != ""`, []string{"pending", "cancelled"}},
		{`payload.n >= 2 && kind = "work"`, []string{"pending", "cancelled"}},
		{`user.id != "" && attempts = 0`, []string{"pending", "cancelled"}},
		{`status = "cancelled"`, []string{"cancelled"}},
		{`user.global_queue_via_user.kind ?= "work" && status = "cancelled"`, []string{"cancelled"}},
	} {
		h := newHarness(t) // of its own: a change may be sent twice, and would reach the subscriber of the next filter, too
		s := h.subscribe(h.user(0), filtered(t, c.filter))
		id := h.add(0, fmt.Sprintf(`{"n":%d}`, i+2))
		assertStatus := func(want string) {
			t.Helper()
			m := s.next(nil)
			assert.Equal(t, id, m.Record["id"], c.filter)
			assert.Equal(t, want, m.Record["status"], c.filter)
			assert.Contains(t, m.topic, "?options=", "the SDK finds its callback by the whole topic")
		}
		if len(c.want) == 2 {
			assertStatus(c.want[0])
		}
		require.NoError(t, h.queue.Cancel(h.pb, id))
		assertStatus("cancelled")
		s.Discard()
	}
}

func TestDeletedJobIsComparedInItsLastState(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	other, s := h.subscribe(h.user(0), filtered(t, `payload.n != 1`)), h.subscribe(h.user(0), filtered(t, `payload.n = 1`))
	first, second := h.add(0, `{"n":1}`), h.add(0, `{"n":2}`)
	require.Equal(t, [2]string{"create", first}, s.nextJob())
	require.Equal(t, [2]string{"create", second}, other.nextJob())
	for _, id := range []string{second, first} {
		job, err := h.queue.Find(id)
		require.NoError(t, err)
		require.NoError(t, h.pb.Delete(job))
	}
	assert.Equal(t, [2]string{"delete", first}, s.nextJob())
	assert.Equal(t, [2]string{"delete", second}, other.nextJob())
}

func TestFieldsAndExpandOfASubscription(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	id := h.add(0, `{"n":1}`)
	s := h.subscribe(h.user(0), withOptions(t, "global_queue/"+id, map[string]any{"fields": "status,expand.user.id", "expand": "user"}))
	require.NoError(t, h.queue.Cancel(h.pb, id))
	m := s.next(nil)
	for m.Record["status"] != "cancelled" { // the creation may be delivered after the subscription
		m = s.next(nil)
	}
	assert.Equal(t, map[string]any{"status": "cancelled", "expand": map[string]any{"user": map[string]any{"id": h.user(0).Id}}}, m.Record)
}

func TestTopicsWithOptionsAreForVisibleJobsAndFieldsOnly(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	other, superuser := h.subscribe(h.user(1), filtered(t, `id != ""`)), h.subscribe(h.superuser(), filtered(t, `id != ""`))
	hidden := h.subscribe(h.user(0), filtered(t, `worker_id = "" || worker_id != ""`), filtered(t, `@collection.users.id != ""`), filtered(t, `((`))
	owner := h.subscribe(h.user(0), filtered(t, `id != ""`))
	first := h.add(0, `{"n":1}`)
	m := owner.next(nil)
	assert.Equal(t, first, m.Record["id"])
	assert.NotContains(t, m.Record, "worker_id")
	assert.Contains(t, superuser.next(nil).Record, "worker_id")
	second := h.add(1, `{"n":2}`)
	assert.Equal(t, [2]string{"create", second}, other.nextJob(), "the first message is about the client's own job")
	select {
	case message := <-hidden.Channel():
		t.Errorf("a filter with a hidden or an invalid field matches: %s", message.Data)
	default:
	}
}

func TestClientThatMissesChangesIsDisconnected(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	// Each comparison searches the payload of all the user's jobs.
	slow := make([]string, 24)
	for i := range slow {
		slow[i] = `user.global_queue_via_user.user.global_queue_via_user.payload ~ "%` + strings.Repeat("x%", 50) + fmt.Sprint(i) + `"`
	}
	for i := range 300 {
		h.add(0, fmt.Sprintf(`{"n":%d,"x":"%s"}`, i, strings.Repeat("x", 150)))
	}
	s := h.subscribe(h.user(0), filtered(t, strings.Join(slow, " || ")))
	owner := h.subscribe(h.user(0), allJobs)
	other := h.subscribe(h.user(1), filtered(t, `id != ""`))
	h.add(0, `{"last":true}`)
	id := h.add(1, `{"n":1}`)
	assert.Equal(t, [2]string{"create", id}, other.nextJob(), "another user's filter has its turn")
	<-s.Discarded()
	assert.False(t, owner.IsDiscarded(), "streams without options miss nothing")
}
