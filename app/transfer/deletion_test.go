package transfer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func deleteMeeting(p apptest.Person, recordingID int64) apptest.Answer {
	p.T.Helper()
	return p.Own("DELETE", "/api/collections/meetings/records/"+recordFor(p, "meetings", recordingID)["id"].(string), nil)
}

// requireNothingLeft checks that a person's database and folder contain nothing that belongs to a recording.
func requireNothingLeft(p apptest.Person, recordingID int64) {
	p.T.Helper()
	for _, collection := range []string{"meetings", "transcripts", "recordings", "transfers"} {
		require.Empty(p.T, p.ListOwn(collection, apptest.RecordingFilter(recordingID)), collection)
	}
	require.Empty(p.T, partialFiles(p))
	requireNoStoredFiles(p)
}

func TestMeetingIsDeletedInEveryState(t *testing.T) {
	t.Parallel()
	holdDownload := func(p apptest.Person) {
		p.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 3 << 20, Hold: make(chan struct{})})
		enqueueTransfer(p, 1001)
		p.Eventually(func() bool { return len(partialFiles(p)) == 1 })
	}
	for name, prepare := range map[string]func(p apptest.Person){
		"synced": func(apptest.Person) {},
		"waits for its time": func(p apptest.Person) {
			job := p.Call("POST", p.URL+apptest.JobsPath, p.Token, map[string]any{
				"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1001}, "run_at": "2099-01-01 00:00:00.000Z",
			})
			require.Equal(t, 200, job.Status, job.Raw)
		},
		"being downloaded":    holdDownload,
		"awaiting share link": func(p apptest.Person) { completeTransfer(p, 1001) },
		"audio only": func(p apptest.Person) {
			_, err := p.Simulator.Change(1001, simulator.AudioOnly())
			require.NoError(t, err)
			completeTransfer(p, 1001)
			recordFor(p, "recordings", 1001)
		},
		"delivered": func(p apptest.Person) {
			completeTransfer(p, 1001)
			share := p.Own("PATCH", transferPath(p, 1001), map[string]any{"share_url": uploadToLoom(p, 1001)})
			require.Equal(t, 200, share.Status, share.Raw)
		},
		"failed": func(p apptest.Person) {
			_, err := p.Simulator.Change(1001, simulator.NoMedia())
			require.NoError(t, err)
			require.Equal(t, "dead", runTransfer(p, 1001).Text("status"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 6 << 20}})
			before := usedBytes(p)
			prepare(p)
			deleted := deleteMeeting(p, 1001)
			require.Equal(t, 204, deleted.Status, deleted.Raw)
			requireNothingLeft(p, 1001)
			assert.InDelta(t, before, usedBytes(p), 1_000_000, "the space is free")
			s.Eventually(func() bool {
				return len(p.Call("GET", p.URL+apptest.JobsPath+"?filter=finished_at%3D''", p.Token, nil).Items()) == 0
			})
			require.Equal(t, "completed", runSync(p, true).Text("status"))
			requireNothingLeft(p, 1001)
			refused := runTransfer(p, 1001)
			assert.Equal(t, "dead", refused.Text("status"))
			assert.Contains(t, refused.Text("error"), "You have deleted this meeting")
			completeTransfer(p, 1002)
		})
	}
}

func TestSpaceOfADeletedTranscriptIsReturnedToTheDisk(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	_, err := s.Simulator.Change(1001, simulator.WithLines(strings.Repeat("word ", 1_000_000)))
	require.NoError(t, err)
	completeTransfer(p, 1001)
	info, err := os.Stat(p.DataFile())
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(10_000_000))
	require.Equal(t, 204, deleteMeeting(p, 1001).Status)
	info, err = os.Stat(p.DataFile())
	require.NoError(t, err)
	assert.Less(t, info.Size(), int64(2_000_000))
	completeTransfer(p, 1002) // the database works as before
}

func TestDeletedMeetingReturnsOnceItsMarkIsRemoved(t *testing.T) {
	t.Parallel()
	_, p := startWithTransfer(t, apptest.Options{}, 1001)
	require.Equal(t, 204, deleteMeeting(p, 1001).Status)
	mark := recordFor(p, "deleted_meetings", 1001)["id"].(string)
	created := p.Own("POST", "/api/collections/deleted_meetings/records", map[string]any{"recording_id": 1002})
	assert.Equal(t, 403, created.Status, "only a deletion marks a meeting")
	require.Equal(t, 204, p.Own("DELETE", "/api/collections/deleted_meetings/records/"+mark, nil).Status)
	runSync(p, true)
	recordFor(p, "meetings", 1001)
	completeTransfer(p, 1001)
}

func TestInterruptedDeletionIsCompletedAtTheNextStart(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001)
	markDeleted(p, 1001)
	partial := filepath.Join(s.FolderPath(p.Name), "partial", fmt.Sprintf("%d-%s.part", 1001, strings.Repeat("a", 16)))
	require.NoError(t, os.WriteFile(partial, []byte("part"), 0o600))
	p = p.On(s.Restart())
	p.Eventually(func() bool { return !hasMeeting(p, 1001) })
	requireNothingLeft(p, 1001)
}

func TestFileIsDeletedInEveryState(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001)
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	for _, status := range []string{
		"awaiting_share_url", "failed", "cancelled", "stored", "uploading", "queued", "delivered",
	} {
		before := usedBytes(p)
		transfer, err := db.App.FindFirstRecordByData("transfers", "recording_id", 1001)
		require.NoError(t, err)
		transfer.Set("status", status)
		require.NoError(t, db.App.Save(transfer))
		recording := "/api/collections/recordings/records/" + recordFor(p, "recordings", 1001)["id"].(string)
		require.Equal(t, 204, p.Own("DELETE", recording, nil).Status, status)
		assert.InDelta(t, before-3<<20, usedBytes(p), 300_000, status)
		assert.Len(t, p.ListOwn("meetings", apptest.RecordingFilter(1001)), 1)
		completeTransfer(p, 1001) // fetches the file again
	}
}

func TestMeetingsAreNotDeletedInBatches(t *testing.T) {
	t.Parallel()
	_, p := startWithTransfer(t, apptest.Options{}, 1001)
	path := func(collection string) string {
		return "/api/collections/" + collection + "/records/" + recordFor(p, collection, 1001)["id"].(string)
	}
	batch := func(url string) apptest.Answer {
		return p.Own("POST", "/api/batch", map[string]any{"requests": []map[string]any{{"method": "DELETE", "url": url}}})
	}
	assert.Equal(t, 400, batch(path("meetings")).Status)
	require.Equal(t, 200, batch(path("recordings")).Status)
	requireNoStoredFiles(p)
}

func requireNoStoredFiles(p apptest.Person) {
	p.T.Helper()
	stored, err := filepath.Glob(filepath.Join(p.FolderPath(p.Name), "storage", "*", "*", "recording*"))
	require.NoError(p.T, err)
	require.Empty(p.T, stored)
}
