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
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

// Several processes work on one database and are killed at random points, while a server outside them
// records the effects of their jobs.
const (
	crashDir     = "WORKER_CRASH_DIR"     // set in the processes: the data directory
	crashEffects = "WORKER_CRASH_EFFECTS" // set in the processes: the URL of the server

	crashProcesses   = 3
	crashConcurrency = 4
	crashLease       = time.Second
)

var crashJobs, crashKills = testsize.Of(300, 2000), testsize.Of(30, 300)

func newCrashQueue(pb core.App) *queue.Queue {
	q := queue.New(queue.Config{App: pb, Concurrency: crashConcurrency, Lease: crashLease})
	q.Define(queue.Kind{Name: "work", MaxAttempts: 50, Check: func(p json.RawMessage) (string, error) { return string(p), nil }})
	return q
}

// runCrashProcess is the main function of the processes. They run until they are killed.
func runCrashProcess(dir, effectsURL string) {
	check := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
	}
	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	check(pb.Bootstrap())
	q := newCrashQueue(pb)
	check(q.Start(context.Background()))
	w := worker.New(worker.Config{Queue: q, PollInterval: 100 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	w.Handle("work", func(ctx context.Context, job queue.Job, report queue.Report) (any, error) {
		report("effect", 0.5)
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, effectsURL, nil)
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
	check(w.Start(context.Background()))
	select {}
}

// effects is a server on which each job has its effect. A repeated request has none.
type effects struct {
	mu       sync.Mutex
	random   *rand.Rand
	done     map[string]int // effects by key
	requests int
	open     map[string]int // current requests by key
	overlaps int            // requests that arrived while one with the same key was open
}

func (e *effects) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	select { // the work, which a kill interrupts
	case <-time.After(e.begin(key)):
	case <-r.Context().Done():
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open[key]--
	if e.done[key] == 0 {
		e.done[key]++
	}
}

// begin records a request and returns how long it takes.
func (e *effects) begin(key string) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.requests++
	if e.open[key]++; e.open[key] > 1 {
		e.overlaps++
	}
	return time.Duration(e.random.IntN(60)) * time.Millisecond
}

func (e *effects) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.requests
}

// crashProcess is a worker process that can be killed and started again.
type crashProcess struct {
	t           *testing.T
	environment []string
	log         *os.File
	command     *exec.Cmd
}

func (p *crashProcess) start() {
	p.t.Helper()
	p.command = exec.Command(os.Args[0])
	p.command.Env = append(os.Environ(), p.environment...)
	p.command.Stderr = p.log
	require.NoError(p.t, p.command.Start())
}

func (p *crashProcess) kill() {
	p.t.Helper()
	require.NoError(p.t, p.command.Process.Kill())
	assert.EqualError(p.t, p.command.Wait(), "signal: killed", "the process had already exited")
}

func TestKilledProcessesLoseNoJobAndRepeatNoEffect(t *testing.T) {
	t.Parallel()
	random := testseed.New(t)
	dir := t.TempDir()
	pb, closeApp, err := queuetest.OpenIn(dir)
	require.NoError(t, err)
	q := newCrashQueue(pb)
	var ids []string
	for i := range crashJobs {
		id, err := q.Add(t.Context(), pb, queuetest.Users[i%3], "work", fmt.Sprintf(`{"n":%d}`, i))
		require.NoError(t, err)
		ids = append(ids, id)
	}
	// A kill point is a number of requests. Each job makes at least one, so all points are reached.
	killPoints, victims := make([]int, crashKills), make([]int, crashKills)
	for i := range crashKills {
		killPoints[i], victims[i] = random.IntN(crashJobs-crashConcurrency), random.IntN(crashProcesses)
	}
	slices.Sort(killPoints)
	world := &effects{random: random, done: map[string]int{}, open: map[string]int{}}
	server := httptest.NewServer(world)
	t.Cleanup(server.Close)

	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	processes := make([]*crashProcess, crashProcesses)
	for i := range processes {
		processes[i] = &crashProcess{t: t, environment: []string{crashDir + "=" + dir, crashEffects + "=" + server.URL}, log: log}
		processes[i].start()
	}
	defer func() {
		for _, process := range processes {
			process.kill()
		}
		require.NoError(t, q.Stop(context.Background()))
		require.NoError(t, closeApp())
		if t.Failed() {
			content, err := os.ReadFile(log.Name())
			require.NoError(t, err)
			t.Logf("%.20000s", content)
		}
	}()

	check, deadline := time.NewTicker(5*time.Millisecond), time.After(testsize.Of(90*time.Second, 15*time.Minute))
	defer check.Stop()
	for kills := 0; ; {
		var completed, running int
		require.NoError(t, pb.NonconcurrentDB().NewQuery(`SELECT COUNT(CASE WHEN status = 'completed' THEN 1 END),
			COUNT(CASE WHEN status = 'processing' THEN 1 END) FROM global_queue`).Row(&completed, &running))
		require.LessOrEqual(t, running, crashConcurrency)
		if completed == crashJobs && kills == crashKills {
			break
		}
		if kills < crashKills && world.count() >= killPoints[kills] {
			process := processes[victims[kills]]
			process.kill()
			process.start()
			kills++
		}
		select {
		case <-check.C:
		case <-deadline:
			require.Failf(t, "a job is stuck", "%d of %d jobs are completed after %d of %d kills", completed, crashJobs, kills, crashKills)
		}
	}

	world.mu.Lock()
	defer world.mu.Unlock()
	assert.Len(t, world.done, crashJobs)
	for _, id := range ids {
		assert.Equal(t, 1, world.done[id], "effects of job %s", id)
	}
	records, err := pb.FindAllRecords("global_queue")
	require.NoError(t, err)
	interrupted := 0
	for _, job := range records {
		assert.Equal(t, "completed", job.GetString("status"))
		history := queue.ParseHistory(job.GetString("history"))
		interrupted += len(history) - 1
		for i, attempt := range history {
			completed := attempt.Outcome == queue.Outcome(queue.StatusCompleted)
			assert.Equal(t, i == len(history)-1, completed, "only the last attempt completes job %s", job.Id)
		}
	}
	assert.Positive(t, interrupted, "a kill must interrupt a job")
	assert.LessOrEqual(t, world.requests, crashJobs+interrupted, "a job runs again only after an interruption")
	t.Logf("%d kills interrupted %d attempts; of %d requests, %d overlapped with one for the same job",
		crashKills, interrupted, world.requests, world.overlaps)
}
