package mover_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/mover"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestPartsSurviveFailuresOfTheStorage(t *testing.T) {
	s := newSetting(t, 3*part+9)
	s.s3.Fail(s3test.UploadPart, 2, 503, "SlowDown")
	s.s3.Lose(s3test.UploadPart, 1)
	s.s3.Disconnect(s3test.UploadPart, 1)
	s.s3.Fail(s3test.UploadPart, 1, 500, "InternalError")
	s.expectFile()
	assert.Equal(t, 9, s.s3.Count(s3test.UploadPart), "4 parts and 5 failures")
	assert.Contains(t, s.log.String(), "status 503 SlowDown")
}

func TestFailuresOfTheStorage(t *testing.T) {
	for name, test := range map[string]struct {
		fail     func(*s3test.Server)
		kind     dispatch.Kind
		attempts int
	}{
		"down":            {func(s *s3test.Server) { s.Disconnect(s3test.UploadPart, s3test.Always) }, dispatch.KindStorage, 6},
		"fails":           {failing(500, "InternalError"), dispatch.KindStorage, 6},
		"overloaded":      {failing(429, "SlowDown"), dispatch.KindStorage, 6},
		"full":            {failing(507, "QuotaExceeded"), dispatch.KindStorage, 1},
		"refuses":         {failing(400, "InvalidRequest"), dispatch.KindStorage, 1},
		"expired token":   {failing(400, "ExpiredToken"), dispatch.KindAddresses, 1},
		"expired address": {func(s *s3test.Server) { s.SetSkew(time.Hour) }, dispatch.KindAddresses, 1},
		"upload is lost":  {func(s *s3test.Server) { s.RemoveUploads() }, dispatch.KindUploadLost, 1},
		"stalls":          {func(s *s3test.Server) { s.Stall(s3test.UploadPart, s3test.Always) }, dispatch.KindStorage, 6},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetting(t, 3*part, func(c *mover.Config) { c.StorageIdleTimeout = 100 * time.Millisecond })
			s.expectFailure(dispatch.KindMore, s.offer(1))
			before := s.s3.Count(s3test.UploadPart)
			// The source doesn't end: only the failure of the storage can end the move.
			s.host.next(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Range", "bytes 300000-899999/900000")
				w.WriteHeader(http.StatusPartialContent)
				_, _ = w.Write(s.file[part : 2*part+1])
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			})
			offer := s.offer(2)
			test.fail(s.s3)
			failure := s.expectFailure(test.kind, offer)
			assert.Contains(t, failure.Detail, "store part 2: ")
			assert.Equal(t, test.attempts, s.s3.Count(s3test.UploadPart)-before)
			assert.Len(t, s.state.Parts, 1)
		})
	}
}

func failing(status int, code string) func(*s3test.Server) {
	return func(s *s3test.Server) { s.Fail(s3test.UploadPart, s3test.Always, status, code) }
}

// storage replaces the storage of an offer by a handler.
func storage(t *testing.T, offer dispatch.Move, handler http.HandlerFunc) (dispatch.Move, func(*mover.Config)) {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	for i := range offer.Parts {
		offer.Parts[i] = server.URL + "/private-path?X-Amz-Signature=" + secret
	}
	return offer, func(c *mover.Config) { c.StorageOrigin = server.URL }
}

func TestRequestsToTheStorage(t *testing.T) {
	s := newSetting(t, part+1)
	var requests []*http.Request
	offer, atStorage := storage(t, s.offer(2), func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		assert.Equal(t, r.ContentLength, n)
		requests = append(requests, r)
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
		w.Header().Set("ETag", `"abc"`)
	})
	s.mover = s.newMover(atStorage)
	_, err := s.move(t.Context(), offer)
	require.NoError(t, err)
	require.Len(t, requests, 2)
	assert.EqualValues(t, part, requests[0].ContentLength)
	assert.EqualValues(t, 1, requests[1].ContentLength)
	for _, r := range requests {
		assert.Equal(t, http.MethodPut, r.Method)
		assert.Empty(t, r.TransferEncoding)
		for name := range r.Header {
			assert.Contains(t, []string{"User-Agent", "Content-Length"}, name)
		}
	}
}

func TestResponsesOfOtherStorages(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			assert.Equal(t, "/private-path", r.URL.Path, "a redirect isn't followed")
			http.Redirect(w, r, "/elsewhere?"+secret, http.StatusTemporaryRedirect)
		},
		"redirect to a page": func(w http.ResponseWriter, r *http.Request) {
			assert.Equal(t, http.MethodPut, r.Method, "a redirect isn't followed")
			w.Header().Set("ETag", `"abc"`)
			http.Redirect(w, r, "/elsewhere?"+secret, http.StatusSeeOther)
		},
		"no ETag": func(http.ResponseWriter, *http.Request) {},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetting(t, part)
			offer, atStorage := storage(t, s.offer(1), handler)
			s.mover = s.newMover(atStorage)
			s.expectFailure(dispatch.KindStorage, offer)
		})
	}
}

func TestTheOwnerStopsAMove(t *testing.T) {
	t.Run("by the answer to a part", func(t *testing.T) {
		s := newSetting(t, 4*part)
		s.owner.onPart = func(dispatch.Part) error { return dispatch.ErrStopped }
		_, err := s.move(t.Context(), s.offer(4))
		require.ErrorIs(t, err, dispatch.ErrStopped)
		assert.LessOrEqual(t, s.s3.Count(s3test.UploadPart), 2)
	})
	t.Run("while a part is on the way", func(t *testing.T) {
		s := newSetting(t, 4*part)
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan struct{})
		offer, atStorage := storage(t, s.offer(4), func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			cancel(dispatch.ErrStopped)
			<-r.Context().Done()
			close(ended)
		})
		s.host.next(serveThen(s.file, part, func(r *http.Request) { <-r.Context().Done() }))
		s.mover = s.newMover(atStorage)
		_, err := s.move(ctx, offer)
		require.ErrorIs(t, err, dispatch.ErrStopped)
		<-ended
	})
}
