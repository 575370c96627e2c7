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
	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

const earlierSet = "20261128T004346Z"

// newEarlier is a harness with a copy of a repository that commit 9d1b8e1 wrote: the global database, a user database with a
// recording, and an archived one.
func newEarlier(t *testing.T, configure ...func(*backup.Config)) *harness {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "repository")
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/earlier/repository")))
	key, err := os.ReadFile("testdata/earlier/key.txt")
	require.NoError(t, err)
	keys, err := backup.ParseKeys(strings.TrimSpace(string(key)), nil)
	require.NoError(t, err)
	disk := store.NewDisk(dir, ledger.New(ledger.Config{}))
	h := newHarness(t, append(configure, func(cfg *backup.Config) { cfg.Repository = backup.NewRepository(disk, keys) })...)
	h.dir, h.keys, h.store = dir, keys, disk
	return h
}

func TestBackupOfAnEarlierVersionIsRestored(t *testing.T) {
	t.Parallel()
	h := newEarlier(t)
	sets, err := h.Repository.Sets(t.Context())
	require.NoError(t, err)
	require.Len(t, sets, 1)
	assert.Equal(t, earlierSet, sets[0].Name)
	result := h.verify(backup.Latest)
	assert.Empty(t, result.Problems)
	assert.Equal(t, 3, result.Databases)
	to := target(t)
	restored, err := h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	assert.Equal(t, 2, restored.Databases)
	_, err = os.Stat(filepath.Join(to.DataDir, "data.db"))
	require.NoError(t, err)

	h.forge(earlierSet, time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC), asItIs)
	h.forge(earlierSet, time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC), func(index map[string]any) { index["created"] = sets[0].Created })
	found, err := h.Repository.Find(t.Context(), backup.Latest)
	require.NoError(t, err)
	assert.Equal(t, earlierSet, found.Name, "a copy under another name isn't taken for a newer one")
	assert.Len(t, found.Skipped, 2)
}

func TestRepositoryOfAnEarlierVersionIsContinued(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 3, 17, 0, 0, time.UTC)
	h := newEarlier(t, func(cfg *backup.Config) { cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 2} })
	h.create()
	assert.Empty(t, h.verify(earlierSet).Problems)
	_, err := sharing(t, h).Create(t.Context())
	require.ErrorIs(t, err, backup.ErrForeignRepository, "the next backup claims the repository")
	now = now.Add(24 * time.Hour)
	h.create()
	_, err = h.Repository.Find(t.Context(), earlierSet)
	require.ErrorIs(t, err, backup.ErrNoSet, "retention counts it like any other")
	assert.Empty(t, h.verify(backup.Latest).Problems)
}
