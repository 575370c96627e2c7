package transfer_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const preferencesPath = "/api/collections/preferences/records"

// keepRecordings saves the preference and returns its path.
func keepRecordings(p apptest.Person, days any) string {
	p.T.Helper()
	saved := p.Own("POST", preferencesPath, map[string]any{"key": "keep_recordings", "value": days})
	require.Equal(p.T, 200, saved.Status, saved.Raw)
	return preferencesPath + "/" + saved.Text("id")
}

// retainedFor returns how long a recording's file is kept from now on; 0 means for ever.
func retainedFor(p apptest.Person, recordingID int64) time.Duration {
	p.T.Helper()
	text := recordFor(p, "recordings", recordingID)["retained_until"].(string)
	if text == "" {
		return 0
	}
	until, err := types.ParseDateTime(text)
	require.NoError(p.T, err)
	return time.Until(until.Time())
}

func TestFilesOfDeliveredRecordingsAreKeptForSomeDays(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	for _, id := range []int64{1001, 1002, 1003, 1004, 1005} {
		deliver(p, id)
	}
	completeTransfer(p, 1006)
	settings := []string{"QUEUE_POLL_INTERVAL=1s"}
	require.NoError(t, p.Stop())
	old := time.Now().Add(-60 * 24 * time.Hour).UTC().Format(types.DefaultDateLayout)
	apptest.Execute(t, p.DataFile(),
		fmt.Sprintf("UPDATE transfers SET delivered_at = '%s' WHERE recording_id IN (1001, 1003, 1004, 1005)", old),
		fmt.Sprintf("UPDATE recordings SET stored_at = '%s' WHERE recording_id != 1005", old),
		"UPDATE transfers SET unchecked = 'private', verified = FALSE WHERE recording_id = 1003",
		"UPDATE transfers SET error = 'Another video.', verified = FALSE WHERE recording_id = 1004")
	p = p.On(p.Restart(settings...))
	for _, invalid := range []any{0, -1, 1.5, "a month", 4000} {
		refused := p.Own("POST", preferencesPath, map[string]any{"key": "keep_recordings", "value": invalid})
		assert.Equal(t, 400, refused.Status, "%v: %s", invalid, refused.Raw)
	}

	preference := keepRecordings(p, 30)
	p.Eventually(func() bool { return len(p.ListOwn("recordings", apptest.RecordingFilter(1001))) == 0 })
	month := 30 * 24 * time.Hour
	assert.InDelta(t, month, retainedFor(p, 1002), float64(time.Hour), "delivered today")
	assert.InDelta(t, month, retainedFor(p, 1005), float64(time.Hour), "fetched again today")
	for _, id := range []int64{1003, 1004, 1006} {
		assert.Zero(t, retainedFor(p, id), "recording %d may not be on Loom", id)
	}
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, "delivered", transfer["status"])
	assert.NotEmpty(t, transfer["share_url"])
	assert.NotEmpty(t, recordFor(p, "meetings", 1001)["loom_url"])
	assert.NotEmpty(t, p.ListOwn("transcripts", apptest.RecordingFilter(1001)))

	completeTransfer(p, 1001)
	requireStoredAsAtFathom(p, 1001)
	p.Eventually(func() bool { return retainedFor(p, 1001) > month-time.Hour })

	deliver(p, 1007)
	p.Eventually(func() bool { return retainedFor(p, 1007) > month-time.Hour })
	require.Equal(t, 200, p.Own("PATCH", preference, map[string]any{"value": 7}).Status)
	assert.InDelta(t, 7*24*time.Hour, retainedFor(p, 1007), float64(time.Hour))
	require.Equal(t, 204, p.Own("DELETE", preference, nil).Status)
	for _, id := range []int64{1001, 1002, 1005, 1007} {
		assert.Zero(t, retainedFor(p, id), "recording %d is kept for ever", id)
	}
}

func TestFilesExpireInARestoredDatabase(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	deliver(p, 1001)
	keepRecordings(p, 1)
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.DataFile(), "UPDATE transfers SET delivered_at = '2026-01-01 00:00:00.000Z'",
		"UPDATE recordings SET stored_at = '2026-01-01 00:00:00.000Z', retained_until = '2026-01-02 00:00:00.000Z'")
	apptest.Execute(t, s.GlobalFile(), "DELETE FROM job_schedules") // as on another server
	p = p.On(s.Restart("QUEUE_POLL_INTERVAL=1s"))
	p.ListOwn("meetings", "") // opens the database
	p.Eventually(func() bool { return len(p.ListOwn("recordings", "")) == 0 })
	requireNoStoredFiles(p)
}

func TestFileThatItsOwnerDecidesToKeepWhileOthersExpireIsKept(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	deliver(p, 1001)
	deliver(p, 1002)
	require.NoError(t, p.Stop())
	old := time.Now().Add(-60 * 24 * time.Hour).UTC().Format(types.DefaultDateLayout)
	apptest.Execute(t, p.DataFile(), fmt.Sprintf("UPDATE transfers SET delivered_at = '%s'", old), fmt.Sprintf("UPDATE recordings SET stored_at = '%s'", old))
	p = p.On(p.Restart("QUEUE_POLL_INTERVAL=1s"))
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	preference := make(chan string, 1)
	var deletions atomic.Int64
	handle.App.OnRecordDelete("recordings").BindFunc(func(e *core.RecordEvent) error {
		if deletions.Add(1) == 1 { // both have been listed
			answer, err := apptest.Send("DELETE", p.DatabaseURL+<-preference, p.Session, nil)
			assert.NoError(t, err)
			assert.Equal(t, 204, answer.Status, answer.Raw)
		}
		return e.Next()
	})
	preference <- keepRecordings(p, 30)
	p.Eventually(func() bool {
		for _, job := range jobsOf(p) {
			if job["kind"] == "recordings.expire" && job["status"] == "completed" {
				return true
			}
		}
		return false
	})
	kept := p.ListOwn("recordings", "")
	require.Len(t, kept, 1)
	assert.Empty(t, kept[0]["retained_until"])
	assert.EqualValues(t, 1, deletions.Load())
}
