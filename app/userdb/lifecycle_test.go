package userdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

func TestEveryStatusChangeIsAConflictForEarlierReaders(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ready := h.provision("ada@example.com")
	size := registry.Fields{"size": 1}
	first := h.archiveNow(ready)
	require.ErrorIs(t, h.registry.Change(t.Context(), ready, size), registry.ErrConflict, "it was ready")
	unarchived, err := h.unarchive(t.Context(), first)
	require.NoError(t, err)
	h.clock.Advance(time.Second)
	second := h.archiveNow(unarchived)
	require.ErrorIs(t, h.registry.Change(t.Context(), first, size), registry.ErrConflict, "it is another archive")
	require.NoError(t, h.registry.Change(t.Context(), second, size))
	require.NoError(t, h.registry.Remove(t.Context(), second))
	require.ErrorIs(t, h.registry.Change(t.Context(), second, size), registry.ErrConflict, "it is gone")
}

func TestRetentionReadsTheRowAgainBeforeItDeletes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(cfg *Config) { cfg.Retention.DeleteArchivesAfter = time.Hour })
	archived := h.archiveNow(h.provision("ada@example.com"))
	h.clock.Advance(2 * time.Hour)
	require.True(t, h.isDue(archived))
	_, err := h.unarchive(t.Context(), archived) // its user signs in meanwhile
	require.NoError(t, err)
	require.NoError(t, h.applyRetention(t.Context(), archived.Name))
	assert.FileExists(t, filepath.Join(h.Dir(archived.Name), sqlite.DataFile))
	require.ErrorIs(t, h.scheduleDeletion(t.Context(), &archived, h.now()), registry.ErrConflict)
}

func TestRestoredDatabaseIsNotDeleted(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	scheduled := entry
	require.NoError(t, h.scheduleDeletion(t.Context(), &scheduled, h.now().Add(-time.Second)))
	due := h.entry(entry.Name)
	require.NoError(t, h.undelete(t.Context(), due))
	require.ErrorIs(t, h.purge(t.Context(), due), registry.ErrConflict)
	assert.DirExists(t, h.Dir(entry.Name))

	require.NoError(t, h.scheduleDeletion(t.Context(), &entry, h.now().Add(time.Hour)))
	require.ErrorIs(t, h.purge(t.Context(), due), registry.ErrConflict, "it is not due yet")
	assert.DirExists(t, h.Dir(entry.Name))
	h.clock.Advance(time.Hour)
	require.NoError(t, h.purge(t.Context(), due))
	assert.NoDirExists(t, h.Dir(entry.Name))
}

func TestUndeletePrefersTheFolderToAStaleArchive(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	require.NoError(t, os.MkdirAll(filepath.Dir(h.archivePath(entry.Name)), 0o700))
	require.NoError(t, os.WriteFile(h.archivePath(entry.Name), []byte("stale"), 0o600))
	require.NoError(t, h.scheduleDeletion(t.Context(), &entry, h.now().Add(time.Hour)))
	require.NoError(t, h.undelete(t.Context(), entry))
	assert.Equal(t, registry.StatusReady, h.entry(entry.Name).Status)
	assert.NoFileExists(t, h.archivePath(entry.Name))
	h.acquire(entry.Name).Release()
}

func TestProvisionSkipsNamesThatExistOnDisk(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	name := func(seq int) string { return fmt.Sprintf("%s-%03d-bob", h.now().UTC().Format(time.DateOnly), seq) }
	require.NoError(t, os.Mkdir(h.Dir(name(2)), 0o700))
	require.NoError(t, os.MkdirAll(filepath.Dir(h.archivePath("x")), 0o700))
	require.NoError(t, os.WriteFile(h.archivePath(name(3)), []byte("of another user"), 0o600))
	assert.Equal(t, name(4), h.provision("bob@example.com").Name)
}

func TestOpeningCreatesNoFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name)
	_, err := handle.App.FindAllRecords("meetings")
	require.NoError(t, err)
	handle.Release()
	assert.NoFileExists(t, filepath.Join(h.Dir(entry.Name), sqlite.AuxiliaryFile), "nothing was logged")
}

// A start removes unfinished work by its name. No e-mail address gives a database such a name.
func TestReconcileNeverMistakesADatabaseForUnfinishedWork(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var entries []registry.Entry
	for _, user := range []string{
		"me.tar.zst.new", "me.tar.zst", "new-me", "trash-me", "me.new", "archives", "me-wal", "me.tmp-1", "me.tar.zst.tmp-1",
	} {
		entries = append(entries, h.provision(user+"@example.com"))
	}
	archived := map[string]bool{entries[1].Name: true, entries[8].Name: true}
	for name := range archived {
		h.archiveNow(h.entry(name))
	}
	found, err := h.reconcile(t.Context())
	require.NoError(t, err)
	for _, entry := range entries {
		assert.Empty(t, h.entry(entry.Name).Error, entry.Name)
		assert.NotContains(t, found.removed, entry.Name)
		if archived[entry.Name] {
			assert.FileExists(t, h.archivePath(entry.Name))
		} else {
			assert.FileExists(t, filepath.Join(h.Dir(entry.Name), sqlite.DataFile))
		}
	}
}

func TestScheduledDeletionPreventsUnarchiving(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	archived := h.archiveNow(h.provision("ada@example.com"))
	scheduled := archived
	require.NoError(t, h.scheduleDeletion(t.Context(), &scheduled, h.now().Add(time.Hour)))
	_, err := h.unarchive(t.Context(), archived)
	require.ErrorIs(t, err, registry.ErrConflict)
	assert.Equal(t, registry.StatusDeleting, h.entry(archived.Name).Status)
	assert.FileExists(t, h.archivePath(archived.Name))
}

func TestUnreadableArchiveFolderStopsProvisioning(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	require.NoError(t, os.WriteFile(filepath.Dir(h.archivePath("x")), nil, 0o600)) // a file in place of the folder
	_, err := h.registry.Reserve(t.Context(), h.newUser("ada@example.com"), h.now(), h.isNameTaken, h.newDataKey)
	require.ErrorIs(t, err, syscall.ENOTDIR)
}

func TestEmptyDataFileIsNotReplaced(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	require.NoError(t, os.Truncate(filepath.Join(h.Dir(entry.Name), sqlite.DataFile), 0))
	_, err := h.Acquire(t.Context(), entry.Name)
	require.ErrorIs(t, err, errNoData)
	require.NotErrorIs(t, err, ErrMissing)
	info, err := os.Stat(filepath.Join(h.Dir(entry.Name), sqlite.DataFile))
	require.NoError(t, err)
	assert.Zero(t, info.Size(), "no new database was created in its place")
}

func TestArchiveRefusesAnUnexpectedLink(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	require.NoError(t, os.Symlink(t.TempDir(), filepath.Join(h.Dir(entry.Name), "partial")))
	require.ErrorIs(t, h.archive(t.Context(), entry), durable.ErrNotRegular)
	assert.DirExists(t, h.Dir(entry.Name))
}

func TestArchiveContainsNoTemporaryFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	leftovers := []string{sqlite.AuxiliaryFile + ".new", sqlite.AuxiliaryFile + ".tmp-123"}
	for _, file := range leftovers {
		require.NoError(t, os.WriteFile(filepath.Join(h.Dir(entry.Name), file), []byte("half"), 0o600))
	}
	_, err := h.unarchive(t.Context(), h.archiveNow(entry))
	require.NoError(t, err)
	for _, file := range leftovers {
		assert.NoFileExists(t, filepath.Join(h.Dir(entry.Name), file))
		require.NoError(t, os.WriteFile(filepath.Join(h.Dir(entry.Name), file), []byte("half"), 0o600))
	}
	_, err = h.maintain(t.Context(), h.entry(entry.Name))
	require.NoError(t, err)
	for _, file := range leftovers {
		assert.NoFileExists(t, filepath.Join(h.Dir(entry.Name), file))
	}
}

func TestExclusiveAccessEndsWithItsContext(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := h.exclusively(ctx, handle.Name, func() error { return nil })
	require.ErrorIs(t, err, context.Canceled)
}
