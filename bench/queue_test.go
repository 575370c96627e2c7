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

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/jobfeed"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
)

// finishedJobs is how many a queue has that has been used for a while.
const finishedJobs = 1_000_000

// users take turns.
const users = 100

// payload is of the size of a small job.
var payload = `{"recording_id":1001,"note":"` + fmt.Sprintf("%0180d", 0) + `"}`

// subject is a queue that jobs are put into and taken from.
type subject interface {
	enqueue(b *testing.B, n int)
	work(count func()) // claims jobs and completes them until none is left
}

func BenchmarkEnqueue(b *testing.B) {
	for name, open := range map[string]func(*testing.B) subject{"bare": openBare, "goqite": openGoqite, "queue": openOurs(0, 0)} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			b.ResetTimer()
			s.enqueue(b, b.N)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}

// BenchmarkClaimAndComplete runs jobs that do nothing. bare is a compare-and-set on
// a table of its own with one index, not prepared; goqite deletes what is done.
func BenchmarkClaimAndComplete(b *testing.B) {
	for _, workers := range []int{1, 4} {
		run := func(name string, open func(*testing.B) subject) {
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
		run("queue", openOurs(0, 0))
		run("queue,finished=1M", openOurs(finishedJobs, 0))
		run("queue,subscribers=1", openOurs(0, 1))
		run("queue,subscribers=10", openOurs(0, 10))
		run("queue,finished=1M,subscribers=10", openOurs(finishedJobs, 10))
		run("bare,again", openBare)
	}
}

// BenchmarkEnqueueToStart is from the call that saves a job to the start of its
// handler, on a queue that is empty.
func BenchmarkEnqueueToStart(b *testing.B) {
	for _, finished := range []int{0, finishedJobs} {
		b.Run(fmt.Sprintf("finished=%d", finished), func(b *testing.B) {
			o := openOurs(finished, 0)(b).(*ours)
			o.pb.OnRecordAfterCreateSuccess("global_queue").BindFunc(func(e *core.RecordEvent) error {
				o.queue.RecordChanged(queue.ActionCreate, e.Record)
				return e.Next()
			})
			started := make(chan time.Time, 1)
			w := worker.New(worker.Config{Queue: o.queue})
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
				o.enqueue(b, 1)
				took = append(took, (<-started).Sub(began))
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "ms-p50")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "ms-p99")
		})
	}
}

// ours is the queue with everything that hangs on it.
type ours struct {
	pb    *core.BaseApp
	queue *queue.Queue
	added atomic.Int64
}

// filled is a database with finished jobs, made once.
var filled = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "queue-bench-")
	if err != nil {
		return "", err
	}
	pb, closed, err := queuetest.OpenIn(dir)
	if err != nil {
		return "", err
	}
	_, err = pb.NonconcurrentDB().NewQuery(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:count})
		INSERT INTO global_queue (id, user, kind, payload, status, run_at, started_at, finished_at, attempts, max_attempts, claims, created, updated, progress)
		SELECT printf('done%011d', i), {:user}, 'work', {:payload}, 'completed', {:at}, {:at}, strftime('%Y-%m-%d %H:%M:%fZ', 'now', '-' || (i / 10) || ' seconds'),
			1, 5, 1, {:at}, {:at}, 1 FROM n`).
		Bind(dbx.Params{"count": finishedJobs, "user": queuetest.Users[0], "payload": payload, "at": time.Now().UTC().Format(types.DefaultDateLayout)}).Execute()
	if err == nil {
		_, err = pb.NonconcurrentDB().NewQuery("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").Execute()
	}
	if closeErr := closed(); err == nil {
		err = closeErr
	}
	return dir, err
})

func openOurs(finished, subscribers int) func(*testing.B) subject {
	return func(b *testing.B) subject {
		dir := b.TempDir()
		pb, closed, err := queuetest.OpenIn(dir)
		require.NoError(b, err)
		if finished > 0 {
			require.NoError(b, closed())
			from, err := filled()
			require.NoError(b, err)
			require.NoError(b, os.Remove(filepath.Join(dir, "data.db")))
			copyFile(b, filepath.Join(from, "data.db"), filepath.Join(dir, "data.db"))
			pb = core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
			require.NoError(b, pb.Bootstrap())
			closed = func() error { return pb.ResetBootstrapState() }
		}
		for i := range users {
			_, err := pb.NonconcurrentDB().Insert("users", dbx.Params{"id": userID(i), "tokenKey": userID(i), "email": userID(i) + "@example.com"}).Execute()
			require.NoError(b, err)
		}
		o := &ours{pb: pb, queue: queue.New(queue.Config{App: pb, Concurrency: 64})}
		o.queue.Define(queue.Kind{Name: "work", Check: func(json.RawMessage) (string, error) {
			return fmt.Sprint(o.added.Add(1)), nil
		}})
		l := jobfeed.New(jobfeed.Config{App: pb, Queue: o.queue})
		require.NoError(b, l.Start())
		require.NoError(b, o.queue.Start(b.Context()))
		stop := o.subscribe(b, l, subscribers)
		b.Cleanup(func() {
			require.NoError(b, o.queue.Stop(context.Background()))
			stop()
			require.NoError(b, l.Stop(context.Background()))
			require.NoError(b, closed())
		})
		return o
	}
}

// subscribe has as many streams follow the jobs that they may see: the first is of
// a superuser, who sees all; the others are of a user who sees none of them.
func (o *ours) subscribe(b *testing.B, l *jobfeed.Service, n int) (stop func()) {
	var reading sync.WaitGroup
	var clients []*gateway.StreamClient
	for i := range n {
		follower, err := o.pb.FindRecordById("users", queuetest.Users[0])
		require.NoError(b, err)
		if i == 0 {
			collection, err := o.pb.FindCollectionByNameOrId(core.CollectionNameSuperusers)
			require.NoError(b, err)
			follower = core.NewRecord(collection)
		}
		client := gateway.NewStreamClient(func() {}, l.Withhold)
		client.Set(apis.RealtimeClientAuthKey, follower)
		client.Subscribe("global_queue/*")
		o.pb.SubscriptionsBroker().Register(client)
		clients = append(clients, client)
		gone := make(chan struct{})
		b.Cleanup(func() { close(gone) })
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

func (o *ours) enqueue(b *testing.B, n int) {
	for range n {
		_, err := o.queue.Add(context.Background(), o.pb, userID(int(o.added.Load())%users), "work", payload)
		require.NoError(b, err)
	}
}

func (o *ours) work(count func()) {
	ctx := context.Background()
	job, err := o.queue.Claim(ctx, "host-4711-MZXW6YTB")
	for err == nil && job != nil {
		var next *queue.Job
		if next, err = o.queue.CompleteAndClaim(ctx, *job, nil); err != nil {
			return
		}
		count()
		if job = next; job == nil {
			job, err = o.queue.Claim(ctx, "host-4711-MZXW6YTB")
		}
	}
}

// bare is a compare-and-set on a table of its own: what a queue on SQLite costs at
// least that doesn't prepare its statements.
type bare struct{ db *dbx.DB }

func openBare(b *testing.B) subject {
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
	return &bare{db: db}
}

func (s *bare) enqueue(b *testing.B, n int) {
	for range n {
		_, err := s.db.Insert("jobs", dbx.Params{"id": core.GenerateDefaultRandomId(), "payload": payload, "status": "pending", "run_at": stamp()}).Execute()
		require.NoError(b, err)
	}
}

func (s *bare) work(count func()) {
	for {
		row := dbx.NullStringMap{}
		err := s.db.NewQuery(`UPDATE jobs SET status = 'processing', worker = {:worker}, claimed_at = {:now}, attempts = attempts + 1
			WHERE id = (SELECT id FROM jobs WHERE status = 'pending' AND run_at <= {:now} ORDER BY priority DESC, run_at LIMIT 1)
			AND status = 'pending' AND claimed_at = '' RETURNING *`).Bind(dbx.Params{"worker": "w", "now": stamp()}).One(row)
		if err != nil {
			return
		}
		_, err = s.db.NewQuery(`UPDATE jobs SET status = 'completed' WHERE id = {:id} AND status = 'processing' AND worker = {:worker}`).
			Bind(dbx.Params{"id": row["id"].String, "worker": "w"}).Execute()
		if err != nil {
			return
		}
		count()
	}
}

type peer struct{ queue *goqite.Queue }

func openGoqite(b *testing.B) subject {
	db, err := core.DefaultDBConnect(filepath.Join(b.TempDir(), "goqite.db"))
	require.NoError(b, err)
	db.DB().SetMaxOpenConns(1)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	require.NoError(b, goqiteSchema(b.Context(), db.DB()))
	return &peer{queue: goqite.New(goqite.NewOpts{DB: db.DB(), Name: "jobs", Timeout: time.Minute})}
}

// goqiteSchema is https://github.com/maragudk/goqite/blob/v0.4.0/schema_sqlite.sql.
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

func (p *peer) enqueue(b *testing.B, n int) {
	for range n {
		require.NoError(b, p.queue.Send(context.Background(), goqite.Message{Body: []byte(payload)}))
	}
}

func (p *peer) work(count func()) {
	for {
		message, err := p.queue.Receive(context.Background())
		if err != nil || message == nil || p.queue.Delete(context.Background(), message.ID) != nil {
			return
		}
		count()
	}
}

func userID(i int) string { return fmt.Sprintf("someone%08d", i) }

func stamp() string { return time.Now().UTC().Format(types.DefaultDateLayout) }

func copyFile(b *testing.B, from, to string) {
	content, err := os.ReadFile(from)
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(to, content, 0o600))
}
