package jobfeed_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/jobfeed"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
)

// harness is a feed with a queue and a database of its own.
type harness struct {
	t     *testing.T
	pb    *core.BaseApp
	queue *queue.Queue
	feed  *jobfeed.Feed
}

func newHarness(t *testing.T) *harness { return newHarnessAt(t, nil) }

// newHarnessAt returns a harness whose queue has a clock of its own; nil means time.Now.
func newHarnessAt(t *testing.T, now func() time.Time) *harness {
	t.Helper()
	h := &harness{t: t, pb: queuetest.Open(t)}
	h.queue = queue.New(queue.Config{App: h.pb, Concurrency: 4, Now: now})
	h.queue.Define(queue.Kind{Name: "work", Check: func(payload json.RawMessage) (string, error) { return string(payload), nil }})
	h.feed = jobfeed.New(jobfeed.Config{App: h.pb, Queue: h.queue})
	for action, event := range map[string]interface {
		BindFunc(func(e *core.RecordEvent) error) string
	}{
		queue.ActionCreate: h.pb.OnRecordAfterCreateSuccess("global_queue"), queue.ActionDelete: h.pb.OnRecordAfterDeleteSuccess("global_queue"),
	} {
		event.BindFunc(func(e *core.RecordEvent) error {
			h.queue.RecordChanged(action, e.Record)
			return e.Next()
		})
	}
	require.NoError(t, h.feed.Start(t.Context()))
	require.NoError(t, h.queue.Start(t.Context()))
	t.Cleanup(func() {
		require.NoError(t, h.queue.Stop(context.Background()))
		for id := range h.pb.SubscriptionsBroker().Clients() {
			h.pb.SubscriptionsBroker().Unregister(id)
		}
		require.NoError(t, h.feed.Stop(context.Background()))
	})
	return h
}

func (h *harness) user(i int) *core.Record {
	h.t.Helper()
	user, err := h.pb.FindRecordById("users", queuetest.Users[i])
	require.NoError(h.t, err)
	return user
}

func (h *harness) superuser() *core.Record {
	h.t.Helper()
	collection, err := h.pb.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	require.NoError(h.t, err)
	superuser := core.NewRecord(collection)
	superuser.Id = "superuseraaaaaa"
	return superuser
}

// add creates a job of a user. Payloads must differ.
func (h *harness) add(user int, payload string) string {
	h.t.Helper()
	id, err := h.queue.Add(h.t.Context(), h.pb, queuetest.Users[user], "work", payload)
	require.NoError(h.t, err)
	return id
}

// stream is a realtime client whose messages a test reads one by one.
type stream struct {
	*jobfeed.TestClient
	t *testing.T
}

// subscribe connects a client. A nil auth is a guest.
func (h *harness) subscribe(auth *core.Record, topics ...string) *stream {
	h.t.Helper()
	s := &stream{TestClient: jobfeed.NewTestClient(), t: h.t}
	if auth != nil {
		s.Set(apis.RealtimeClientAuthKey, auth)
	}
	s.Subscribe(topics...)
	h.pb.SubscriptionsBroker().Register(s)
	return s
}

type message struct {
	topic  string
	Action string         `json:"action"`
	Record map[string]any `json:"record"`
}

// next returns the next message. Its data is decoded into into, if that isn't nil.
func (s *stream) next(into any) message {
	s.t.Helper()
	select {
	case raw := <-s.Channel():
		m := message{topic: raw.Name}
		if into == nil {
			into = &m
		}
		require.NoError(s.t, json.Unmarshal(raw.Data, into))
		return m
	case <-time.After(20 * time.Second):
		s.t.Fatal("no message arrived")
		return message{}
	}
}

// nextJob returns the action and the id of the job in the next message.
func (s *stream) nextJob() [2]string {
	s.t.Helper()
	m := s.next(nil)
	id, _ := m.Record["id"].(string)
	return [2]string{m.Action, id}
}
