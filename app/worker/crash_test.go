package worker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
)

// Several processes work on one database and are killed at random, while a server
// outside them takes the effects of their jobs.
const (
	tortureDir     = "WORKER_TORTURE_DIR"
	tortureEffects = "WORKER_TORTURE_EFFECTS"

	tortureProcesses   = 3
	tortureConcurrency = 4
	tortureJobs        = 300
	tortureKills       = 30
	tortureEvery       = 18 // at most so many effects from one kill to the next
	tortureLease       = time.Second
)

func tortureQueue(pb core.App) *queue.Queue {
	q := queue.New(queue.Config{App: pb, Concurrency: tortureConcurrency, Lease: tortureLease})
	q.Define(queue.Kind{Name: "work", MaxAttempts: 50, Check: func(p json.RawMessage) (string, error) { return string(p), nil }})
	return q
}

// tortureProcess is one of the processes: it works until it is killed.
func tortureProcess(dir, effects string) {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
	}
	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	fail(pb.Bootstrap())
	q := tortureQueue(pb)
	fail(q.Start(context.Background()))
	w := worker.New(worker.Config{Queue: q, PollInterval: 100 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	w.Handle("work", func(ctx context.Context, job queue.Job, report queue.Report) (any, error) {
		report("effect", 0.5)
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, effects, nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Idempotency-Key", job.ID)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, err
		}
		return nil, response.Body.Close()
	})
	fail(w.Start(context.Background()))
	select {}
}

// effects is the world outside: what happens to it happens once for each key, and
// it sees who is at work on what.
type effects struct {
	mu      sync.Mutex
	done    map[string]int // effects by key
	asked   int
	at      map[string]int // requests under way by key
	doubles int
}

func (e *effects) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	e.mu.Lock()
	e.asked++
	if e.at[key]++; e.at[key] > 1 {
		e.doubles++
	}
	e.mu.Unlock()
	select { // the work, which a kill cuts short
	case <-time.After(time.Duration(rand.IntN(60)) * time.Millisecond):
	case <-r.Context().Done():
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.at[key]--
	if e.done[key] == 0 {
		e.done[key]++
	}
}

func TestKilledWorkersLoseNothingAndDoNothingTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pb, closed, err := queuetest.OpenIn(dir)
	require.NoError(t, err)
	q := tortureQueue(pb)
	var ids []string
	for i := range tortureJobs {
		id, err := q.Add(t.Context(), pb, queuetest.Users[i%3], "work", fmt.Sprintf(`{"n":%d}`, i))
		require.NoError(t, err)
		ids = append(ids, id)
	}
	world := &effects{done: map[string]int{}, at: map[string]int{}}
	server := httptest.NewServer(world)
	t.Cleanup(server.Close)

	processes := make([]*exec.Cmd, tortureProcesses)
	logs, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, logs.Close()) })
	spawn := func(i int) {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), tortureDir+"="+dir, tortureEffects+"="+server.URL)
		command.Stderr = logs
		require.NoError(t, command.Start())
		processes[i] = command
	}
	kill := func(i int) {
		require.NoError(t, processes[i].Process.Kill())
		assert.EqualError(t, processes[i].Wait(), "signal: killed", "it ended by itself")
	}
	for i := range processes {
		spawn(i)
	}
	defer func() {
		for i := range processes {
			kill(i)
		}
		require.NoError(t, q.Stop(context.Background()))
		require.NoError(t, closed())
		if t.Failed() {
			content, err := os.ReadFile(logs.Name())
			require.NoError(t, err)
			t.Logf("%.20000s", content)
		}
	}()

	counts := func() (completed, running int) {
		require.NoError(t, pb.NonconcurrentDB().NewQuery(`SELECT COUNT(CASE WHEN status = 'completed' THEN 1 END),
			COUNT(CASE WHEN status = 'processing' THEN 1 END) FROM global_queue`).Row(&completed, &running))
		return completed, running
	}
	asked := func() int {
		world.mu.Lock()
		defer world.mu.Unlock()
		return world.asked
	}
	kills, next := 0, rand.IntN(tortureEvery)
	require.Eventually(t, func() bool {
		completed, running := counts()
		assert.LessOrEqual(t, running, tortureConcurrency)
		if kills < tortureKills && asked() >= next { // while there is something to interrupt
			i := rand.IntN(tortureProcesses)
			kill(i)
			spawn(i)
			kills++
			next = asked() + rand.IntN(tortureEvery)
		}
		return completed == tortureJobs && kills == tortureKills
	}, 90*time.Second, 5*time.Millisecond, "a job is stuck")

	world.mu.Lock()
	defer world.mu.Unlock()
	assert.Len(t, world.done, tortureJobs)
	for _, id := range ids {
		assert.Equal(t, 1, world.done[id], "the effect of job %s", id)
	}
	record, err := pb.FindAllRecords("global_queue")
	require.NoError(t, err)
	interrupted := 0
	for _, job := range record {
		assert.Equal(t, "completed", job.GetString("status"))
		history := queue.ParseHistory(job.GetString("history"))
		interrupted += len(history) - 1
		assert.Equal(t, "completed", history[len(history)-1].Outcome)
	}
	assert.Positive(t, interrupted, "no kill met a job")
	t.Logf("%d kills interrupted %d attempts; effects were asked for %d times, %d of them while another process was at it", kills, interrupted, world.asked, world.doubles)
}
