package blob_test

import (
	"io/fs"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestRangeOfABlobIsRead(t *testing.T) {
	e := newS3(t)
	s3 := openS3(t, e.server, nil)
	content := []byte("0123456789")
	key := put(t, s3, target("1", "a"), content)
	for _, r := range [][2]int{{0, 1}, {0, 10}, {3, 4}, {9, 1}} {
		p := make([]byte, r[1])
		require.NoError(t, s3.ReadRange(t.Context(), key, p, int64(r[0])))
		assert.Equal(t, content[r[0]:r[0]+r[1]], p)
	}
	asked := e.server.Count(s3test.GetObject)
	e.server.Cut(s3test.GetObject, 1, 2)
	e.server.Fail(s3test.GetObject, 1, http.StatusServiceUnavailable, "SlowDown")
	p := make([]byte, 5)
	require.NoError(t, s3.ReadRange(t.Context(), key, p, 5))
	assert.Equal(t, content[5:], p)
	assert.Equal(t, 3, e.server.Count(s3test.GetObject)-asked)

	require.Error(t, s3.ReadRange(t.Context(), key, make([]byte, 2), 9), "it ends before")
	require.Error(t, s3.ReadRange(t.Context(), key, make([]byte, 2), 50))
	require.ErrorIs(t, s3.ReadRange(t.Context(), key+"x", p, 0), blob.ErrNotFound)
	require.ErrorIs(t, s3.ReadRange(t.Context(), "../a", p, 0), fs.ErrInvalid)
}
