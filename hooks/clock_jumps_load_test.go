package hooks_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// enqueueAll creates a transfer of every recording, one after the other, and sends the ids of the jobs that the server has accepted.
func enqueueAll(t *testing.T, p apptest.Person, meetings []simulator.Meeting, accepted *atomic.Int32) (ids []string) {
	for _, meeting := range meetings {
		created, err := apptest.Send(http.MethodPost, p.URL+apptest.JobsPath, p.Token,
			map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": meeting.RecordingID}})
		if !assert.NoError(t, err) || !assert.Equal(t, 200, created.Status, created.Raw) {
			return ids
		}
		ids = append(ids, created.Text("id"))
		accepted.Add(1)
	}
	return ids
}

// jump sets the clock ahead or back by up to two weeks, and reports by how much.
func (c *skewedClock) jump(random *rand.Rand) time.Duration {
	by := time.Duration(random.Int64N(int64(28*24*time.Hour))) - 14*24*time.Hour
	c.advance(by)
	return by
}

// The clock jumps again and again while people work. Every job ends, and each recording is stored once.
func TestClockJumpsUnderLoadLoseNothing(t *testing.T) {
	t.Parallel()
	random, clock := testseed.New(t), &skewedClock{}
	jumps := testsize.Of(6, 100)
	s := apptest.Start(t, apptest.Options{
		Now: clock.Now, Settings: []string{"QUEUE_POLL_INTERVAL=100ms", "WORKER_CONCURRENCY=2", "FATHOM_LIMITS=10000,10000,10000"},
		SimulatorConfig: simulator.Config{Meetings: testsize.Of(10, 60), RecordingSize: 256 << 10, ProcessingPolls: 1},
	})
	videos := slices.DeleteFunc(s.Simulator.Meetings(), func(m simulator.Meeting) bool { return !m.HasVideo() })
	meetings := len(videos)
	people := []apptest.Person{s.SignUpWithMeetings("ada@example.com"), s.SignUpWithMeetings("ben@example.com")}
	var accepted atomic.Int32
	var working sync.WaitGroup
	jobs := make([][]string, len(people))
	for i, p := range people {
		working.Go(func() { jobs[i] = enqueueAll(t, p, videos, &accepted) })
	}
	var log []time.Duration
	for i := range jumps {
		target := int32((i + 1) * len(people) * meetings / (jumps + 1))
		s.Eventually(func() bool { return accepted.Load() >= target || t.Failed() })
		log = append(log, clock.jump(random).Round(time.Hour))
		runCron(s, "clock") // every minute
	}
	working.Wait()
	t.Logf("the clock jumped by %v", log)

	attempts := 0
	for i, p := range people {
		require.Len(t, jobs[i], meetings)
		for _, id := range jobs[i] {
			var job apptest.Answer
			s.Eventually(func() bool {
				clock.advance(time.Second) // jobs that wait are due sooner
				job = p.Job(id)
				return slices.Contains([]string{"completed", "dead"}, job.Text("status"))
			})
			require.Equal(t, "completed", job.Text("status"), job.Raw)
			attempts += int(p.Job(id).Get("attempts").(float64))
		}
		stored := p.ListOwn("recordings", "")
		assert.Len(t, stored, meetings)
		for _, recording := range stored {
			truth, ok := s.Simulator.Meeting(int64(recording["recording_id"].(float64)))
			require.True(t, ok)
			assert.Equal(t, truth.SHA256, recording["sha256"])
		}
		assert.Len(t, p.ListOwn("transfers", "status='awaiting_share_url'"), meetings)
	}
	t.Logf("%d jobs took %d attempts", len(people)*meetings, attempts)
}
