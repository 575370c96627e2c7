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

func TestUnreadableIndexIsNoObstacle(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(content string) string{
		"empty":     func(string) string { return "" },
		"cut off":   func(content string) string { return content[:len(content)/2] },
		"other key": func(content string) string { return strings.Replace(content, "objects/", "../objects/", 1) },
		"newer":     func(content string) string { return strings.Replace(content, `"format":1`, `"format":2`, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now().Add(-48 * time.Hour)
			h := newHarness(t, func(cfg *backup.Config) { cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 2} })
			ada := h.provision("ada@example.com")
			first := h.create()
			now = now.Add(24 * time.Hour)
			h.save(ada.Name, "meetings", map[string]any{"recording_id": 2})
			unreadable := h.create()
			content, err := os.ReadFile(h.indexOf(unreadable.Name))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(h.indexOf(unreadable.Name), []byte(damage(string(content))), 0o600))

			sets, err := h.Repository.Sets(t.Context())
			require.NoError(t, err)
			require.Len(t, sets, 2)
			assert.Empty(t, sets[0].Problem)
			assert.NotEmpty(t, sets[1].Problem)
			assert.Equal(t, unreadable.Name, sets[1].Name)
			found, err := h.Repository.Find(t.Context(), backup.Latest)
			require.NoError(t, err)
			assert.Equal(t, first.Name, found.Name)
			require.Len(t, found.Skipped, 1)
			assert.Contains(t, found.Skipped[0].Text, unreadable.Name)
			_, err = h.Repository.Find(t.Context(), unreadable.Name)
			require.ErrorContains(t, err, "can't be used")

			now = now.Add(24 * time.Hour)
			before := h.objects()
			result, err := h.Create(t.Context())
			require.NoError(t, err)
			assert.Empty(t, result.Removed, "an unreadable one doesn't count")
			assert.Subset(t, h.objects(), before, "nobody knows which the unreadable one needs")
			assert.Contains(t, h.log.String(), "backups can't be read")
			assert.Empty(t, h.verify(backup.Latest).Problems)

			now = now.Add(72 * time.Hour) // until retention removes it
			h.create()
			now = now.Add(24 * time.Hour)
			h.create()
			_, err = h.Repository.Find(t.Context(), unreadable.Name)
			require.ErrorIs(t, err, backup.ErrNoSet)
		})
	}
}

func TestNamesAscendWhateverTheRepositoryContains(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 20, 15, 0, 0, time.UTC)
	h := newHarness(t, func(cfg *backup.Config) { cfg.Now = func() time.Time { return now } })
	assert.Equal(t, "20261127T201500Z", h.create().Name)
	assert.Equal(t, "20261127T201501Z", h.create().Name, "in the same second")
	now = now.Add(-time.Hour)
	assert.Equal(t, "20261127T201502Z", h.create().Name, "the clock was set back")
	found, err := h.Repository.Find(t.Context(), backup.Latest)
	require.NoError(t, err)
	assert.Equal(t, "20261127T201502Z", found.Name)
	assert.Empty(t, h.verify(backup.Latest).Problems)

	now = now.Add(24 * time.Hour)
	for _, name := range []string{"99991231T235959Z", "not-a-time", "20261128T999999Z"} {
		path := filepath.Join(h.dir, "sets", name, "index-0123456789abcdef")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, nil, 0o600))
	}
	assert.Equal(t, "20261128T191500Z", h.create().Name)
}

func TestForeignFilesAreNotRemoved(t *testing.T) {
	t.Parallel()
	now := time.Now()
	h := newHarness(t, func(cfg *backup.Config) { cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 1} })
	h.create()
	var foreign []string
	for _, name := range []string{
		"objects/ab/photo-0123456789abcdef", "objects/shared/o-0123456789abcdef", "objects/photo.jpg", "objects/ab/photo.jpg.tmp-1",
		"sets/2026/list-0123456789abcdef", "sets/20200101T000000Z/notes-0123456789abcdef",
	} {
		path := filepath.Join(h.dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		foreign = append(foreign, path)
	}
	own := filepath.Join(h.dir, "objects", "ab", "o-0123456789abcdef")
	require.NoError(t, os.WriteFile(own, nil, 0o600))
	now = now.Add(48 * time.Hour)
	h.create()
	for _, path := range foreign {
		assert.FileExists(t, path)
	}
	assert.NoFileExists(t, own, "no backup names it")
}
