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

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestCredentialsAtTheFileHostAreAViolation(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	f := s.completed(1001)
	for _, name := range []string{"X-Api-Key", "Authorization"} {
		a, err := s.send(http.MethodGet, f.URL, "", name, s.key)
		require.NoError(t, err)
		assert.Equal(t, http.StatusBadRequest, a.StatusCode)
		assert.Contains(t, string(a.body), name)
	}
	assert.Len(t, s.Violations(), 2)
	assert.Equal(t, http.StatusForbidden, s.ask(f.URL+"x").StatusCode, "forged")
	assert.Equal(t, http.StatusForbidden, s.ask(s.URL()+"/media/x?sig=y").StatusCode)
}

func TestRange(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	f := s.completed(1001)
	whole := s.ask(f.URL)
	etag := whole.Header.Get("ETag")
	require.NotEmpty(t, etag)

	a, err := s.send(http.MethodGet, f.URL, "", "Range", "bytes=1000-", "If-Range", etag)
	require.NoError(t, err)
	assert.Equal(t, http.StatusPartialContent, a.StatusCode)
	assert.Equal(t, fmt.Sprintf("bytes 1000-%d/%d", f.Size-1, f.Size), a.Header.Get("Content-Range"))
	assert.True(t, bytes.Equal(whole.body[1000:], a.body))

	a, err = s.send(http.MethodGet, f.URL, "", "Range", "bytes=1000-", "If-Range", `"other"`)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, a.StatusCode, "changed meanwhile")
	a, err = s.send(http.MethodGet, f.URL, "", "Range", fmt.Sprintf("bytes=%d-", f.Size))
	require.NoError(t, err)
	assert.Equal(t, http.StatusRequestedRangeNotSatisfiable, a.StatusCode)

	s.SetRange(false)
	a, err = s.send(http.MethodGet, f.URL, "", "Range", "bytes=1000-")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, a.StatusCode)
	assert.Empty(t, a.Header.Get("Accept-Ranges"))
	assert.True(t, bytes.Equal(whole.body, a.body))
}

func TestAnyRangeIsAPieceOfTheWhole(t *testing.T) {
	t.Parallel()
	const size = 400_000
	s := start(t, simulator.Config{RecordingSize: size, ProcessingPolls: -1})
	f := s.completed(1001)
	require.EqualValues(t, size, f.Size)
	whole := s.ask(f.URL).body
	truth, _ := s.Meeting(1001)
	require.Equal(t, truth.SHA256, sum(whole))
	other := s.ask(s.completed(1003).URL).body // same clip
	assert.False(t, bytes.Equal(whole[len(whole)-100_000:], other[len(other)-100_000:]), "the padding tells recordings apart")
	rapid.Check(t, func(r *rapid.T) {
		from := rapid.IntRange(0, size-1).Draw(r, "from")
		to := rapid.IntRange(from, size-1).Draw(r, "to")
		a, err := s.send(http.MethodGet, f.URL, "", "Range", fmt.Sprintf("bytes=%d-%d", from, to))
		require.NoError(r, err)
		require.True(r, bytes.Equal(whole[from:to+1], a.body))
	})
}

// A recording of 5 GiB must be a valid MP4 too: its free box needs a 64-bit size.
func TestHugeRecording(t *testing.T) {
	t.Parallel()
	const size = int64(5) << 30
	s := start(t, simulator.Config{})
	small, _ := s.Meeting(1001)
	_, err := s.Change(1001, simulator.WithSize(size))
	require.NoError(t, err)
	f := s.completed(1001)
	require.Equal(t, size, f.Size)

	a, err := s.send(http.MethodGet, f.URL, "", "Range", fmt.Sprintf("bytes=0-%d", small.Size+99))
	require.NoError(t, err)
	// Walk the boxes: each says where the next begins, and the last ends with the file.
	var at int64
	var kinds []string
	for at < int64(len(a.body)) {
		box := int64(binary.BigEndian.Uint32(a.body[at:]))
		kinds = append(kinds, string(a.body[at+4:at+8]))
		if box == 1 {
			box = int64(binary.BigEndian.Uint64(a.body[at+8:]))
		}
		at += box
	}
	assert.Equal(t, size, at)
	assert.Contains(t, kinds, "moov")
	assert.Equal(t, "free", kinds[len(kinds)-1])

	a, err = s.send(http.MethodGet, f.URL, "", "Range", fmt.Sprintf("bytes=%d-", size-10))
	require.NoError(t, err)
	assert.Len(t, a.body, 10)
}
