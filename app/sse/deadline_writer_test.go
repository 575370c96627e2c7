package sse

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stalledClient accepts no bytes: a write ends when its deadline has passed.
type stalledClient struct {
	*httptest.ResponseRecorder
	writing chan struct{} // closed when a write has begun

	mu       sync.Mutex
	deadline time.Time
	passed   chan struct{}
}

func newStalledClient() *stalledClient {
	return &stalledClient{ResponseRecorder: httptest.NewRecorder(), writing: make(chan struct{}), passed: make(chan struct{})}
}

func (s *stalledClient) SetWriteDeadline(at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadline = at
	if !at.IsZero() && !at.After(time.Now()) {
		close(s.passed)
	}
	return nil
}

func (s *stalledClient) currentDeadline() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deadline
}

func (s *stalledClient) Write([]byte) (int, error) {
	close(s.writing)
	<-s.passed
	return 0, os.ErrDeadlineExceeded
}

func TestStalledWriteEndsWithItsContext(t *testing.T) {
	client := newStalledClient()
	ctx, cancel := context.WithCancel(t.Context())
	writer := NewDeadlineWriter(ctx, client)
	failed := make(chan error)
	go func() {
		_, err := writer.Write([]byte("x"))
		failed <- err
	}()
	<-client.writing
	assert.WithinDuration(t, time.Now().Add(writeTimeout), client.currentDeadline(), 10*time.Second)
	cancel()
	require.ErrorIs(t, <-failed, os.ErrDeadlineExceeded)
	assert.Zero(t, client.currentDeadline(), "no deadline is set between writes")
	_, err := writer.Write([]byte("y"))
	require.ErrorIs(t, err, context.Canceled)
	writer.Finish()
	assert.WithinDuration(t, time.Now().Add(abortTimeout), client.currentDeadline(), abortTimeout, "the end of a response that was cut short")
}

func TestIdleWriterHasNoDeadline(t *testing.T) {
	client := newStalledClient()
	writer := NewDeadlineWriter(t.Context(), client)
	require.NoError(t, client.SetWriteDeadline(time.Now().Add(time.Hour)))
	require.NoError(t, http.NewResponseController(writer).Flush())
	assert.Zero(t, client.currentDeadline(), "a deadline would end an idle stream over HTTP/2")
	assert.True(t, client.Flushed)
	writer.Finish()
	assert.WithinDuration(t, time.Now().Add(writeTimeout), client.currentDeadline(), 10*time.Second, "the client gets time to accept the end of the response")
}
