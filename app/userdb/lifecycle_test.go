package userdb

import (
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

// archived packs a database away.
func (s *Service) archived(t *testing.T, entry registry.Entry) registry.Entry {
	t.Helper()
	require.NoError(t, s.archive(t.Context(), entry))
	now, err := s.registry.ByName(t.Context(), entry.Name)
	require.NoError(t, err)
	require.Equal(t, registry.StatusArchived, now.Status)
	return now
}

func TestARowThatHasMovedOnIsNotChanged(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	ready := s.provisioned(t, "ada@example.com")
	first := s.archived(t, ready)
	require.ErrorIs(t, s.registry.Change(t.Context(), ready, registry.Fields{"size": 1}), registry.ErrConflict, "it was ready")
	back, err := s.wake(t.Context(), first)
	require.NoError(t, err)
	second := s.archived(t, back)
	require.ErrorIs(t, s.registry.Change(t.Context(), first, registry.Fields{"size": 1}), registry.ErrConflict, "it is another archive by now")
	require.NoError(t, s.registry.Change(t.Context(), second, registry.Fields{"size": 1}))
	require.NoError(t, s.registry.Remove(t.Context(), second))
	require.ErrorIs(t, s.registry.Change(t.Context(), second, registry.Fields{"size": 2}), registry.ErrConflict, "it is gone")
}

func TestRetentionLooksAgainBeforeItDeletes(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	s.retention.DeleteArchivesAfter = time.Nanosecond
	archived := s.archived(t, s.provisioned(t, "ada@example.com"))
	require.True(t, s.due(archived))
	_, err := s.wake(t.Context(), archived) // its user signs in meanwhile
	require.NoError(t, err)
	require.NoError(t, s.retain(t.Context(), archived.Name))
	assert.FileExists(t, filepath.Join(s.Dir(archived.Name), sqlite.DataFile))
	require.ErrorIs(t, s.condemn(t.Context(), &archived, s.now()), registry.ErrConflict)
}

func TestAFolderIsPreferredToAnArchiveThatStayedBehind(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
	require.NoError(t, os.MkdirAll(filepath.Dir(s.archivePath(entry.Name)), 0o700))
	require.NoError(t, os.WriteFile(s.archivePath(entry.Name), []byte("from before"), 0o600))
	require.NoError(t, s.condemn(t.Context(), &entry, s.now().Add(time.Hour)))
	require.NoError(t, s.reprieve(t.Context(), entry))
	now, err := s.registry.ByName(t.Context(), entry.Name)
	require.NoError(t, err)
	assert.Equal(t, registry.StatusReady, now.Status)
	assert.NoFileExists(t, s.archivePath(entry.Name))
	handle, err := s.Acquire(t.Context(), entry.Name)
	require.NoError(t, err)
	handle.Release()
}

func TestANameThatIsTakenOnTheDiskIsPassedOver(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	first := s.provisioned(t, "ada@example.com")
	name := func(seq int) string { return fmt.Sprintf("%s-%03d-bob", s.now().UTC().Format(time.DateOnly), seq) }
	require.NoError(t, os.Mkdir(s.Dir(name(2)), 0o700))
	require.NoError(t, os.MkdirAll(filepath.Dir(s.archivePath("x")), 0o700))
	require.NoError(t, os.WriteFile(s.archivePath(name(3)), []byte("another's"), 0o600))
	assert.Equal(t, name(4), s.provisioned(t, "bob@example.com").Name)
	assert.NotEqual(t, first.Name, "")
}

func TestAnOpeningMakesNoFiles(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
	handle, err := s.Acquire(t.Context(), entry.Name)
	require.NoError(t, err)
	_, err = handle.App.FindAllRecords("meetings")
	require.NoError(t, err)
	handle.Release()
	assert.NoFileExists(t, filepath.Join(s.Dir(entry.Name), sqlite.AuxiliaryFile), "nothing was logged")
}

// A start removes work in progress by its name, and nobody's database has such a
// name, whatever their e-mail address is.
func TestNoNameIsTakenForWorkInProgress(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	var entries []registry.Entry
	for _, user := range []string{"me.tar.zst.new", "me.tar.zst", "new-me", "trash-me", "me.new", "archives", "me-wal"} {
		entries = append(entries, s.provisioned(t, user+"@example.com"))
	}
	s.archived(t, entries[1])
	found, err := s.reconcile(t.Context())
	require.NoError(t, err)
	for i, entry := range entries {
		now, err := s.registry.ByName(t.Context(), entry.Name)
		require.NoError(t, err)
		assert.Empty(t, now.Error, entry.Name)
		if i != 1 {
			assert.FileExists(t, filepath.Join(s.Dir(entry.Name), sqlite.DataFile))
		}
		assert.NotContains(t, found.removed, entry.Name)
	}
	assert.FileExists(t, s.archivePath(entries[1].Name))
}

func TestAnArchivedRowThatIsToBeDeletedIsNotWoken(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	archived := s.archived(t, s.provisioned(t, "ada@example.com"))
	condemned := archived
	require.NoError(t, s.condemn(t.Context(), &condemned, s.now().Add(time.Hour)))
	_, err := s.wake(t.Context(), archived)
	require.ErrorIs(t, err, registry.ErrConflict)
	now, err := s.registry.ByName(t.Context(), archived.Name)
	require.NoError(t, err)
	assert.Equal(t, registry.StatusDeleting, now.Status)
	assert.FileExists(t, s.archivePath(archived.Name))
}

func TestWhatCannotBeLookedAtStopsAProvisioning(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	require.NoError(t, os.WriteFile(filepath.Dir(s.archivePath("x")), nil, 0o600)) // where the folder of archives should be
	_, err := s.registry.Reserve(t.Context(), s.user(t, "ada@example.com"), s.now(), s.taken, s.wrapDataKey)
	require.ErrorIs(t, err, syscall.ENOTDIR)
}

func TestAFileWithNothingInItIsNoDatabase(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
	require.NoError(t, os.Truncate(filepath.Join(s.Dir(entry.Name), sqlite.DataFile), 0))
	_, err := s.Acquire(t.Context(), entry.Name)
	require.ErrorIs(t, err, errMissing)
	info, err := os.Stat(filepath.Join(s.Dir(entry.Name), sqlite.DataFile))
	require.NoError(t, err)
	assert.Zero(t, info.Size(), "nothing was made in its place")
}

func TestALinkIsNotPackedForWhatItLeadsTo(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
	require.NoError(t, os.Symlink(t.TempDir(), filepath.Join(s.Dir(entry.Name), "storage")))
	require.ErrorIs(t, s.archive(t.Context(), entry), durable.ErrNotRegular)
	assert.DirExists(t, s.Dir(entry.Name))
}
