package transfer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// scriptedUploader runs one step for each upload. When none is left, it leaves the upload to the owner.
type scriptedUploader struct {
	steps chan func(ctx context.Context) error
}

func (scriptedUploader) Name() string { return "test" }

func (u scriptedUploader) Upload(ctx context.Context, d loom.Delivery) (loom.Outcome, error) {
	select {
	case step := <-u.steps:
		return loom.Outcome{}, step(ctx)
	default:
		return loom.Handover{}.Upload(ctx, d)
	}
}

func cancelJob(p apptest.Person, id string) {
	p.T.Helper()
	cancelled := p.Call("PATCH", p.URL+apptest.JobsPath+"/"+id, p.Token, map[string]any{"status": "cancelled"})
	require.Equal(p.T, 200, cancelled.Status, cancelled.Raw)
	waitForJobStatus(p, id, "cancelled")
}

func deleteFile(p apptest.Person, recordingID int64) {
	p.T.Helper()
	path := "/api/collections/recordings/records/" + recordFor(p, "recordings", recordingID)["id"].(string)
	require.Equal(p.T, 204, p.Own("DELETE", path, nil).Status)
}

func deliver(p apptest.Person, recordingID int64) {
	p.T.Helper()
	completeTransfer(p, recordingID)
	share := p.Own("PATCH", transferPath(p, recordingID), map[string]any{"share_url": uploadToLoom(p, recordingID)})
	require.Equal(p.T, 200, share.Status, share.Raw)
}

// requireStoredAsAtFathom checks the stored file of a recording.
func requireStoredAsAtFathom(p apptest.Person, recordingID int64) {
	p.T.Helper()
	want := original(p.Server, recordingID).SHA256
	require.Equal(p.T, want, recordFor(p, "recordings", recordingID)["sha256"])
	require.Equal(p.T, want, checksum(storedFile(p, recordingID)))
	require.Empty(p.T, partialFiles(p))
}

// Case C17: a transfer that has ended can be repeated, whatever its end was and whether or not the file still exists.
func TestTransferAgainFromEveryEndState(t *testing.T) {
	t.Parallel()
	for _, state := range []struct {
		name    string
		prepare func(p apptest.Person, u scriptedUploader)
		want    string // the status after the transfer that follows
	}{
		{"stored", func(p apptest.Person, _ scriptedUploader) {
			p.RunJob("recording.transfer", map[string]any{"recording_id": 1001, "deliver": false})
		}, "awaiting_share_url"},
		{"stored audio", func(p apptest.Person, _ scriptedUploader) {
			_, err := p.Simulator.Change(1001, simulator.AudioOnly())
			require.NoError(t, err)
			runTransfer(p, 1001)
		}, "stored"},
		{"awaiting_share_url", func(p apptest.Person, _ scriptedUploader) { completeTransfer(p, 1001) }, "awaiting_share_url"},
		{"delivered", func(p apptest.Person, _ scriptedUploader) { deliver(p, 1001) }, "delivered"},
		{"failed", func(p apptest.Person, u scriptedUploader) {
			u.steps <- func(context.Context) error { return queue.Permanent("Not today.", nil) }
			runTransfer(p, 1001)
		}, "awaiting_share_url"},
		{"cancelled", func(p apptest.Person, u scriptedUploader) {
			uploading := make(chan struct{})
			u.steps <- func(ctx context.Context) error {
				close(uploading)
				<-ctx.Done()
				return ctx.Err()
			}
			id := enqueueTransfer(p, 1001).Text("id")
			<-uploading
			cancelJob(p, id)
		}, "awaiting_share_url"},
	} {
		for _, file := range []struct {
			name           string
			deleted, again bool
			downloads      int
		}{
			{"file kept", false, false, 0},
			{"file kept, again", false, true, 1},
			{"file deleted", true, false, 1},
			{"file deleted, again", true, true, 1},
		} {
			t.Run(state.name+", "+file.name, func(t *testing.T) {
				t.Parallel()
				uploader := scriptedUploader{make(chan func(context.Context) error, 1)}
				_, p := startWithMeetings(t, apptest.Options{Prepare: func(s *apptest.Server) { s.App.Uploader = uploader }})
				p.T = t
				state.prepare(p, uploader)
				status, _, _ := strings.Cut(state.name, " ")
				waitForTransferStatus(p, 1001, status)
				if file.deleted {
					deleteFile(p, 1001)
				}
				before, media := recordFor(p, "transfers", 1001), mediaRequests(p)

				job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001, "again": file.again})
				require.Equal(t, "completed", job.Text("status"), job.Raw)
				assert.Equal(t, state.want, job.Text("result.status"))
				assert.Equal(t, file.downloads, mediaRequests(p)-media)
				requireStoredAsAtFathom(p, 1001)
				after := recordFor(p, "transfers", 1001)
				assert.Equal(t, state.want, after["status"])
				for _, field := range []string{"share_url", "delivered_at", "verified", "unchecked"} {
					assert.Equal(t, before[field], after[field], field)
				}
			})
		}
	}
}

func TestDeliveredTransferKeepsItsLinkWhileItsFileIsFetchedAgain(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 6 << 20}})
	deliver(p, 1001)
	before := recordFor(p, "transfers", 1001)
	requireAsBefore := func(when string) {
		t.Helper()
		waitForTransferStatus(p, 1001, "delivered")
		after := recordFor(p, "transfers", 1001)
		for _, field := range []string{"share_url", "delivered_at", "verified", "unchecked", "error", "file_name"} {
			assert.Equal(t, before[field], after[field], "%s: %s", when, field)
		}
		require.Equal(t, before["share_url"], recordFor(p, "meetings", 1001)["loom_url"], when)
	}
	again := map[string]any{"recording_id": 1001, "again": true}

	p.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 3 << 20, Hold: make(chan struct{})})
	id := p.Enqueue("recording.transfer", again).Text("id")
	waitForTransferStatus(p, 1001, "downloading")
	assert.Equal(t, before["share_url"], recordFor(p, "transfers", 1001)["share_url"])
	cancelJob(p, id)
	requireAsBefore("cancelled")
	p.Eventually(func() bool { return len(partialFiles(p)) == 0 })
	requireStoredAsAtFathom(p, 1001)

	_, err := p.Simulator.Change(1001, simulator.NoMedia())
	require.NoError(t, err)
	require.Equal(t, "dead", p.RunJob("recording.transfer", again).Text("status"))
	requireAsBefore("failed")
	failed := p.ListOwn("notices", "kind = 'refetch_failed'")
	require.Len(t, failed, 1)
	assert.EqualValues(t, 1001, failed[0]["recording_id"])
	assert.Contains(t, failed[0]["text"], "could not be fetched again.")
	_, err = p.Simulator.Change(1001, simulator.Restored())
	require.NoError(t, err)
	requireStoredAsAtFathom(p, 1001)

	p.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 3 << 20, Hold: make(chan struct{})})
	p.Enqueue("recording.transfer", again)
	waitForTransferStatus(p, 1001, "downloading")
	p = p.On(p.Restart())
	p.Simulator.ClearFaults()
	requireAsBefore("interrupted by a restart")
	requireStoredAsAtFathom(p, 1001)
	assert.Len(t, p.ListOwn("notices", "kind = 'refetch_failed'"), 1, "only the dead one is reported")
}

func TestDoubtAboutALinkSurvivesAnotherTransfer(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	deliver(p, 1001)
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.DataFile(), "UPDATE transfers SET error = 'The video at Loom has another length.', verified = FALSE")
	p = p.On(p.Restart())
	deleteFile(p, 1001)
	completeTransfer(p, 1001)
	assert.Equal(t, "The video at Loom has another length.", recordFor(p, "transfers", 1001)["error"])
}

func TestFileIsFetchedAgainIfThatIsAskedForDuringATransfer(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 6 << 20}})
	hold := make(chan struct{})
	p.Simulator.Inject(simulator.Fault{Path: mediaPath, HoldAfter: 3 << 20, Hold: hold})
	id := enqueueTransfer(p, 1001).Text("id")
	waitForTransferStatus(p, 1001, "downloading")
	again := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001, "again": true})
	require.Equal(t, 200, again.Status, again.Raw)
	assert.Equal(t, id, again.Text("id"), "the active job does it")
	close(hold)
	p.Eventually(func() bool {
		return p.Job(id).Text("status") == "completed" && countRequests(p.Server, "POST", "/external/v1/recordings/1001/download") == 2
	})
	waitForTransferStatus(p, 1001, "awaiting_share_url")
	assert.Equal(t, 2, mediaRequests(p))
	requireStoredAsAtFathom(p, 1001)
}
