package backup_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
)

func (h *harness) indexOf(set string) string {
	h.t.Helper()
	found, err := filepath.Glob(filepath.Join(h.dir, "sets", set, "index-*"))
	require.NoError(h.t, err)
	require.Len(h.t, found, 1)
	return found[0]
}

func TestUnreadableIndexPreventsNothing(t *testing.T) {
	t.Parallel()
	now := time.Now()
	h := newHarness(t, func(cfg *backup.Config) {
		cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 1}
	})
	ada := h.provision("ada@example.com")
	h.settle()
	good := h.create()
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 2})
	now = now.Add(24 * time.Hour)
	h.Keep = backup.Keep{Days: 9}
	damaged := h.create()
	require.NoError(t, os.Truncate(h.indexOf(damaged.Name), 100))

	found, err := h.Repository.Find(t.Context(), backup.Latest)
	require.NoError(t, err)
	assert.Equal(t, good.Name, found.Name)
	problems := h.verify(backup.Latest).Problems
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Text, damaged.Name+" is newer")
	_, err = h.Repository.Find(t.Context(), damaged.Name)
	require.ErrorContains(t, err, "read the index")

	objects := h.objects()
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 3})
	h.Keep, now = backup.Keep{Days: 1}, now.Add(100*24*time.Hour)
	newest := h.create()
	assert.Subset(t, h.objects(), objects, "nobody knows which of them the damaged backup needs")
	sets, err := h.Repository.Sets(t.Context())
	require.NoError(t, err)
	require.Len(t, sets, 2)
	assert.NotEmpty(t, sets[0].Unreadable)
	assert.Equal(t, []string{damaged.Name, newest.Name}, []string{sets[0].Name, sets[1].Name})
}

func TestOldBackupCannotBeMadeToLookNew(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	set := h.create()
	index, err := os.ReadFile(h.indexOf(set.Name))
	require.NoError(t, err)
	const later = "21000101T000000Z"
	require.NoError(t, os.Mkdir(filepath.Join(h.dir, "sets", later), 0o700))
	forged := filepath.Join(h.dir, "sets", later, "index-0123456789abcdef")
	require.NoError(t, os.WriteFile(forged, index, 0o600))
	_, err = h.Repository.Find(t.Context(), later)
	require.ErrorContains(t, err, "can't be trusted")
	require.NoError(t, os.WriteFile(forged, []byte(strings.Replace(string(index), set.Name, later, 1)), 0o600))
	_, err = h.Repository.Restore(t.Context(), later, target(t))
	require.ErrorContains(t, err, "can't be trusted")
}
