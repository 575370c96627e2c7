package userdb

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// archived packs a database away.
func (s *Service) archived(t *testing.T, entry Entry) Entry {
	t.Helper()
	require.NoError(t, s.archive(t.Context(), entry))
	now, err := s.registry.named(t.Context(), entry.Name)
	require.NoError(t, err)
	require.Equal(t, StatusArchived, now.Status)
	return now
}

func TestARowThatHasMovedOnIsNotChanged(t *testing.T) {
	s := newTestService(t)
	ready := s.provisioned(t, "ada@example.com")
	first := s.archived(t, ready)
	require.ErrorIs(t, s.registry.change(t.Context(), ready, map[string]any{"size": 1}), errMovedOn, "it was ready")
	back, err := s.wake(t.Context(), first)
	require.NoError(t, err)
	second := s.archived(t, back)
	require.ErrorIs(t, s.registry.change(t.Context(), first, map[string]any{"size": 1}), errMovedOn, "it is another archive by now")
	require.NoError(t, s.registry.change(t.Context(), second, map[string]any{"size": 1}))
	require.NoError(t, s.registry.remove(t.Context(), second))
	require.ErrorIs(t, s.registry.change(t.Context(), second, map[string]any{"size": 2}), errMovedOn, "it is gone")
}

func TestRetentionLooksAgainBeforeItDeletes(t *testing.T) {
	s := newTestService(t)
	s.retention.DeleteArchivesAfter = time.Nanosecond
	archived := s.archived(t, s.provisioned(t, "ada@example.com"))
	require.True(t, s.due(archived))
	_, err := s.wake(t.Context(), archived) // its user signs in meanwhile
	require.NoError(t, err)
	require.NoError(t, s.retain(t.Context(), archived.Name))
	assert.FileExists(t, filepath.Join(s.Dir(archived.Name), sqlite.DataFile))
	require.ErrorIs(t, s.condemn(t.Context(), &archived, s.now()), errMovedOn)
}

func TestAFolderIsPreferredToAnArchiveThatStayedBehind(t *testing.T) {
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
	require.NoError(t, os.MkdirAll(filepath.Dir(s.archivePath(entry.Name)), 0o700))
	require.NoError(t, os.WriteFile(s.archivePath(entry.Name), []byte("from before"), 0o600))
	require.NoError(t, s.condemn(t.Context(), &entry, s.now().Add(time.Hour)))
	require.NoError(t, s.reprieve(t.Context(), entry))
	now, err := s.registry.named(t.Context(), entry.Name)
	require.NoError(t, err)
	assert.Equal(t, StatusReady, now.Status)
	assert.NoFileExists(t, s.archivePath(entry.Name))
	handle, err := s.Acquire(t.Context(), entry.Name)
	require.NoError(t, err)
	handle.Release()
}

func TestANameThatIsTakenOnTheDiskIsPassedOver(t *testing.T) {
	s := newTestService(t)
	first := s.provisioned(t, "ada@example.com")
	date, seq := day(s.now()), 2
	require.NoError(t, os.Mkdir(s.Dir(formatName(date, seq, "bob")), 0o700))
	require.NoError(t, os.MkdirAll(filepath.Dir(s.archivePath("x")), 0o700))
	require.NoError(t, os.WriteFile(s.archivePath(formatName(date, seq+1, "bob")), []byte("another's"), 0o600))
	assert.Equal(t, formatName(date, seq+2, "bob"), s.provisioned(t, "bob@example.com").Name)
	assert.NotEqual(t, first.Name, "")
}

func TestAnOpeningMakesNoFiles(t *testing.T) {
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
	handle, err := s.Acquire(t.Context(), entry.Name)
	require.NoError(t, err)
	_, err = handle.App.FindAllRecords("meetings")
	require.NoError(t, err)
	handle.Release()
	assert.NoFileExists(t, filepath.Join(s.Dir(entry.Name), sqlite.AuxiliaryFile), "nothing was logged")
}
