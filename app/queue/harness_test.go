package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	_ "github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var userIDs = []string{"useraaaaaaaaaaa", "userbbbbbbbbbbb", "userccccccccccc"}

// migrated is a migrated global database with users, made once and copied for every test.
var migrated = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "queue-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := pb.Bootstrap(); err != nil {
		return nil, err
	}
	if err := pb.RunAllMigrations(); err != nil {
		return nil, err
	}
	users, err := pb.FindCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	for _, id := range userIDs {
		user := core.NewRecord(users)
		user.Id = id
		user.SetEmail(id + "@example.com")
		user.SetRandomPassword()
		if err := pb.SaveNoValidate(user); err != nil {
			return nil, err
		}
	}
	if err := closeApp(pb); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
})

func closeApp(pb *core.BaseApp) error {
	event := new(core.TerminateEvent)
	event.App = pb
	return pb.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() })
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
	files, err := migrated()
	require.NoError(t, err)
	dir := t.TempDir()
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	b := &bench{t: t, pb: core.NewBaseApp(core.BaseAppConfig{DataDir: dir}), clock: &clock{now: time.Now()}, users: userIDs}
	require.NoError(t, b.pb.Bootstrap())
	t.Cleanup(func() { require.NoError(t, closeApp(b.pb)) })
	b.Queue = b.another(queue.Config{Concurrency: concurrency})
	t.Cleanup(func() { require.NoError(t, b.Stop(context.Background())) })
	return b
}

// another is a queue of another process on the same database, by the same clock.
func (b *bench) another(cfg queue.Config) *queue.Queue {
	cfg.App, cfg.Lease, cfg.Now = b.pb, time.Minute, b.clock.Now
	q := queue.New(cfg)
	q.Define(queue.Kind{Name: "work", MaxAttempts: 3, Check: func(payload json.RawMessage) (string, error) {
		return string(payload), nil
	}})
	q.Define(queue.Kind{Name: "other", Limit: 1, Check: func(payload json.RawMessage) (string, error) {
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
