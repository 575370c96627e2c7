package backup_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
)

func TestOldBackupsAreRemoved(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 3, 17, 0, 0, time.UTC)
	h := newHarness(t, func(cfg *backup.Config) {
		cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 3, Weeks: 2, Months: 3}
	})
	h.settle()
	for range 100 {
		h.create()
		now = now.Add(24 * time.Hour)
	}
	sets, err := h.Repository.Sets(t.Context())
	require.NoError(t, err)
	var names []string
	for _, set := range sets {
		names = append(names, set.Name[:8])
	}
	// The last three days (8 to 10 April), the last two weeks (until 5 April), and the last of each month.
	assert.Equal(t, []string{"20260228", "20260331", "20260405", "20260408", "20260409", "20260410"}, names)
	for _, set := range sets {
		assert.Empty(t, h.verify(set.Name).Problems)
	}
	folders, err := os.ReadDir(filepath.Join(h.dir, "sets"))
	require.NoError(t, err)
	files := 0
	for _, folder := range folders {
		entries, err := os.ReadDir(filepath.Join(h.dir, "sets", folder.Name()))
		require.NoError(t, err)
		files += len(entries)
	}
	assert.Equal(t, 2*len(sets), files)
}

func TestObjectsOfRemovedBackupsAreRemovedAfterADay(t *testing.T) {
	t.Parallel()
	now := time.Now()
	h := newHarness(t, func(cfg *backup.Config) { cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 1} })
	ada := h.provision("ada@example.com")
	h.addRecording(ada.Name, "video of ada")
	h.create()
	require.Len(t, h.objects(), 3)
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 2})
	now = now.Add(time.Minute)
	result, err := h.Create(t.Context())
	require.NoError(t, err)
	assert.Len(t, result.Removed, 1)
	assert.Greater(t, len(h.objects()), 3, "they are too young")
	now = now.Add(25 * time.Hour)
	h.create()
	assert.Len(t, h.objects(), 3)
	assert.Empty(t, h.verify(backup.Latest).Problems)
}
