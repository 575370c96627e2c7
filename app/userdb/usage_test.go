package userdb

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	require.NoError(t, h.CheckQuota(handle.Database, quota-before.Bytes))

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
	h.clock.Advance(storageSizeTTL)
	assert.Equal(t, before.Bytes+1_500_000, used())
	require.NoError(t, os.Truncate(file, quota))
	handle.StorageChanged()
	assert.Equal(t, before.Bytes+quota, used(), "the cache is dropped")
	err = h.CheckQuota(handle.Database, 0)
	require.ErrorIs(t, err, ErrQuotaExceeded)
	assert.ErrorContains(t, err, "50 MB of 50 MB used")
}
