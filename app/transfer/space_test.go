package transfer_test

import (
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// usedBytes returns the size of a person's database as the API reports it.
func usedBytes(p apptest.Person) int64 {
	p.T.Helper()
	usage := p.Own("GET", "/api/usage", nil)
	require.Equal(p.T, 200, usage.Status, usage.Raw)
	assert.EqualValues(p.T, 0, usage.Get("reserved"), "nothing is being written")
	return int64(usage.Get("bytes").(float64))
}

// partialFiles returns the partial files of a person's recordings.
func partialFiles(p apptest.Person) []string {
	p.T.Helper()
	files, err := filepath.Glob(filepath.Join(p.FolderPath(p.Name), "partial", "*"))
	require.NoError(p.T, err)
	return files
}

func TestFilesOfUnknownSizeStayWithinTheQuota(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{
		Settings:        []string{"USER_DB_QUOTA=12MB", "WORKER_CONCURRENCY=4"},
		SimulatorConfig: simulator.Config{RecordingSize: 7 << 20},
	})
	var jobs []string
	for i, size := range []int64{0, -1, 0, 7 << 20} {
		_, err := s.Simulator.Change(int64(1001+i), simulator.WithAnnouncement("video/mp4", size))
		require.NoError(t, err)
		jobs = append(jobs, enqueueTransfer(p, int64(1001+i)).Text("id"))
	}
	completed := 0
	for _, id := range jobs {
		var job apptest.Answer
		s.Eventually(func() bool {
			job = p.Job(id)
			return job.Text("status") == "completed" || job.Text("status") == "dead"
		})
		if job.Text("status") == "completed" {
			completed++
		} else {
			assert.Contains(t, job.Text("error"), "your 12 MB", job.Raw)
		}
	}
	assert.LessOrEqual(t, completed, 1)
	assert.Empty(t, partialFiles(p))
	assert.LessOrEqual(t, usedBytes(p), int64(12_000_000))
}

func TestTranscriptThatExceedsTheQuotaIsNotStored(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{Settings: []string{"USER_DB_QUOTA=10MB"}})
	_, err := s.Simulator.Change(1001, simulator.WithLines(strings.Repeat("word ", 1_200_000)))
	require.NoError(t, err)
	for range 3 {
		job := runTransfer(p, 1001)
		require.Equal(t, "dead", job.Text("status"))
		assert.Contains(t, job.Text("error"), "This transcript needs 12 MB")
	}
	assert.Empty(t, p.ListOwn("transcripts", apptest.RecordingFilter(1001)))
	assert.LessOrEqual(t, usedBytes(p), int64(2_000_000))
}

func TestRecordingAboveTheMaximumIsRefused(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{
		Settings:        []string{"MAX_RECORDING_SIZE=5MB"},
		SimulatorConfig: simulator.Config{RecordingSize: 6_000_000},
	})
	_, err := s.Simulator.Change(1002, simulator.WithAnnouncement("video/mp4", 0))
	require.NoError(t, err)
	for recordingID, message := range map[int64]string{
		1001: "This video has 6.0 MB, but the maximum on this server is 5.0 MB.",
		1002: "This video is larger than 5.0 MB, the maximum on this server.",
	} {
		job := runTransfer(p, recordingID)
		assert.Equal(t, "dead", job.Text("status"))
		assert.Equal(t, message, job.Text("error"))
	}
	assert.Empty(t, partialFiles(p))
}

func TestTransferWaitsWhileTheDiskIsFull(t *testing.T) {
	t.Parallel()
	var free atomic.Int64
	free.Store(ledger.DefaultReserve + 10<<20)
	s, p := startWithMeetings(t, apptest.Options{Prepare: func(s *apptest.Server) {
		s.App.FreeSpace = func(string) (int64, error) { return free.Load(), nil }
	}})
	_, err := s.Simulator.Change(1001, simulator.WithSize(11<<20))
	require.NoError(t, err)
	created := enqueueTransfer(p, 1001)
	var job apptest.Answer
	s.Eventually(func() bool {
		job = p.Job(created.Text("id"))
		return strings.Contains(job.Text("error"), "disk is full")
	})
	assert.Contains(t, job.Text("error"), "no space for the video (12 MB)")
	assert.Equal(t, "pending", job.Text("status"), "the job waits for free space")
	assert.EqualValues(t, 0, job.Get("attempts"))
	s.Eventually(func() bool {
		message, _ := recordFor(p, "transfers", 1001)["error"].(string)
		return strings.Contains(message, "disk is full")
	})
	assert.Empty(t, partialFiles(p))
	completeTransfer(p, 1002) // smaller recordings are still transferred

	free.Store(1 << 40)
	require.Equal(t, 200, p.Call("PATCH", p.URL+apptest.JobsPath+"/"+created.Text("id"), s.SuperuserToken(),
		map[string]any{"run_at": "2020-01-01 00:00:00.000Z"}).Status)
	waitForJobStatus(p, created.Text("id"), "completed")
}

func TestTransferWaitsWhileTheDatabaseHasNoSpace(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	full := dbtest.FailedInsert(t, "PRAGMA max_page_count = 2")
	db.App.OnRecordCreateExecute("transcripts").BindFunc(func(*core.RecordEvent) error { return full })
	id := enqueueTransfer(p, 1001).Text("id")
	var job apptest.Answer
	s.Eventually(func() bool {
		job = p.Job(id)
		return job.Text("error") != ""
	})
	assert.Contains(t, job.Text("error"), "The server's disk is full")
	assert.Equal(t, "pending", job.Text("status"))
	assert.EqualValues(t, 0, job.Get("attempts"))
}
