package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

func TestMain(m *testing.M) {
	// A job goes through many changes. The command line overrides this.
	if err := flag.Set("rapid.steps", "60"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// harness is a queue with a database and a clock of its own.
type harness struct {
	t testing.TB
	*queue.Queue
	pb    *core.BaseApp
	clock *clocktest.Clock
	users []string
}

func newHarness(t testing.TB, concurrency int) *harness {
	t.Helper()
	h := &harness{t: t, pb: queuetest.Open(t), clock: clocktest.New(time.Now()), users: queuetest.Users}
	h.Queue = h.newQueue(queue.Config{Concurrency: concurrency})
	t.Cleanup(func() { require.NoError(t, h.Stop(context.Background())) })
	return h
}

// newQueue returns a queue as another process on the same database would have it, with the same clock.
func (h *harness) newQueue(cfg queue.Config) *queue.Queue {
	cfg.App, cfg.Now = h.pb, h.clock.Now
	return newQueue(cfg)
}

func newQueue(cfg queue.Config) *queue.Queue {
	cfg.Lease = time.Minute
	q := queue.New(cfg)
	q.Define(queue.Kind{Name: "work", MaxAttempts: 3, Check: func(payload json.RawMessage) (string, error) {
		return string(payload), nil
	}})
	q.Define(queue.Kind{Name: "other", MaxAttempts: 3, Limit: 1, Check: func(payload json.RawMessage) (string, error) {
		if string(payload) == `{"n":"bad"}` {
			return "", errors.New("This payload is invalid.")
		}
		return string(payload), nil
	}})
	return q
}

// add creates a job of the kind "work". Payloads must differ, because equal jobs are refused.
func (h *harness) add(user, payload string) string {
	h.t.Helper()
	return h.addKind("work", user, payload)
}

func (h *harness) addKind(kind, user, payload string) string {
	h.t.Helper()
	id, err := h.Add(h.t.Context(), h.pb, user, kind, fmt.Sprintf(`{"n":%q}`, payload))
	require.NoError(h.t, err)
	h.clock.Advance(time.Millisecond) // so that run_at reflects the order
	return id
}

// addDead creates a job and makes it dead.
func (h *harness) addDead(user, payload string) string {
	h.t.Helper()
	id := h.add(user, payload)
	job := h.claim("w")
	require.Equal(h.t, id, job.ID)
	_, err := h.Fail(h.t.Context(), *job, queue.Permanent("No.", errors.New("cause")))
	require.NoError(h.t, err)
	return id
}

func (h *harness) record(id string) *core.Record {
	h.t.Helper()
	record, err := h.pb.FindRecordById("global_queue", id)
	require.NoError(h.t, err)
	return record
}

func (h *harness) status(id string) queue.Status {
	h.t.Helper()
	return queue.Status(h.record(id).GetString("status"))
}

func (h *harness) claim(worker string) *queue.Job {
	h.t.Helper()
	job, err := h.Claim(h.t.Context(), worker)
	require.NoError(h.t, err)
	return job
}

func (h *harness) claimAndComplete() {
	h.t.Helper()
	require.NoError(h.t, h.Complete(h.t.Context(), *h.claim("w"), nil))
}

// completeAll claims and completes all ready jobs and returns their users in that order.
func (h *harness) completeAll() []string {
	h.t.Helper()
	var users []string
	for {
		job := h.claim("w")
		if job == nil {
			return users
		}
		users = append(users, job.UserID)
		require.NoError(h.t, h.Complete(h.t.Context(), *job, nil))
	}
}

func isRunningNowhere(string) bool { return false }
