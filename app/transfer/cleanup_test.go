package transfer_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// noWait is longer than any request takes that doesn't wait for S3.
const noWait = 10 * time.Second

// removals are the requests with which files are removed from S3.
var removals = []s3test.Kind{
	s3test.ListObjects, s3test.DeleteObjects, s3test.DeleteObject, s3test.ListMultipartUploads, s3test.AbortMultipartUpload,
}

func removalRequests(bucket *s3test.Server) (count int) {
	for _, kind := range removals {
		count += bucket.Count(kind)
	}
	return count
}

// markDeleted leaves a meeting as a deletion does that a crash interrupts.
func markDeleted(p apptest.Person, recordingID int64) {
	p.T.Helper()
	db, err := p.App.Databases.Acquire(p.T.Context(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	collection, err := db.App.FindCollectionByNameOrId("deleted_meetings")
	require.NoError(p.T, err)
	mark := core.NewRecord(collection)
	mark.Set("recording_id", recordingID)
	require.NoError(p.T, db.App.Save(mark))
}

// abandonUpload leaves a stored recording with an upload to S3 whose job is gone.
func abandonUpload(p apptest.Person, recordingID string) {
	p.T.Helper()
	upload, err := p.App.Blobs.S3.Begin(p.T.Context(), blob.Target{
		Database: p.Name, Recording: recordingID, Source: "abandoned", Size: 1 << 20,
	})
	require.NoError(p.T, err)
	db, err := p.App.Databases.Acquire(p.T.Context(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	transfer, err := db.App.FindFirstRecordByData("transfers", "recording_id", recordingID)
	require.NoError(p.T, err)
	transfer.Set("status", "downloading")
	transfer.Set("job", "gone")
	transfer.Set("upload", map[string]any{"source": "abandoned", "recording": "r", "upload": upload})
	require.NoError(p.T, db.App.Save(transfer))
}

func hasMeeting(p apptest.Person, recordingID int64) bool {
	return len(p.ListOwn("meetings", apptest.RecordingFilter(recordingID))) > 0
}

func TestOpeningADatabaseDoesNotWaitForS3(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	completeTransfer(p, 1001)
	completeTransfer(p, 1002)
	markDeleted(p, 1001)
	abandonUpload(p, "1002")

	p = p.On(p.Restart(bucket.Settings()...))
	for _, kind := range removals {
		bucket.Stall(kind, s3test.Always)
	}
	opening := time.Now()
	require.True(t, hasMeeting(p, 1002))
	waitForTransferStatus(p, 1002, "cancelled")
	assert.Less(t, time.Since(opening), noWait)
	require.NoError(t, p.Stop())
	assert.Less(t, time.Since(opening), 2*noWait, "the server doesn't wait for S3 when it stops")
	assert.Len(t, bucket.Keys(), 2)

	bucket.ClearFaults()
	p = p.On(p.Restart(bucket.Settings()...))
	p.Eventually(func() bool { return !hasMeeting(p, 1001) })
	requireNothingLeft(p, 1001)
	assert.Len(t, bucket.Keys(), 1)
}

func TestUploadOfALostJobIsAborted(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	completeTransfer(p, 1001)
	abandonUpload(p, "1001")
	require.Len(t, bucket.Uploads(), 1)
	p = p.On(p.Restart(bucket.Settings()...))
	waitForTransferStatus(p, 1001, "cancelled")
	p.Eventually(func() bool { return len(bucket.Uploads()) == 0 })
	assert.Len(t, bucket.Keys(), 1)
}

func TestDeletionEndsWhileS3Stalls(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	completeTransfer(p, 1001)
	bucket.Stall(s3test.ListObjects, s3test.Always)
	deleting := time.Now()
	refused := deleteMeeting(p, 1001)
	assert.Less(t, time.Since(deleting), 10*time.Second)
	assert.Equal(t, 503, refused.Status, refused.Raw)
	assert.Contains(t, refused.Text("message"), "The storage for recordings isn't available at the moment.")
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Contains(t, p.Log.String(), "The S3 storage is too slow or doesn't answer")
	assert.True(t, hasMeeting(p, 1001))

	bucket.ClearFaults()
	p = p.On(p.Restart(bucket.Settings()...))
	p.Eventually(func() bool { return !hasMeeting(p, 1001) })
	requireNothingLeft(p, 1001)
	assert.Empty(t, bucket.Keys())
}

func TestRecordingIsDeletedFromS3AfterAFailure(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	completeTransfer(p, 1001)
	bucket.Fail(s3test.ListObjects, s3test.Always, 403, "AccessDenied")
	recording := "/api/collections/recordings/records/" + recordFor(p, "recordings", 1001)["id"].(string)
	require.Equal(t, 503, p.Own("DELETE", recording, nil).Status)
	require.Len(t, p.ListOwn("recordings", ""), 1)
	bucket.ClearFaults()
	require.Equal(t, 204, p.Own("DELETE", recording, nil).Status)
	assert.Empty(t, bucket.Keys())
	assert.True(t, hasMeeting(p, 1001))
}

func TestMeetingsThatHaveNothingInS3AreDeletedWithoutIt(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001)
	p = p.On(s.Restart(bucket.Settings()...))
	for _, kind := range removals {
		bucket.Disconnect(kind, s3test.Always)
	}
	before := removalRequests(bucket)
	_, err := p.Simulator.Change(1003, simulator.NoMedia())
	require.NoError(t, err)
	require.Equal(t, "dead", runTransfer(p, 1003).Text("status"))
	for _, recordingID := range []int64{1001, 1002, 1003} { // on disk, only synced, failed
		deleted := deleteMeeting(p, recordingID)
		require.Equal(t, 204, deleted.Status, deleted.Raw)
		requireNothingLeft(p, recordingID)
	}
	assert.Equal(t, before, removalRequests(bucket))
}

func TestStatusOfATransferDoesNotWaitForS3(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	bucket.Fail(s3test.CompleteMultipartUpload, s3test.Always, 403, "AccessDenied")
	created := enqueueTransfer(p, 1001)
	p.Eventually(func() bool { return p.Job(created.Text("id")).Text("error") != "" })
	aborted := bucket.Count(s3test.AbortMultipartUpload)
	bucket.Stall(s3test.AbortMultipartUpload, s3test.Always)
	deleting := time.Now()
	require.Equal(t, 204, p.Call("DELETE", p.URL+apptest.JobsPath+"/"+created.Text("id"), p.Token, nil).Status)
	assert.Equal(t, "cancelled", recordFor(p, "transfers", 1001)["status"])
	assert.Less(t, time.Since(deleting), noWait)
	p.Eventually(func() bool { return bucket.Count(s3test.AbortMultipartUpload) == aborted+1 })
	assert.InDelta(t, 0, usedBytes(p), 1_500_000, "the upload no longer counts")
}

func TestRecordingIsRemovedFromS3Once(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	for _, recordingID := range []int64{1001, 1002, 1003} {
		completeTransfer(p, recordingID)
	}
	before := bucket.Count(s3test.DeleteObject)
	require.Equal(t, 204, deleteMeeting(p, 1001).Status)
	recording := func(id int64) string {
		return "/api/collections/recordings/records/" + recordFor(p, "recordings", id)["id"].(string)
	}
	require.Equal(t, 204, p.Own("DELETE", recording(1002), nil).Status)
	assert.Equal(t, 2, bucket.Count(s3test.DeleteObject)-before)
	require.Len(t, bucket.Keys(), 1)

	answer := make(chan struct{})
	bucket.Before(s3test.DeleteObject, 1, func() { <-answer })
	deleting := time.Now()
	deleted := p.Own("POST", "/api/batch", map[string]any{
		"requests": []map[string]any{{"method": "DELETE", "url": recording(1003)}},
	})
	require.Equal(t, 200, deleted.Status, deleted.Raw)
	assert.Less(t, time.Since(deleting), noWait, "a batch doesn't wait for S3")
	require.Len(t, bucket.Keys(), 1)
	close(answer)
	p.Eventually(func() bool { return len(bucket.Keys()) == 0 })
	assert.Equal(t, 3, bucket.Count(s3test.DeleteObject)-before)
}
