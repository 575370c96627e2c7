package userdb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func TestUsageAndQuotaCountStoredFiles(t *testing.T) {
	t.Parallel()
	const quota = 50_000_000
	h := newHarness(t, func(cfg *Config) { cfg.Quota = quota })
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	before, err := h.Usage(handle.Database)
	require.NoError(t, err)
	assert.EqualValues(t, quota, before.Quota)
	assert.Positive(t, before.Bytes)
	require.NoError(t, handle.Space.Check("record", quota-before.Bytes))

	file := filepath.Join(h.Dir(handle.Name), "storage", "recording.mp4")
	require.NoError(t, os.Mkdir(filepath.Dir(file), 0o700))
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.NoError(t, os.Truncate(file, 1_500_000))
	used := func() int64 {
		usage, err := h.Usage(handle.Database)
		require.NoError(t, err)
		return usage.Bytes
	}
	assert.Equal(t, before.Bytes, used(), "the size is cached")
	h.clock.Advance(time.Minute)
	assert.Equal(t, before.Bytes+1_500_000, used())
	require.NoError(t, os.Truncate(file, quota))
	handle.StorageChanged()
	assert.Equal(t, before.Bytes+quota, used(), "the cache is dropped")
	var over *ledger.QuotaError
	require.ErrorAs(t, handle.Space.Check("record", 1), &over)
	assert.Zero(t, over.Available)
	assert.EqualValues(t, quota, over.Quota)
}

// Deleted rows leave free pages in the file, which SQLite uses again before the file grows.
func TestUsageDoesNotCountFreePages(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	used := func() int64 {
		h.ShrinkLog(handle.Database)
		usage, err := h.Usage(handle.Database)
		require.NoError(t, err)
		return usage.Bytes
	}
	collection, err := handle.App.FindCollectionByNameOrId(schema.Meetings)
	require.NoError(t, err)
	before := used()
	meeting := core.NewRecord(collection)
	meeting.Set("recording_id", 1)
	meeting.Set("summary", strings.Repeat("s", 1<<20))
	require.NoError(t, handle.App.Save(meeting))
	assert.InDelta(t, before+1<<20, used(), 200_000, "the copy in the write-ahead log is removed")
	require.NoError(t, handle.App.Delete(meeting))
	assert.InDelta(t, before, used(), 200_000)
}
