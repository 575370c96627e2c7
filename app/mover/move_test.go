package mover_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestFilesOfAllSizesAreMoved(t *testing.T) {
	for _, size := range []int{1, part - 1, part, part + 1, 2 * part, 3 * part, 3*part + 17} {
		s := newSetting(t, size)
		s.expectFile()
		assert.EqualValues(t, size, s.owner.done)
		assert.Equal(t, (size+part-1)/part, s.s3.Count(s3test.UploadPart))
	}
}

// Offers may have fewer addresses than the file has parts. The next one continues behind the parts that were stored.
func TestAMoveContinuesBehindTheStoredParts(t *testing.T) {
	for _, size := range []int{2*part - 1, 3 * part, 4*part + 1} {
		for limit := 1; limit*part < size; limit++ {
			s := newSetting(t, size)
			for rest := size - limit*part; rest > 0; rest -= limit * part {
				s.expectFailure(dispatch.KindMore, s.offer(limit))
				s.open() // as another process does
				assert.Len(t, s.state.Parts, (size-rest)/part)
			}
			s.expectFile()
			assert.Equal(t, (size+part-1)/part, s.s3.Count(s3test.UploadPart))
			assert.Equal(t, fmt.Sprintf("bytes=%d-", len(s.host.ranges[1:])*limit*part), s.host.ranges[len(s.host.ranges)-1])
		}
	}
}

// The owner was interrupted between the last part and the end of the move.
func TestNothingIsRequestedIfAllPartsAreStored(t *testing.T) {
	for _, size := range []int{part - 1, part, 2*part + 5} {
		s := newSetting(t, size)
		_, err := s.move(t.Context(), s.offer(dispatch.MaxParts))
		require.NoError(t, err)
		s.open()
		s.expectFile()
		assert.Len(t, s.host.ranges, 1)
	}
}

func TestTheSourceIsResumedAfterInterruptions(t *testing.T) {
	s := newSetting(t, 4*part)
	cut := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	s.host.next(serveThen(s.file, part+5, func(*http.Request) {}), cut, status(503))
	s.expectFile()
	assert.Equal(t, []string{"", "bytes=300005-", "bytes=300005-", "bytes=300005-"}, s.host.ranges)
}

// A host that ignores ranges, or has another file, starts from the beginning.
func TestASourceThatDoesntContinueTheStoredParts(t *testing.T) {
	whole := func(file []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { r.Header.Del("Range"); serveFile(file)(w, r) }
	}
	t.Run("parts are stored", func(t *testing.T) {
		s := newSetting(t, 3*part)
		s.expectFailure(dispatch.KindMore, s.offer(1))
		for range 2 {
			s.host.next(whole(s.file))
			s.expectFailure(dispatch.KindRestart, s.offer(2))
			assert.Len(t, s.state.Parts, 1, "the owner decides")
		}
		require.NoError(t, s.remote.Reset())
		s.expectFile()
	})
	t.Run("a part was stored by this move", func(t *testing.T) {
		s := newSetting(t, 3*part)
		s.host.next(serveThen(s.file, part+1, func(*http.Request) {}), whole(s.file))
		s.expectFailure(dispatch.KindRestart, s.offer(3))
	})
	t.Run("no part was stored", func(t *testing.T) {
		s := newSetting(t, 3*part)
		s.host.next(serveThen(content(3*part, 9), part-1, func(*http.Request) {}), whole(s.file))
		s.expectFile()
	})
	t.Run("too large", func(t *testing.T) {
		s := newSetting(t, 3*part)
		s.expectFailure(dispatch.KindMore, s.offer(1))
		s.host.next(whole(content(3*part+1, 1)))
		s.expectFailure(dispatch.Kind(fathom.KindMismatch), s.offer(1)) // another upload wouldn't help
		require.NoError(t, s.remote.Reset())
		s.host.next(func(w http.ResponseWriter, _ *http.Request) { // without announcing it
			_, _ = w.Write(s.file)
			w.(http.Flusher).Flush()
			_, _ = w.Write([]byte("more"))
		})
		s.expectFailure(dispatch.Kind(fathom.KindMismatch), s.offer(3))
	})
}

func TestFailuresOfTheSource(t *testing.T) {
	s := newSetting(t, part)
	s.host.next(status(403))
	s.expectFailure(dispatch.KindLinkExpired, s.offer(1))

	expired := s.offer(1)
	expired.Expires = time.Now().Add(-time.Minute)
	s.host.next(status(404))
	s.expectFailure(dispatch.KindLinkExpired, expired)

	s.host.next(status(404))
	failure := s.expectFailure(dispatch.Kind(fathom.KindNotFound), s.offer(1))
	assert.Equal(t, 404, failure.Status)
	s.host.next(status(429, "Retry-After", "3600"))
	s.expectFailure(dispatch.Kind(fathom.KindRateLimited), s.offer(1))

	s.host.next(slices.Repeat([]http.HandlerFunc{serveFile(s.file[1:])}, 20)...)
	failure = s.expectFailure(dispatch.Kind(fathom.KindInvalidResponse), s.offer(1))
	assert.NotEmpty(t, failure.Detail)
	s.host.next()

	elsewhere := s.offer(1)
	elsewhere.Source = "http://127.0.0.1:1/private-path?sig=" + secret
	s.expectFailure(dispatch.Kind(fathom.KindUnavailable), elsewhere)
	s.expectFile()
}

// What is stored when the source fails is reported, so that it needn't be stored again.
func TestThePartOnTheWayIsKeptWhenTheSourceFails(t *testing.T) {
	s := newSetting(t, 3*part)
	failed := make(chan struct{})
	s.s3.Before(s3test.UploadPart, 1, func() { <-failed })
	s.host.next(
		serveThen(s.file, part+1, func(*http.Request) {}),
		func(w http.ResponseWriter, _ *http.Request) { close(failed); w.WriteHeader(403) },
	)
	s.expectFailure(dispatch.KindLinkExpired, s.offer(3))
	assert.Len(t, s.state.Parts, 1)
	s.expectFile()
	assert.Equal(t, 3, s.s3.Count(s3test.UploadPart))
}
