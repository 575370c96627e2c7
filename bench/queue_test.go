// The benchmarks of the queue run by `go test -run '^$' -bench . ./bench`. They compare it with goqite and with
// a bare compare-and-set, all in one run: quote ratios, because machines differ.
package main_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/require"
	"maragu.dev/goqite"

	"github.com/fathom-to-loom/fathom-to-loom/app/jobfeed"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
)

// finishedJobs is the size of a queue that has been in use for a long time.
const finishedJobs = 1_000_000

// queueUsers is how many users have jobs.
const queueUsers = 100

// jobPayload has the size of a typical one.
var jobPayload = `{"recording_id":1001,"note":"` + fmt.Sprintf("%0180d", 0) + `"}`

// contender is a queue to measure.
type contender interface {
	enqueue(b *testing.B, n int)
	work(completed func()) // claims and completes jobs until none is left
}

func BenchmarkEnqueue(b *testing.B) {
	for name, open := range map[string]func(*testing.B) contender{"bare": openBare, "goqite": openGoqite, "queue": openQueue(0, 0)} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			b.ResetTimer()
			s.enqueue(b, b.N)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}

// BenchmarkClaimAndComplete runs jobs that do nothing. goqite deletes completed jobs; the queue keeps
// them, with their history.
func BenchmarkClaimAndComplete(b *testing.B) {
	for _, workers := range []int{1, 4} {
		run := func(name string, open func(*testing.B) contender) {
			b.Run(fmt.Sprintf("workers=%d/%s", workers, name), func(b *testing.B) {
				s := open(b)
				s.enqueue(b, b.N)
				var done atomic.Int64
				b.ResetTimer()
				var wg sync.WaitGroup
				for range workers {
					wg.Go(func() {
						s.work(func() { done.Add(1) })
					})
				}
				wg.Wait()
				b.StopTimer()
				require.EqualValues(b, b.N, done.Load())
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
			})
		}
		run("bare", openBare)
		run("goqite", openGoqite)
		run("queue", openQueue(0, 0))
		run("queue,finished=1M", openQueue(finishedJobs, 0))
		run("queue,subscribers=1", openQueue(0, 1))
		run("queue,subscribers=10", openQueue(0, 10))
		run("queue,finished=1M,subscribers=10", openQueue(finishedJobs, 10))
		run("bare,again", openBare)
	}
}

// BenchmarkEnqueueToStart measures the time from the call that saves a job to the start of its handler,
// on an idle queue.
func BenchmarkEnqueueToStart(b *testing.B) {
	for _, finished := range []int{0, finishedJobs} {
		b.Run(fmt.Sprintf("finished=%d", finished), func(b *testing.B) {
			f := openQueue(finished, 0)(b).(*fullQueue)
			f.pb.OnRecordAfterCreateSuccess("global_queue").BindFunc(func(e *core.RecordEvent) error {
				f.queue.RecordChanged(queue.ActionCreate, e.Record)
				return e.Next()
			})
			started := make(chan time.Time, 1)
			w := worker.New(worker.Config{Queue: f.queue})
			w.Handle("work", func(context.Context, queue.Job, queue.Report) (any, error) {
				started <- time.Now()
				return nil, nil
			})
			require.NoError(b, w.Start(b.Context()))
			b.Cleanup(func() { require.NoError(b, w.Stop(context.Background())) })
			var took []time.Duration
			b.ResetTimer()
			for range b.N {
				began := time.Now()
				f.enqueue(b, 1)
				took = append(took, (<-started).Sub(began))
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "ms-p50")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "ms-p99")
		})
	}
}

// fullQueue is the queue with its job feed.
type fullQueue struct {
	pb    *core.BaseApp
	queue *queue.Queue
	added atomic.Int64
}

// filledDir returns the directory of a database with finished jobs, which is created once.
var filledDir = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "queue-bench-")
	if err != nil {
		return "", err
	}
	pb, closeApp, err := queuetest.OpenIn(dir)
	if err != nil {
		return "", err
	}
	_, err = pb.NonconcurrentDB().NewQuery(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:count})
		INSERT INTO global_queue (id, user, kind, payload, status, run_at, started_at, finished_at,
			attempts, max_attempts, claims, created, updated, progress)
		SELECT printf('done%011d', i), {:user}, 'work', {:payload}, 'completed', {:at}, {:at},
			strftime('%Y-%m-%d %H:%M:%fZ', 'now', '-' || (i / 10) || ' seconds'), 1, 5, 1, {:at}, {:at}, 1 FROM n`).
		Bind(dbx.Params{"count": finishedJobs, "user": queuetest.Users[0], "payload": jobPayload, "at": nowText()}).Execute()
	if err == nil {
		_, err = pb.NonconcurrentDB().NewQuery("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").Execute()
	}
	if closeErr := closeApp(); err == nil {
		err = closeErr
	}
	return dir, err
})

func openQueue(finished, subscribers int) func(*testing.B) contender {
	return func(b *testing.B) contender {
		dir := b.TempDir()
		pb, closeApp, err := queuetest.OpenIn(dir)
		require.NoError(b, err)
		if finished > 0 {
			require.NoError(b, closeApp())
			source, err := filledDir()
			require.NoError(b, err)
			require.NoError(b, os.Remove(filepath.Join(dir, "data.db")))
			copyFile(b, filepath.Join(source, "data.db"), filepath.Join(dir, "data.db"))
			pb = core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
			require.NoError(b, pb.Bootstrap())
			closeApp = func() error { return pb.ResetBootstrapState() }
		}
		for i := range queueUsers {
			row := dbx.Params{"id": userID(i), "tokenKey": userID(i), "email": userID(i) + "@example.com"}
			_, err := pb.NonconcurrentDB().Insert("users", row).Execute()
			require.NoError(b, err)
		}
		f := &fullQueue{pb: pb, queue: queue.New(queue.Config{App: pb, Concurrency: 64})}
		f.queue.Define(queue.Kind{Name: "work", Check: func(json.RawMessage) (string, error) {
			return fmt.Sprint(f.added.Add(1)), nil
		}})
		feed := jobfeed.New(jobfeed.Config{App: pb, Queue: f.queue})
		require.NoError(b, feed.Start(b.Context()))
		require.NoError(b, f.queue.Start(b.Context()))
		stop := f.subscribe(b, feed, subscribers)
		b.Cleanup(func() {
			require.NoError(b, f.queue.Stop(context.Background()))
			stop()
			require.NoError(b, feed.Stop(context.Background()))
			require.NoError(b, closeApp())
		})
		return f
	}
}

// subscribe opens n streams that subscribe to jobs. The first belongs to a superuser, who sees all jobs;
// the others belong to a user who sees none of them.
func (f *fullQueue) subscribe(b *testing.B, feed *jobfeed.Feed, n int) (stop func()) {
	var reading sync.WaitGroup
	var clients []*sse.Client
	for i := range n {
		subscriber, err := f.pb.FindRecordById("users", queuetest.Users[0])
		require.NoError(b, err)
		if i == 0 {
			collection, err := f.pb.FindCollectionByNameOrId(core.CollectionNameSuperusers)
			require.NoError(b, err)
			subscriber = core.NewRecord(collection)
		}
		client := sse.NewClient(func() {}, feed.Handles)
		client.Set(apis.RealtimeClientAuthKey, subscriber)
		client.Subscribe("global_queue/*")
		f.pb.SubscriptionsBroker().Register(client)
		clients = append(clients, client)
		reading.Go(func() {
			for !client.IsDiscarded() {
				select {
				case <-client.Channel():
				case <-time.After(50 * time.Millisecond):
				}
			}
		})
	}
	return func() {
		for _, client := range clients {
			client.Discard()
		}
		reading.Wait()
	}
}

func (f *fullQueue) enqueue(b *testing.B, n int) {
	for range n {
		_, err := f.queue.Add(context.Background(), f.pb, userID(int(f.added.Load())%queueUsers), "work", jobPayload)
		require.NoError(b, err)
	}
}

func (f *fullQueue) work(completed func()) {
	ctx := context.Background()
	job, err := f.queue.Claim(ctx, "host-4711-MZXW6YTB")
	for err == nil && job != nil {
		var next *queue.Job
		if next, err = f.queue.CompleteAndClaim(ctx, *job, nil); err != nil {
			return
		}
		completed()
		if job = next; job == nil {
			job, err = f.queue.Claim(ctx, "host-4711-MZXW6YTB")
		}
	}
}

// bareQueue is a compare-and-set on a table with one index, without prepared statements.
type bareQueue struct{ db *dbx.DB }

func openBare(b *testing.B) contender {
	db, err := core.DefaultDBConnect(filepath.Join(b.TempDir(), "bare.db"))
	require.NoError(b, err)
	db.DB().SetMaxOpenConns(1)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	for _, statement := range []string{
		`CREATE TABLE jobs (id TEXT PRIMARY KEY, payload TEXT NOT NULL, status TEXT NOT NULL, priority INTEGER NOT NULL DEFAULT 0,
			run_at TEXT NOT NULL, worker TEXT NOT NULL DEFAULT '', claimed_at TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0)`,
		`CREATE INDEX jobs_claim ON jobs (status, priority DESC, run_at)`,
	} {
		_, err := db.NewQuery(statement).Execute()
		require.NoError(b, err)
	}
	return &bareQueue{db: db}
}

func (s *bareQueue) enqueue(b *testing.B, n int) {
	for range n {
		row := dbx.Params{"id": core.GenerateDefaultRandomId(), "payload": jobPayload, "status": "pending", "run_at": nowText()}
		_, err := s.db.Insert("jobs", row).Execute()
		require.NoError(b, err)
	}
}

func (s *bareQueue) work(completed func()) {
	for {
		row := dbx.NullStringMap{}
		err := s.db.NewQuery(`UPDATE jobs SET status = 'processing', worker = {:worker}, claimed_at = {:now}, attempts = attempts + 1
			WHERE id = (SELECT id FROM jobs WHERE status = 'pending' AND run_at <= {:now} ORDER BY priority DESC, run_at LIMIT 1)
			AND status = 'pending' AND claimed_at = '' RETURNING *`).Bind(dbx.Params{"worker": "w", "now": nowText()}).One(row)
		if err != nil {
			return
		}
		_, err = s.db.NewQuery(`UPDATE jobs SET status = 'completed' WHERE id = {:id} AND status = 'processing' AND worker = {:worker}`).
			Bind(dbx.Params{"id": row["id"].String, "worker": "w"}).Execute()
		if err != nil {
			return
		}
		completed()
	}
}

type goqiteQueue struct{ queue *goqite.Queue }

func openGoqite(b *testing.B) contender {
	db, err := core.DefaultDBConnect(filepath.Join(b.TempDir(), "goqite.db"))
	require.NoError(b, err)
	db.DB().SetMaxOpenConns(1)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	require.NoError(b, goqiteSchema(b.Context(), db.DB()))
	return &goqiteQueue{queue: goqite.New(goqite.NewOpts{DB: db.DB(), Name: "jobs", Timeout: time.Minute})}
}

// goqiteSchema creates https://github.com/maragudk/goqite/blob/v0.4.0/schema_sqlite.sql.
func goqiteSchema(ctx context.Context, db *sql.DB) error {
	for _, statement := range []string{
		`create table goqite (
			id text primary key default ('m_' || lower(hex(randomblob(16)))),
			created text not null default (strftime('%Y-%m-%dT%H:%M:%fZ')),
			updated text not null default (strftime('%Y-%m-%dT%H:%M:%fZ')),
			queue text not null, body blob not null,
			timeout text not null default (strftime('%Y-%m-%dT%H:%M:%fZ')),
			received integer not null default 0, priority integer not null default 0) strict`,
		`create trigger goqite_updated_timestamp after update on goqite begin
			update goqite set updated = strftime('%Y-%m-%dT%H:%M:%fZ') where id = old.id; end`,
		`create index goqite_queue_priority_created_idx on goqite (queue, priority desc, created)`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (g *goqiteQueue) enqueue(b *testing.B, n int) {
	for range n {
		require.NoError(b, g.queue.Send(context.Background(), goqite.Message{Body: []byte(jobPayload)}))
	}
}

func (g *goqiteQueue) work(completed func()) {
	for {
		message, err := g.queue.Receive(context.Background())
		if err != nil || message == nil || g.queue.Delete(context.Background(), message.ID) != nil {
			return
		}
		completed()
	}
}

func userID(i int) string { return fmt.Sprintf("someone%08d", i) }

func nowText() string { return time.Now().UTC().Format(types.DefaultDateLayout) }

func copyFile(b *testing.B, from, to string) {
	content, err := os.ReadFile(from)
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(to, content, 0o600))
}
