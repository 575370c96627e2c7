package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
)

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.steps", "60"); err != nil { // a job's life is long
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// bench is a queue on a database of its own, with a clock that is moved by hand.
type bench struct {
	t testing.TB
	*queue.Queue
	pb    *core.BaseApp
	clock *clock
	users []string
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newBench(t testing.TB, concurrency int) *bench {
	t.Helper()
	b := &bench{t: t, pb: queuetest.Open(t), clock: &clock{now: time.Now()}, users: queuetest.Users}
	b.Queue = b.another(queue.Config{Concurrency: concurrency})
	t.Cleanup(func() { require.NoError(t, b.Stop(context.Background())) })
	return b
}

// another is a queue of another process on the same database, by the same clock.
func (b *bench) another(cfg queue.Config) *queue.Queue {
	cfg.App, cfg.Now = b.pb, b.clock.Now
	return newQueue(cfg)
}

func newQueue(cfg queue.Config) *queue.Queue {
	cfg.Lease = time.Minute
	q := queue.New(cfg)
	q.ReadAlways()
	q.Define(queue.Kind{Name: "work", MaxAttempts: 3, Check: func(payload json.RawMessage) (string, error) {
		return string(payload), nil
	}})
	q.Define(queue.Kind{Name: "other", MaxAttempts: 3, Limit: 1, Check: func(payload json.RawMessage) (string, error) {
		if string(payload) == `{"n":"bad"}` {
			return "", errors.New("That is no good.")
		}
		return string(payload), nil
	}})
	return q
}

// add enqueues a job; payloads must differ, since equal work is queued once.
func (b *bench) add(user, payload string) string {
	b.t.Helper()
	return b.addKind("work", user, payload)
}

func (b *bench) addKind(kind, user, payload string) string {
	b.t.Helper()
	id, err := b.Add(b.t.Context(), b.pb, user, kind, fmt.Sprintf(`{"n":%q}`, payload))
	require.NoError(b.t, err)
	b.clock.Advance(time.Millisecond) // so that run_at tells the order
	return id
}

func (b *bench) record(id string) *core.Record {
	b.t.Helper()
	record, err := b.pb.FindRecordById("global_queue", id)
	require.NoError(b.t, err)
	return record
}

func (b *bench) status(id string) string {
	b.t.Helper()
	return b.record(id).GetString("status")
}

func (b *bench) claim(worker string) *queue.Job {
	b.t.Helper()
	job, err := b.Claim(b.t.Context(), worker)
	require.NoError(b.t, err)
	return job
}
