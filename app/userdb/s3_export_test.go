package userdb

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// exported returns the content of the files in an export, and the unpacked folder.
func (h *harness) exported(db *Database) (files map[string]string, dir string) {
	h.t.Helper()
	var archive bytes.Buffer
	require.NoError(h.t, h.Export(h.t.Context(), db, &archive))
	return unzipExport(h.t, archive.Bytes())
}

func TestExportContainsRecordingsInS3(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	remote := h.storeRecording(handle.Database, 1, "in S3")
	local := h.saveRecording(handle.Database, 2, "", "on disk")
	copied := h.storeRecording(handle.Database, 3, "moved to S3")
	h.writeRecording(handle.Name, copied, "the copy that the move has left on disk")
	h.saveUpload(handle.Database, 4, blob.Upload{Engine: blob.EngineS3, Key: handle.Name + "/4/d", ID: "secret-upload-id"})

	files, dir := h.exported(handle.Database)
	for recording, want := range map[*core.Record]string{remote: "in S3", local: "on disk", copied: "moved to S3"} {
		assert.Equal(t, want, files[RecordingPath(recording, "recording.mp4")])
	}
	db, err := sqlite.Open(filepath.Join(dir, sqlite.DataFile))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	var inS3, uploads int
	require.NoError(t, db.NewQuery("SELECT COUNT(*) FROM recordings WHERE blob != ''").Row(&inS3))
	require.NoError(t, db.NewQuery("SELECT COUNT(*) FROM transfers WHERE upload IS NOT NULL").Row(&uploads))
	assert.Zero(t, inS3, "all recordings of the export are on disk")
	assert.Zero(t, uploads)
	raw, err := os.ReadFile(filepath.Join(dir, sqlite.DataFile))
	require.NoError(t, err)
	assert.NotContains(t, string(raw), "secret-upload-id")
}

func TestExportFollowsRecordingsThatMoveMeanwhile(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	first := h.storeRecording(handle.Database, 1, "first")
	moved, deleted := h.storeRecording(handle.Database, 2, "moved"), h.storeRecording(handle.Database, 3, "deleted")
	toS3 := h.saveRecording(handle.Database, 4, "", "moved to S3")
	db := handle.App.UnsafeWithoutHooks()
	changes := make(chan error, 10)
	h.s3.Before(s3test.HeadObject, 1, func() { // the snapshot has been taken
		for _, recording := range []*core.Record{moved, deleted} {
			h.s3.Remove(recording.GetString("blob"))
		}
		changes <- os.MkdirAll(filepath.Join(h.Dir(handle.Name), "storage", moved.BaseFilesPath()), 0o700)
		file := filepath.Join(h.Dir(handle.Name), RecordingPath(moved, "recording.mp4"))
		changes <- os.WriteFile(file, []byte("moved"), 0o600)
		moved.Set("blob", "")
		changes <- db.SaveNoValidate(moved)
		changes <- db.Delete(deleted)
		h.s3.Put(t, handle.Name+"/4/new", []byte("moved to S3"))
		toS3.Set("blob", handle.Name+"/4/new")
		changes <- db.SaveNoValidate(toS3)
		changes <- os.Remove(filepath.Join(h.Dir(handle.Name), RecordingPath(toS3, "recording.mp4")))
	})
	files, _ := h.exported(handle.Database)
	require.Len(t, changes, 6)
	for range 6 {
		require.NoError(t, <-changes)
	}
	assert.Equal(t, "first", files[RecordingPath(first, "recording.mp4")])
	assert.Equal(t, "moved", files[RecordingPath(moved, "recording.mp4")])
	assert.Equal(t, "moved to S3", files[RecordingPath(toS3, "recording.mp4")])
	assert.NotContains(t, files, RecordingPath(deleted, "recording.mp4"))
}

func TestExportIsRefusedIfS3LacksARecording(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	missing, foreign := h.storeRecording(handle.Database, 1, "missing"), h.storeRecording(handle.Database, 2, "foreign")
	refused := func(text string) {
		t.Helper()
		var archive bytes.Buffer
		require.ErrorContains(t, h.Export(t.Context(), handle.Database, &archive), text)
		assert.Zero(t, archive.Len(), "nothing was sent, so the client gets an error instead of half an archive")
	}
	content := h.s3.Content(t, missing.GetString("blob"))
	h.s3.Remove(missing.GetString("blob"))
	refused(missing.Id)
	h.s3.Put(t, missing.GetString("blob"), content)

	h.s3.Put(t, "2020-01-01-001-other/1/a", []byte("of another user"))
	key := foreign.GetString("blob")
	foreign.Set("blob", "2020-01-01-001-other/1/a")
	require.NoError(t, handle.App.UnsafeWithoutHooks().SaveNoValidate(foreign))
	refused(foreign.Id)
	foreign.Set("blob", key)
	require.NoError(t, handle.App.UnsafeWithoutHooks().SaveNoValidate(foreign))

	h.s3.Fail(s3test.ListObjects, s3test.Always, 403, "AccessDenied")
	refused("credentials")
	h.s3.ClearFaults()
	files, _ := h.exported(handle.Database)
	assert.Contains(t, files, RecordingPath(missing, "recording.mp4"))
}
