package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func newBucket(t *testing.T, server *s3test.Server, prefix string) *blob.S3 {
	t.Helper()
	bucket, err := blob.NewS3(blob.S3Config{
		Endpoint: server.URL, Bucket: server.Bucket, Region: server.Region, Prefix: prefix,
		AccessKey: server.AccessKey, SecretKey: server.SecretKey, PathStyle: true, PartSize: 5 << 20,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	require.NoError(t, err)
	t.Cleanup(bucket.Close)
	return bucket
}

// addS3Recording is addRecording for a file in S3. It returns its key and the path that it would have on disk.
func (h *harness) addS3Recording(bucket *blob.S3, name, content string) (key, path string) {
	h.t.Helper()
	upload, err := bucket.Begin(h.t.Context(), blob.Target{Database: name, Recording: "1", Source: "x", Size: int64(len(content))})
	require.NoError(h.t, err)
	writer, err := bucket.Write(h.t.Context(), upload, func(blob.Upload) error { return nil })
	require.NoError(h.t, err)
	_, err = writer.Write([]byte(content))
	require.NoError(h.t, err)
	upload, err = writer.Finish()
	require.NoError(h.t, err)
	require.NoError(h.t, writer.Close())
	require.NoError(h.t, bucket.Complete(h.t.Context(), upload))
	record := h.save(name, "recordings", map[string]any{
		"recording_id": 1, "size": len(content), "file": "recording.mp4", "sha256": upload.SHA256, "blob": upload.Key,
	})
	return upload.Key, filepath.Join(h.UserDBsDir, name, filepath.FromSlash(userdb.RecordingPath(record, "recording.mp4")))
}

// newS3Harness is a harness whose recordings and backups are in one bucket.
func newS3Harness(t *testing.T, recordings bool) (*harness, *blob.S3) {
	t.Helper()
	server := s3test.Start(t, s3test.Options{})
	bucket := newBucket(t, server, "recordings")
	h := newHarness(t, func(cfg *backup.Config) { cfg.Blobs.S3, cfg.S3Recordings = bucket, recordings })
	h.store = store.NewS3(newBucket(t, server, "backups"))
	h.Repository = backup.NewRepository(h.store, h.keys)
	return h, bucket
}

func TestRecordingsInS3AreBackedUp(t *testing.T) {
	t.Parallel()
	h, bucket := newS3Harness(t, true)
	ada := h.provision("ada@example.com")
	key, path := h.addS3Recording(bucket, ada.Name, "video of ada")
	h.settle()
	first := h.create()
	assert.Equal(t, 1, first.Recordings)
	objects := len(h.objects())
	h.create()
	assert.Len(t, h.objects(), objects, "nothing has changed")
	assert.Empty(t, h.verify(backup.Latest).Problems)

	_, err := h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	assert.NoFileExists(t, path, "the recording is still in S3")
	require.NoError(t, bucket.Delete(t.Context(), key))
	_, err = h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "video of ada", string(content))
	db, err := h.databases.Acquire(t.Context(), ada.Name)
	require.NoError(t, err)
	defer db.Release()
	var blobs []string
	require.NoError(t, db.App.DB().Select("blob").From("recordings").Column(&blobs))
	assert.Equal(t, []string{""}, blobs, "its record says that it is on disk")
}

func TestArchivedDatabaseWithRecordingsInS3(t *testing.T) {
	t.Parallel()
	h, bucket := newS3Harness(t, true)
	ada := h.provision("ada@example.com")
	key, path := h.addS3Recording(bucket, ada.Name, "video of ada")
	require.NoError(t, h.databases.Archive(t.Context(), []string{ada.Name}, ignoreOutcome))
	assert.Equal(t, 1, h.create().Recordings)
	assert.Empty(t, h.verify(backup.Latest).Problems)
	require.NoError(t, bucket.Delete(t.Context(), key))
	_, err := h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "video of ada", string(content))
}

func TestRecordingsInS3MayBeLeftOut(t *testing.T) {
	t.Parallel()
	h, bucket := newS3Harness(t, false)
	ada := h.provision("ada@example.com")
	key, _ := h.addS3Recording(bucket, ada.Name, "video of ada")
	h.create()
	assert.Len(t, h.objects(), 2)
	assert.Empty(t, h.verify(backup.Latest).Problems)
	require.NoError(t, bucket.Delete(t.Context(), key))
	restored, err := h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	require.Len(t, restored.Problems, 1)
	assert.Contains(t, restored.Problems[0].Text, "neither in S3 nor in the backup")
}
