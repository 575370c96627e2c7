package simulator_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestCredentialsSentToTheFileHostAreAViolation(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	f := s.completed(1001)
	for _, name := range []string{"X-Api-Key", "Authorization"} {
		res, err := s.send(http.MethodGet, f.URL, "", name, s.key)
		require.NoError(t, err)
		assert.Equal(t, http.StatusBadRequest, res.StatusCode)
		assert.Contains(t, string(res.body), name)
	}
	assert.Len(t, s.Violations(), 2)
	assert.Equal(t, http.StatusForbidden, s.getURL(f.URL+"x").StatusCode, "the signature is wrong")
	assert.Equal(t, http.StatusForbidden, s.getURL(s.URL()+"/media/x?sig=y").StatusCode)
}

func TestRangeRequests(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	f := s.completed(1001)
	whole := s.getURL(f.URL)
	etag := whole.Header.Get("ETag")
	require.NotEmpty(t, etag)

	res, err := s.send(http.MethodGet, f.URL, "", "Range", "bytes=1000-", "If-Range", etag)
	require.NoError(t, err)
	assert.Equal(t, http.StatusPartialContent, res.StatusCode)
	assert.Equal(t, fmt.Sprintf("bytes 1000-%d/%d", f.Size-1, f.Size), res.Header.Get("Content-Range"))
	assert.True(t, bytes.Equal(whole.body[1000:], res.body))

	res, err = s.send(http.MethodGet, f.URL, "", "Range", "bytes=1000-", "If-Range", `"other"`)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, res.StatusCode, "the ETag differs")
	res, err = s.send(http.MethodGet, f.URL, "", "Range", fmt.Sprintf("bytes=%d-", f.Size))
	require.NoError(t, err)
	assert.Equal(t, http.StatusRequestedRangeNotSatisfiable, res.StatusCode)

	s.SetRange(false)
	res, err = s.send(http.MethodGet, f.URL, "", "Range", "bytes=1000-")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, res.StatusCode)
	assert.Empty(t, res.Header.Get("Accept-Ranges"))
	assert.True(t, bytes.Equal(whole.body, res.body))
}

func TestEveryRangeMatchesTheWholeFile(t *testing.T) {
	t.Parallel()
	const size = 400_000
	s := start(t, simulator.Config{RecordingSize: size, ProcessingPolls: -1})
	f := s.completed(1001)
	require.EqualValues(t, size, f.Size)
	whole := s.getURL(f.URL).body
	groundTruth, _ := s.Meeting(1001)
	require.Equal(t, groundTruth.SHA256, sum(whole))
	other := s.getURL(s.completed(1003).URL).body // has the same clip
	assert.False(t, bytes.Equal(whole[len(whole)-100_000:], other[len(other)-100_000:]), "the padding of two recordings differs")
	testseed.Check(t, func(r *rapid.T) {
		from := rapid.IntRange(0, size-1).Draw(r, "from")
		to := rapid.IntRange(from, size-1).Draw(r, "to")
		res, err := s.send(http.MethodGet, f.URL, "", "Range", fmt.Sprintf("bytes=%d-%d", from, to))
		require.NoError(r, err)
		require.True(r, bytes.Equal(whole[from:to+1], res.body))
	})
}

// The free box of a recording above 4 GiB needs a 64-bit size.
func TestRecordingAbove4GiBIsAValidMP4(t *testing.T) {
	t.Parallel()
	const size = int64(5) << 30
	s := start(t, simulator.Config{})
	small, _ := s.Meeting(1001)
	_, err := s.Change(1001, simulator.WithSize(size))
	require.NoError(t, err)
	f := s.completed(1001)
	require.Equal(t, size, f.Size)

	res, err := s.send(http.MethodGet, f.URL, "", "Range", fmt.Sprintf("bytes=0-%d", small.Size+99))
	require.NoError(t, err)
	// Each box must end where the next one starts, and the last one at the end of the file.
	var at int64
	var kinds []string
	for at < int64(len(res.body)) {
		box := int64(binary.BigEndian.Uint32(res.body[at:]))
		kinds = append(kinds, string(res.body[at+4:at+8]))
		if box == 1 {
			box = int64(binary.BigEndian.Uint64(res.body[at+8:]))
		}
		at += box
	}
	assert.Equal(t, size, at)
	assert.Contains(t, kinds, "moov")
	assert.Equal(t, "free", kinds[len(kinds)-1])

	res, err = s.send(http.MethodGet, f.URL, "", "Range", fmt.Sprintf("bytes=%d-", size-10))
	require.NoError(t, err)
	assert.Len(t, res.body, 10)
}
