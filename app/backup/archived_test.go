package backup_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// archiveWithLink archives a database whose recordings an operator has moved to another disk.
func (h *harness) archiveWithLink(name string) (disk string) {
	h.t.Helper()
	disk = filepath.Join(h.t.TempDir(), "large")
	storage := filepath.Join(h.UserDBsDir, name, "storage")
	require.NoError(h.t, os.Rename(storage, disk))
	require.NoError(h.t, os.Symlink(disk, storage))
	require.NoError(h.t, h.databases.Archive(h.t.Context(), []string{name}, ignoreOutcome))
	return disk
}

func TestArchivedDatabaseWithRecordingsOnAnotherDisk(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	video := h.addRecording(ada.Name, "video of ada")
	disk := h.archiveWithLink(ada.Name)
	h.settle()
	assert.Equal(t, 1, h.create().Recordings)
	objects := len(h.objects())
	h.create()
	assert.Len(t, h.objects(), objects, "nothing has changed")
	assert.Empty(t, h.verify(backup.Latest).Problems)
	require.NoError(t, os.RemoveAll(disk))

	to := target(t)
	restored, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	assert.Empty(t, restored.Problems)
	assert.Equal(t, 1, restored.Recordings)
	path, err := filepath.Rel(h.UserDBsDir, video)
	require.NoError(t, err)
	assertContent(t, filepath.Join(to.UserDBsDir, path), "video of ada")
	databases := openRestored(t, to)
	assert.Len(t, titles(t, databases, ada.Name), 1)
	infos, err := databases.List(t.Context(), []string{ada.Name})
	require.NoError(t, err)
	assert.Equal(t, registry.StatusReady, infos[0].Status, "it was unpacked")

	_, err = h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	assertContent(t, video, "video of ada")
}

func assertContent(t *testing.T, path, want string) {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, want, string(content))
}

func TestMissingRecordingOfAnArchivedDatabaseIsReported(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.addRecording(ada.Name, "video of ada")
	require.NoError(t, os.RemoveAll(h.archiveWithLink(ada.Name)))
	result, err := h.Create(t.Context())
	require.NoError(t, err)
	require.Len(t, result.Problems, 1)
	assert.Contains(t, result.Problems[0].Text, "is missing")
	assert.NotEmpty(t, h.verify(backup.Latest).Problems)
}

func TestFullRestoreBringsBackRecordingsOfArchivedDatabases(t *testing.T) {
	t.Parallel()
	h, bucket := newS3Harness(t, true)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	key, path := h.addS3Recording(bucket, ada.Name, "video of ada")
	h.addS3Recording(bucket, bob.Name, "video of bob")
	require.NoError(t, h.databases.Archive(t.Context(), []string{ada.Name, bob.Name}, ignoreOutcome))
	// The registry's statistics may be outdated, as they are after an adoption.
	_, err := h.app.DB().NewQuery("UPDATE user_databases SET size_s3 = 0").Execute()
	require.NoError(t, err)
	assert.Equal(t, 2, h.create().Recordings)
	assert.Empty(t, h.verify(backup.Latest).Problems)
	require.NoError(t, bucket.Delete(t.Context(), key))

	to := target(t)
	to.S3 = bucket
	restored, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	assert.Empty(t, restored.Problems)
	assert.Equal(t, 2, restored.Recordings)
	relative, err := filepath.Rel(h.UserDBsDir, path)
	require.NoError(t, err)
	assertContent(t, filepath.Join(to.UserDBsDir, relative), "video of ada")
	assert.NoFileExists(t, filepath.Join(to.UserDBsDir, ".archives", ada.Name+".tar.zst"))
	assert.FileExists(t, filepath.Join(to.UserDBsDir, ".archives", bob.Name+".tar.zst"), "nothing is missing")
	databases := openRestored(t, to)
	assert.Len(t, titles(t, databases, ada.Name), 1)
}

func TestFullRestoreReportsLostRecordings(t *testing.T) {
	t.Parallel()
	h, bucket := newS3Harness(t, false)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	key, _ := h.addS3Recording(bucket, ada.Name, "video of ada")
	second, _ := h.addS3Recording(bucket, bob.Name, "video of bob")
	require.NoError(t, h.databases.Archive(t.Context(), []string{ada.Name}, ignoreOutcome))
	assert.Equal(t, 2, h.create().LeftOut)
	require.NoError(t, bucket.Delete(t.Context(), key))
	require.NoError(t, bucket.Delete(t.Context(), second))
	to := target(t)
	to.S3 = bucket
	restored, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	assert.Zero(t, restored.Recordings)
	var names []string
	for _, p := range restored.Problems {
		assert.Contains(t, p.Text, "neither in S3 nor in the backup")
		names = append(names, p.Database)
	}
	assert.ElementsMatch(t, []string{ada.Name, bob.Name}, names)
}
