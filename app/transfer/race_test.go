package transfer_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// countingUploader counts uploads. It holds the first one, even when its context ends, until it is released.
type countingUploader struct {
	uploads atomic.Int64
	started chan struct{}
	release chan struct{}
}

func (*countingUploader) Name() string { return "test" }

func (u *countingUploader) Upload(context.Context, loom.Delivery) (loom.Outcome, error) {
	if u.uploads.Add(1) == 1 {
		close(u.started)
		<-u.release
	}
	return loom.Outcome{AwaitShareURL: true}, nil
}

// loseLease makes another worker think that the process of a running job hangs.
func loseLease(s *apptest.Server, id string) {
	s.T.Helper()
	held, err := s.App.Queue.Find(id)
	require.NoError(s.T, err)
	require.Equal(s.T, "processing", held.GetString("status"))
	s.Eventually(func() bool {
		_, err := s.App.NonconcurrentDB().NewQuery("UPDATE global_queue SET lease_expires_at = '2000-01-01 00:00:00.000Z'" +
			" WHERE id = {:id} AND status = 'processing' AND claims = {:claims}").
			Bind(dbx.Params{"id": id, "claims": held.GetInt("claims")}).Execute()
		require.NoError(s.T, err)
		require.NoError(s.T, s.App.Queue.Rescue(s.T.Context(), func(string) bool { return false }))
		job, err := s.App.Queue.Find(id)
		require.NoError(s.T, err)
		return job.GetInt("claims") > held.GetInt("claims")
	})
}

func TestTwoWorkersDeliverAMeetingOnce(t *testing.T) {
	t.Parallel()
	for _, during := range []string{"download", "delivery"} {
		t.Run(during, func(t *testing.T) {
			t.Parallel()
			uploader := &countingUploader{started: make(chan struct{}), release: make(chan struct{})}
			s, p := startWithMeetings(t, apptest.Options{
				SimulatorConfig: simulator.Config{RecordingSize: 2 << 20},
				Prepare:         func(s *apptest.Server) { s.App.Uploader = uploader },
			})
			p.T = t
			second := worker.New(worker.Config{Queue: s.App.Queue})
			for kind, handler := range s.App.Transfers.Handlers() {
				second.Handle(kind, handler)
			}
			downloading := make(chan struct{})
			if during == "download" {
				close(uploader.release)
				s.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 1 << 20, Hold: downloading})
			}
			id := enqueueTransfer(p, 1001).Text("id")
			if during == "download" {
				waitForTransferStatus(p, 1001, "downloading")
			} else {
				<-uploader.started
			}
			require.NoError(t, second.Start(context.Background()))
			t.Cleanup(func() { require.NoError(t, second.Stop(context.Background())) })
			loseLease(s, id)
			if during == "download" {
				close(downloading)
			} else {
				close(uploader.release)
			}
			s.Eventually(func() bool {
				_ = s.App.Queue.Reschedule(s.App, id, 0, "") // instead of waiting for the first run to end
				return p.Job(id).Text("status") == "completed"
			})
			assert.EqualValues(t, 1, uploader.uploads.Load(), "the recording is delivered once")
			waitForTransferStatus(p, 1001, "awaiting_share_url")
			requireStoredAsAtFathom(p, 1001)
			job, err := s.App.Queue.Find(id)
			require.NoError(t, err)
			assert.True(t, slices.ContainsFunc(queue.ParseHistory(job.GetString("history")), func(a queue.Attempt) bool {
				return a.Outcome == queue.OutcomeInterrupted
			}), "the first worker lost its lease: %s", job.GetString("history"))
		})
	}
}
