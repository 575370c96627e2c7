package userdb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func TestMaintenanceRemovesFilesThatNothingRefersTo(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	name := h.provision("ada@example.com").Name
	handle := h.acquire(name)
	remote := h.storeRecording(handle.Database, 1, "in S3")
	local := h.saveRecording(handle.Database, 2, "", "on disk")
	leftover := h.writeRecording(name, remote, "the copy that a move has left")
	unpublished := h.save(handle.Database, schema.Recordings, map[string]any{"meeting": "m", "recording_id": 9, "size": 5})
	half := h.writeRecording(name, unpublished, "an earlier version has moved it, but not published it yet")
	partials := filepath.Join(h.Dir(name), "storage", blob.PartialFolder)
	require.NoError(t, os.Mkdir(partials, 0o700))
	named, stale := filepath.Join(partials, "3-abc.part"), filepath.Join(partials, "4-abc.part")
	collection, err := handle.App.FindCollectionByNameOrId(schema.Recordings)
	require.NoError(t, err)
	record := func(collection, id string) string {
		path := filepath.Join(h.Dir(name), "storage", collection, id, "recording.mp4")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		return path
	}
	orphan, foreign := record(collection.Id, "aaaaaaaaaaaaaaa"), record("pbc_1", "aaaaaaaaaaaaaaa")
	meetings, err := handle.App.FindCollectionByNameOrId(schema.Meetings)
	require.NoError(t, err)
	meeting := h.save(handle.Database, schema.Meetings, map[string]any{"recording_id": 10, "poster": "poster.jpg"})
	poster := filepath.Join(filepath.Dir(record(meetings.Id, meeting.Id)), "poster.jpg")
	strayPoster := filepath.Join(filepath.Dir(poster), "poster_of_an_upload_that_a_crash_interrupted.jpg")
	uploaded := filepath.Join(filepath.Dir(h.writeRecording(name, local, "on disk")), "recording_x1y2z3.mp4")
	for _, path := range []string{named, stale, orphan, foreign, uploaded, poster, strayPoster} {
		require.NoError(t, os.WriteFile(path, []byte("bytes"), 0o600))
	}
	h.saveUpload(handle.Database, 3, blob.Upload{
		Engine: blob.EngineDisk, Key: name + "/storage/a/b/recording.mp4", ID: name + "/storage/.partial/3-abc.part",
	})
	begin := func(recording string) blob.Upload {
		upload, err := h.blobs.S3.Begin(t.Context(), blob.Target{Database: name, Recording: recording, Source: "abc"})
		require.NoError(t, err)
		return upload
	}
	continued, lost := begin("5"), begin("6")
	h.saveUpload(handle.Database, 5, continued)
	h.s3.Put(t, name+"/7/orphan", []byte("orphan"))
	h.s3.Put(t, name+"2/7/of-another-database", []byte("other"))
	handle.Release()

	maintain := func() {
		t.Helper()
		_, err := h.app.NonconcurrentDB().Update("user_databases", dbx.Params{"maintained_at": ""}, nil).Execute()
		require.NoError(t, err)
		require.NoError(t, h.Maintain(t.Context()))
	}
	maintain()
	for _, path := range []string{named, stale, orphan, foreign, uploaded, leftover, half} {
		assert.FileExists(t, path, "what is a few minutes old may be part of something that isn't recorded yet")
	}
	assert.Len(t, h.s3.Keys(), 3)
	assert.Len(t, h.s3.Uploads(), 2)
	assert.EqualValues(t, 5, h.entry(name).SizeInS3)

	old := time.Now().Add(-25 * time.Hour)
	for _, path := range []string{named, stale, orphan, foreign, uploaded, leftover, half, poster, strayPoster} {
		require.NoError(t, os.Chtimes(path, old, old))
	}
	h.s3.Backdate(25 * time.Hour)
	mark := len(h.log.String())
	maintain()
	for _, path := range []string{stale, orphan, leftover, strayPoster} {
		assert.NoFileExists(t, path)
	}
	kept := filepath.Join(h.Dir(name), RecordingPath(local, "recording.mp4"))
	for _, path := range []string{named, foreign, uploaded, half, kept, poster} {
		assert.FileExists(t, path)
	}
	assert.ElementsMatch(t, []string{remote.GetString("blob"), name + "2/7/of-another-database"}, h.s3.Keys())
	assert.Contains(t, h.s3.Uploads(), continued.Key)
	assert.NotContains(t, h.s3.Uploads(), lost.Key)
	logged := h.log.String()[mark:]
	assert.Equal(t, 2, strings.Count(logged, "removed stored files"), "one line for each storage: %s", logged)
	assert.Contains(t, logged, "storage=disk files=4")
	assert.Contains(t, logged, "storage=S3 files=2")
	assert.Empty(t, h.problems(name))
}

func TestMaintenanceLeavesS3AloneOnceItHasFailed(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		h.acquire(h.provision(email).Name).Release()
	}
	h.s3.Fail(s3test.ListObjects, s3test.Always, 403, "AccessDenied")
	require.NoError(t, h.Maintain(t.Context()))
	assert.Equal(t, 1, strings.Count(h.log.String(), "level=WARN"), "%s", h.log)
	assert.Contains(t, h.log.String(), "databases=3", "the rest of the maintenance is done")
}
