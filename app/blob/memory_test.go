package blob_test

import (
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

// The limit includes the S3 service, which runs in this process.
func TestMemoryDoesNotDependOnTheSize(t *testing.T) {
	const limit = 96 << 20 // bytes: two parts of 16 MiB, and some for garbage
	server := s3test.Start(t, s3test.Options{Discard: true})
	s3 := openS3(t, server, func(c *blob.S3Config) { c.PartSize = 0 })
	size := testsize.Of[int64](200<<20, 4<<30)
	large := target("1", "a")
	large.Size = size
	state := begin(t, s3, large)
	w, err := s3.Write(t.Context(), state.upload(t), state.save)
	require.NoError(t, err)

	chunk, sum := content(1<<20, 1), sha256.New()
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	most := uint64(0)
	for done := int64(0); done < size; done += int64(len(chunk)) {
		chunk[0]++ // no part repeats another one
		sum.Write(chunk)
		_, err := w.Write(chunk)
		require.NoError(t, err)
		if done%(16<<20) == 0 {
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapInuse)
		}
	}
	upload, err := w.Finish()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, s3.Complete(t.Context(), upload))
	assert.Less(t, most, before.HeapInuse+limit)
	t.Logf("%d MB: at most %d MB of heap, %d MB before", size>>20, most>>20, before.HeapInuse>>20)

	found, ok := server.Object("some/prefix/" + upload.Key)
	require.True(t, ok)
	assert.Equal(t, size, found.Size)
	assert.Equal(t, hex.EncodeToString(sum.Sum(nil)), found.SHA256)
	assert.Equal(t, found.SHA256, upload.SHA256)
}
