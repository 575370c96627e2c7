package userdb

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

func TestUsageAndQuotaCountRecordingsInS3(t *testing.T) {
	t.Parallel()
	const quota = 50_000_000
	h := newS3Harness(t, func(cfg *Config) { cfg.Quota = quota })
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	before, err := h.Usage(handle.Database)
	require.NoError(t, err)
	used := func() int64 {
		t.Helper()
		handle.StorageChanged()
		usage, err := h.Usage(handle.Database)
		require.NoError(t, err)
		return usage.Bytes - before.Bytes
	}
	inRows := func(db *Database) int64 { // what the rows of the test themselves take
		size, err := rowsSize(h.Dir(db.Name), db.App)
		require.NoError(t, err)
		return size - before.Bytes
	}

	recording := h.saveRecording(handle.Database, 1, handle.Name+"/1/a", "x")
	setSize := func(size int) {
		recording.Set("size", size)
		require.NoError(t, handle.App.UnsafeWithoutHooks().SaveNoValidate(recording))
	}
	setSize(20_000_000)
	assert.Equal(t, 20_000_000+inRows(handle.Database), used())

	upload := blob.Upload{Engine: blob.EngineS3, Key: handle.Name + "/2/b", ID: "id", Size: 16_000_000}
	h.saveUpload(handle.Database, 2, upload)
	h.saveUpload(handle.Database, 3, blob.Upload{Engine: blob.EngineS3, Key: handle.Name + "/3/c"}) // nothing is stored yet
	h.saveUpload(handle.Database, 4, blob.Upload{
		Engine: blob.EngineDisk, Key: handle.Name + "/storage/a/b/recording.mp4", Size: 9_000_000,
	})
	assert.Equal(t, 36_000_000+inRows(handle.Database), used(), "of uploads to the disk, the file counts")

	space, err := handle.Space.OpenFile(ledger.FileSpec{
		What: "video", Remote: true, Key: upload.Key, Existing: upload.Size, Size: 20_000_000,
	})
	require.NoError(t, err)
	usage, err := h.Usage(handle.Database)
	require.NoError(t, err)
	assert.Equal(t, 36_000_000+inRows(handle.Database), usage.Bytes-before.Bytes, "it doesn't count twice")
	assert.EqualValues(t, 4_000_000, usage.Reserved)
	var over *ledger.QuotaError
	_, err = handle.Space.OpenFile(ledger.FileSpec{What: "video", Remote: true, Size: 12_000_000})
	require.ErrorAs(t, err, &over)
	require.NoError(t, space.Close())

	// The recording has been published, but its transfer still refers to the upload.
	h.saveRecording(handle.Database, 5, upload.Key, strings.Repeat("v", 100))
	assert.Equal(t, 20_000_100+inRows(handle.Database), used())
	require.NoError(t, handle.App.UnsafeWithoutHooks().Delete(recording))
	assert.Equal(t, 100+inRows(handle.Database), used())
	details, err := h.Show(t.Context(), handle.Name)
	require.NoError(t, err)
	assert.EqualValues(t, 100, details.InS3)
}
