package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
)

// breakDatabase makes a database unreadable.
func (h *harness) breakDatabase(name string) {
	h.t.Helper()
	require.NoError(h.t, os.Rename(filepath.Join(h.UserDBsDir, name), filepath.Join(h.t.TempDir(), "elsewhere")))
}

func TestUnreadableDatabaseIsBackedUpAsItWas(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.addRecording(ada.Name, "video of ada")
	h.create()
	h.breakDatabase(ada.Name)
	result, err := h.Create(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1, 1}, []int{result.Set.Databases, result.Set.Recordings, result.Set.Incomplete})
	require.Len(t, result.Problems, 1)
	assert.Contains(t, result.Problems[0].Text, "contains its state of")
	restored, err := h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	assert.NotEmpty(t, restored.Problems)
	assert.Len(t, titles(t, h.databases, ada.Name), 1)
}

func TestIncompleteBackupsDoNotReplaceCompleteOnes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 3, 17, 0, 0, time.UTC)
	h := newHarness(t, func(cfg *backup.Config) {
		cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 2}
	})
	ada := h.provision("ada@example.com")
	h.settle()
	complete := h.create()
	h.breakDatabase(ada.Name)
	for range 5 {
		now = now.Add(12 * time.Hour)
		_, err := h.Create(t.Context())
		require.NoError(t, err)
	}
	sets, err := h.Repository.Sets(t.Context())
	require.NoError(t, err)
	var names []string
	for _, set := range sets {
		names = append(names, set.Name)
	}
	assert.Equal(t, []string{complete.Name, "20260102T151700Z", "20260103T151700Z"}, names)
	assert.Empty(t, h.verify(complete.Name).Problems)
}

func TestRestoreReportsWhatTheBackupLacks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	h.breakDatabase(bob.Name)
	_, err := h.Create(t.Context())
	require.NoError(t, err)
	restored, err := h.Repository.Restore(t.Context(), backup.Latest, target(t))
	require.NoError(t, err)
	assert.Equal(t, 1, restored.Databases)
	require.Len(t, restored.Problems, 1)
	assert.Equal(t, bob.Name, restored.Problems[0].Database)
	_, err = h.restoreUser("bob@example.com", true)
	require.ErrorContains(t, err, "couldn't be read")
	_, err = h.restoreUser(ada.Name, true)
	require.NoError(t, err)
}

func TestInterruptedRestoreReportsTheProblemsAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.create()
	before := h.objects()
	h.addRecording(ada.Name, "video of ada")
	h.create()
	for _, key := range h.objects() {
		if path := filepath.Join(h.dir, key); !slices.Contains(before, key) && sizeOf(t, path) < 1000 { // the recording
			require.NoError(t, os.Remove(path))
		}
	}
	to := target(t)
	stopped := to
	stopped.Check = func(context.Context, string) error { return errors.New("stop") }
	_, err := h.Repository.Restore(t.Context(), backup.Latest, stopped)
	require.ErrorContains(t, err, "stop")
	restored, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 0}, []int{restored.Databases, restored.Recordings})
	require.Len(t, restored.Problems, 1)
	assert.Contains(t, restored.Problems[0].Text, "can't be restored")
	assert.Len(t, titles(t, openRestored(t, to), ada.Name), 1, "what is there is restored")
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}
