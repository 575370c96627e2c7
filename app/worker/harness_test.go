package worker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		runCrashProcess(dir, os.Getenv(crashEffects))
		return
	}
	goleak.VerifyTestMain(m)
}

// harness is a worker with a queue and a database of its own.
type harness struct {
	t        *testing.T
	pb       *core.BaseApp
	queue    *queue.Queue
	user     string
	statuses chan queue.Status // of jobs that changed and don't run, the latest in each delivery
	observe  func(queue.Change)
	log      logtest.Buffer
}

func newHarness(t *testing.T, lease time.Duration) *harness {
	t.Helper()
	h := &harness{t: t, pb: queuetest.Open(t), user: queuetest.Users[0], statuses: make(chan queue.Status, 100), observe: func(queue.Change) {}}
	h.queue = queue.New(queue.Config{App: h.pb, Concurrency: 2, Lease: lease})
	h.define(queue.Kind{MaxAttempts: 2})
	h.queue.OnChange(func(_ context.Context, changes []queue.Change) {
		for _, change := range changes {
			if change.Action == queue.ActionUpdate && change.Status != queue.StatusProcessing {
				h.statuses <- change.Status
			}
			h.observe(change)
		}
	})
	t.Cleanup(func() { require.NoError(t, h.queue.Stop(context.Background())) })
	return h
}

// define sets the properties of the kind "work".
func (h *harness) define(kind queue.Kind) {
	kind.Name = "work"
	kind.Check = func(payload json.RawMessage) (string, error) { return string(payload), nil }
	h.queue.Define(kind)
}

// start starts a worker that doesn't poll during the test.
func (h *harness) start(handler queue.Handler) *worker.Worker {
	h.t.Helper()
	return h.startWith(worker.Config{PollInterval: time.Hour}, handler)
}

func (h *harness) startWith(cfg worker.Config, handler queue.Handler) *worker.Worker {
	h.t.Helper()
	cfg.Queue, cfg.Logger = h.queue, slog.New(slog.NewTextHandler(&h.log, nil))
	w := worker.New(cfg)
	if handler != nil {
		w.Handle("work", handler)
	}
	require.NoError(h.t, h.queue.Start(h.t.Context()))
	require.NoError(h.t, w.Start(h.t.Context()))
	h.t.Cleanup(func() { require.NoError(h.t, w.Stop(context.Background())) })
	return w
}

// add creates a job and wakes the worker.
func (h *harness) add(n int) string {
	h.t.Helper()
	id, err := h.queue.Add(h.t.Context(), h.pb, h.user, "work", fmt.Sprintf(`{"n":%d}`, n))
	require.NoError(h.t, err)
	h.queue.Wake()
	return id
}

// addOrphan creates a job that is running in a process that is gone.
func (h *harness) addOrphan(n int, worker string, lease time.Duration) string {
	h.t.Helper()
	var id string
	err := h.pb.RunInTransaction(func(tx core.App) (err error) { // a running worker must not see the job before it is an orphan
		if id, err = h.queue.Add(h.t.Context(), tx, h.user, "work", fmt.Sprintf(`{"n":%d}`, n)); err != nil {
			return err
		}
		_, err = tx.NonconcurrentDB().NewQuery(`UPDATE global_queue SET status = 'processing', worker_id = {:worker},
			claimed_at = {:now}, started_at = {:now}, lease_expires_at = {:lease}, attempts = 1, claims = 1, ready = FALSE WHERE id = {:id}`).
			Bind(dbx.Params{
				"id": id, "worker": worker, "now": time.Now().UTC().Format(types.DefaultDateLayout),
				"lease": time.Now().Add(lease).UTC().Format(types.DefaultDateLayout),
			}).Execute()
		return err
	})
	require.NoError(h.t, err)
	return id
}

func (h *harness) record(id string) *core.Record {
	h.t.Helper()
	record, err := h.pb.FindRecordById("global_queue", id)
	require.NoError(h.t, err)
	return record
}

// outcomes returns how the attempts at a job ended.
func (h *harness) outcomes(id string) []queue.Outcome {
	h.t.Helper()
	var outcomes []queue.Outcome
	for _, attempt := range queue.ParseHistory(h.record(id).GetString("history")) {
		outcomes = append(outcomes, attempt.Outcome)
	}
	return outcomes
}

// nextStatus waits until a job that doesn't run changes and returns its status.
func (h *harness) nextStatus() queue.Status {
	h.t.Helper()
	select {
	case status := <-h.statuses:
		return status
	case <-time.After(20 * time.Second):
		h.t.Fatal("no job changed")
		return ""
	}
}

func (h *harness) waitUntilFinished(id string) *core.Record {
	h.t.Helper()
	for {
		record := h.record(id)
		if queue.Status(record.GetString("status")).IsFinished() {
			return record
		}
		h.nextStatus()
	}
}

func noop(context.Context, queue.Job, queue.Report) (any, error) { return nil, nil }

// untilCancelled returns a handler that closes running and then runs until its context ends.
func untilCancelled(running chan<- struct{}) queue.Handler {
	return func(ctx context.Context, _ queue.Job, _ queue.Report) (any, error) {
		close(running)
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
}
