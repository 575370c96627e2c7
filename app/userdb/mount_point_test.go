package userdb

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// A file system that is mounted in the folder of a database would be emptied and then be in the way.
func TestNothingHappensToAFolderWithAMountPoint(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name)
	recording := h.saveRecording(handle.Database, 1, "", "video")
	handle.Release()
	file := filepath.Join(h.Dir(entry.Name), RecordingPath(recording, "recording.mp4"))
	mounted := true
	h.fileSystem = func(dir string) (uint64, error) {
		if mounted && filepath.Base(dir) == "storage" {
			return 2, nil
		}
		return 1, nil
	}
	require.ErrorContains(t, h.archive(t.Context(), h.entry(entry.Name)), "storage is a mount point")
	assert.FileExists(t, file)
	assert.NoFileExists(t, h.archivePath(entry.Name))
	assert.Equal(t, registry.StatusReady, h.entry(entry.Name).Status)
	h.acquire(entry.Name).Release()

	row := h.entry(entry.Name)
	require.NoError(t, h.scheduleDeletion(t.Context(), &row, h.now()))
	require.ErrorContains(t, h.purge(t.Context(), row), "unmount it")
	assert.NoFileExists(t, file, "the recordings are deleted where they are")
	assert.Contains(t, h.entry(entry.Name).Error, "unmount it")
	mounted = false
	require.NoError(t, h.purge(t.Context(), h.entry(entry.Name)))
	assert.NoDirExists(t, h.Dir(entry.Name))
}
