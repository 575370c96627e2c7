package userdb

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestArchivingLeavesRecordingsInS3(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name)
	recording := h.storeRecording(handle.Database, 1, "video")
	handle.Release()
	requests := h.s3.Count(s3test.ListObjects) + h.s3.Count(s3test.HeadObject)
	archived := h.archiveNow(h.entry(entry.Name))
	assert.EqualValues(t, 5, archived.SizeInS3)
	details, err := h.Show(t.Context(), entry.Name)
	require.NoError(t, err)
	assert.EqualValues(t, 5, details.InS3)
	stats, err := h.Stats(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 5, stats.SizeInS3)
	_, err = h.unarchive(t.Context(), archived)
	require.NoError(t, err)
	assert.Equal(t, requests, h.s3.Count(s3test.ListObjects)+h.s3.Count(s3test.HeadObject), "S3 isn't needed")
	assert.Equal(t, []string{recording.GetString("blob")}, h.s3.Keys())
}

func TestPurgeDeletesRecordingsInS3(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	var entries []registry.Entry
	for _, email := range []string{"folder@example.com", "archived@example.com", "restored@example.com"} {
		entry := h.provision(email)
		handle := h.acquire(entry.Name)
		h.storeRecording(handle.Database, 1, "video")
		handle.Release()
		entries = append(entries, entry)
	}
	other := "2020-01-01-001-other/1/a"
	h.s3.Put(t, other, []byte("of another user"))
	h.archiveNow(h.entry(entries[1].Name))
	for _, entry := range entries {
		row := h.entry(entry.Name)
		require.NoError(t, h.scheduleDeletion(t.Context(), &row, h.now().Add(time.Hour)))
	}
	require.NoError(t, h.ApplyRetention(t.Context()))
	assert.Len(t, h.s3.Keys(), 4, "nothing is deleted during the grace period")
	require.NoError(t, h.undelete(t.Context(), h.entry(entries[2].Name)))

	h.clock.Advance(2 * time.Hour)
	h.s3.Fail(s3test.ListObjects, s3test.Always, 503, "SlowDown")
	mark := len(h.log.String())
	require.NoError(t, h.ApplyRetention(t.Context()))
	logged := h.log.String()[mark:]
	assert.Equal(t, 1, strings.Count(logged, "level=ERROR"), "one pass reports the failure once: %s", logged)
	assert.Contains(t, logged, "databases=2")
	failed := h.entry(entries[0].Name)
	assert.Equal(t, registry.StatusDeleting, failed.Status)
	assert.Contains(t, failed.Error, "delete recordings in S3")
	assert.FileExists(t, filepath.Join(h.Dir(entries[0].Name), sqlite.DataFile), "nothing is lost as long as S3 fails")

	h.s3.ClearFaults()
	require.NoError(t, h.ApplyRetention(t.Context()))
	for _, entry := range entries[:2] {
		_, err := h.registry.ByName(t.Context(), entry.Name)
		require.ErrorIs(t, err, registry.ErrNotFound)
		assert.NoDirExists(t, h.Dir(entry.Name))
	}
	assert.ElementsMatch(t, []string{other, entries[2].Name + "/1/aaaa-1"}, h.s3.Keys(), "others keep theirs")
}

func TestDatabaseIsNotPurgedWhileItsRecordingsCannotBe(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	folder, archive := h.provision("folder@example.com"), h.provision("archive@example.com")
	without := h.provision("without@example.com")
	for _, entry := range []registry.Entry{folder, archive} {
		handle := h.acquire(entry.Name)
		h.storeRecording(handle.Database, 1, "video")
		handle.Release()
	}
	h.archiveNow(h.entry(archive.Name))
	store := h.blobs.S3
	h.blobs.S3 = nil // as after a restart without the settings
	for _, entry := range []registry.Entry{folder, archive, without} {
		row := h.entry(entry.Name)
		require.NoError(t, h.scheduleDeletion(t.Context(), &row, h.now()))
	}
	require.NoError(t, h.ApplyRetention(t.Context()))
	for _, entry := range []registry.Entry{folder, archive} {
		assert.Contains(t, h.entry(entry.Name).Error, "set the S3_… settings")
	}
	assert.FileExists(t, filepath.Join(h.Dir(folder.Name), sqlite.DataFile))
	assert.FileExists(t, h.archivePath(archive.Name))
	_, err := h.registry.ByName(t.Context(), without.Name)
	require.ErrorIs(t, err, registry.ErrNotFound, "databases without recordings in S3 are deleted")
	require.NoError(t, h.undelete(t.Context(), h.entry(folder.Name)))
	assert.Empty(t, h.entry(folder.Name).Error)

	h.blobs.S3 = store
	require.NoError(t, h.ApplyRetention(t.Context()))
	_, err = h.registry.ByName(t.Context(), archive.Name)
	require.ErrorIs(t, err, registry.ErrNotFound)
	assert.Equal(t, []string{folder.Name + "/1/aaaa-1"}, h.s3.Keys())
}
