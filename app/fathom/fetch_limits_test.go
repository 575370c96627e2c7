package fathom_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

func TestFetchRejectsWrongSizes(t *testing.T) {
	for name, announced := range map[string]int64{"larger": int64(len(content)) - 1, "much larger": 10} {
		t.Run(name, func(t *testing.T) {
			f := newFetcher(t, host(t, 0), nil)
			f.file.Size = announced
			assert.False(t, f.expectError(t, fathom.KindMismatch).Temporary())
			assert.Zero(t, f.dst.Size(), "wrong bytes must not remain")

			f = newFetcher(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // no Content-Length
				for chunk := range slices.Chunk(content, 100_000) {
					_, _ = w.Write(chunk)
					w.(http.Flusher).Flush()
				}
			}), nil)
			f.file.Size = announced
			f.expectError(t, fathom.KindMismatch)
		})
	}
	t.Run("shorter", func(t *testing.T) {
		f := newFetcher(t, host(t, 0), nil)
		f.file.Size = int64(len(content)) + 1
		assert.True(t, f.expectError(t, fathom.KindInvalidResponse).Temporary())
	})
	t.Run("shorter than the host says while it is resumed", func(t *testing.T) {
		f := newFetcher(t, newScript(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // no Content-Length
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 1000-%d/%d", len(content)-1, len(content)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content[1000:200_000])
			w.(http.Flusher).Flush()
		}), host(t, 0)), content[:1000])
		f.file.Size = 0
		f.expectFile(t, true)
	})
	t.Run("more on disk than announced", func(t *testing.T) {
		f := newFetcher(t, host(t, 0), append(bytes.Clone(content), 'x'))
		f.expectFile(t, false)
	})
}

func TestFetchStopsRetryingWithoutProgress(t *testing.T) {
	s := newScript(host(t, 200_000, "ETag", tag), disconnect)
	f := newFetcher(t, s, nil)
	f.expectError(t, fathom.KindUnavailable)
	assert.Equal(t, 6, s.Calls(), "one attempt with progress and five without")
	assert.EqualValues(t, 200_000, f.dst.Size(), "the partial file is kept for the next call")

	// A host without ranges that always disconnects at the same place makes no progress either.
	f = newFetcher(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Range")
		host(t, 200_000)(w, r)
	}), nil)
	f.expectError(t, fathom.KindUnavailable)
}

func TestFetchClassifiesStatuses(t *testing.T) {
	for _, status := range []int{401, 403, 410} {
		f := newFetcher(t, respond(status, "<Error><StringToSign>topsecret</StringToSign></Error>"), nil)
		_, err := f.fetch(t)
		require.ErrorIs(t, err, fathom.ErrLinkExpired)
	}
	for status, kind := range map[int]fathom.Kind{
		400: fathom.KindBadRequest, 404: fathom.KindNotFound, 429: fathom.KindRateLimited, 500: fathom.KindUnavailable, 503: fathom.KindUnavailable,
	} {
		f := newFetcher(t, respond(status, "topsecret"), nil)
		assert.Empty(t, f.expectError(t, kind).Detail)

		f.file.ExpiresAt = f.clock.Now().Add(-time.Second)
		_, err := f.fetch(t)
		assert.Equal(t, status == 400 || status == 404, errors.Is(err, fathom.ErrLinkExpired), "%d after expiry", status)
	}
	f := newFetcher(t, newScript(respond(503, ""), respond(429, "", "Retry-After", "5"), host(t, 0)), nil)
	f.expectFile(t, false)
	assert.GreaterOrEqual(t, f.clock.Slept(), 5*time.Second)

	f = newFetcher(t, respond(429, "", "Retry-After", "600"), nil)
	assert.Equal(t, 10*time.Minute, f.expectError(t, fathom.KindRateLimited).RetryAfter)
	assert.Zero(t, f.clock.Slept())

	f = newFetcher(t, respond(200, "<html>", "Content-Type", "text/html; charset=utf-8", "Retry-After", "600"), nil)
	assert.Equal(t, 10*time.Minute, f.expectError(t, fathom.KindUnavailable).RetryAfter)
}

func TestFetchResumesAfterIdleTimeout(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	server := httptest.NewServer(newScript(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content[:1000])
		w.(http.Flusher).Flush()
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}, host(t, 0)))
	t.Cleanup(server.Close)
	clk := newClock()
	f := newFetcher(t, http.NotFoundHandler(), nil)
	f.client = newClient(t, fathom.Config{BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep, IdleTimeout: 100 * time.Millisecond})
	f.file.URL = fathom.NewSecretURL(server.URL)
	f.expectFile(t, true)
	assert.NotZero(t, clk.Slept())
}

func TestFetchReturnsContextError(t *testing.T) {
	f := newFetcher(t, host(t, 0), nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := f.client.Fetch(ctx, f.file, f.dst, func(done, _ int64) {
		if done > 0 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	var failure *fathom.Error
	assert.NotErrorAs(t, err, &failure)
}

// refusing is a destination that refuses bytes beyond a size and can't discard any.
type refusing struct {
	destination
	max int64
	err error
}

func (d *refusing) Write(p []byte) (int, error) {
	if d.Size()+int64(len(p)) > d.max {
		return 0, d.err
	}
	return d.destination.Write(p)
}

func (d *refusing) Reset() error { return d.err }

func TestErrorOfTheDestinationEndsTheFetch(t *testing.T) {
	for _, announced := range []int64{0, int64(len(content))} {
		s := newScript(host(t, 0))
		f := newFetcher(t, s, nil)
		f.file.Size = announced
		dst := &refusing{max: 300_000, err: syscall.ENOSPC}
		_, err := f.client.Fetch(t.Context(), f.file, dst, nil)
		require.ErrorIs(t, err, syscall.ENOSPC)
		var failure *fathom.Error
		require.NotErrorAs(t, err, &failure)
		assert.Equal(t, 1, s.Calls(), "it is not tried again")
		assert.Positive(t, dst.Size())

		dst.max = int64(len(content))
		result, err := f.client.Fetch(t.Context(), f.file, dst, nil)
		require.NoError(t, err)
		assert.Equal(t, dst.Size(), result.Size)
		assert.True(t, result.Resumed)
	}
	f := newFetcher(t, host(t, 0), nil)
	dst := &refusing{destination: *f.dst, err: syscall.EROFS}
	dst.destination.Write(append(bytes.Clone(content), 'x')) // another, larger file
	_, err := f.client.Fetch(t.Context(), f.file, dst, nil)
	require.ErrorIs(t, err, syscall.EROFS)
}

func TestFetchResumesEvenWithoutRetries(t *testing.T) {
	server := httptest.NewServer(newScript(host(t, 500_000, "ETag", tag), host(t, 0, "ETag", tag)))
	defer server.Close()
	f := newFetcher(t, http.NotFoundHandler(), nil)
	f.client = newClient(t, fathom.Config{BaseURL: server.URL, RetryFor: -1, Sleep: f.clock.Sleep})
	f.file.URL = fathom.NewSecretURL(server.URL)
	f.expectFile(t, true)
}
