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

// stuck is a client that takes nothing: a write ends when its deadline has come.
type stuck struct {
	*httptest.ResponseRecorder
	writing chan struct{}

	mu       sync.Mutex
	deadline time.Time
	passed   chan struct{}
}

func newStuck() *stuck {
	return &stuck{ResponseRecorder: httptest.NewRecorder(), writing: make(chan struct{}), passed: make(chan struct{})}
}

func (s *stuck) SetWriteDeadline(at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadline = at
	if !at.IsZero() && !at.After(time.Now()) {
		close(s.passed)
	}
	return nil
}

func (s *stuck) at() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deadline
}

func (s *stuck) Write([]byte) (int, error) {
	close(s.writing)
	<-s.passed
	return 0, os.ErrDeadlineExceeded
}

func TestAWriteThatNobodyTakesEndsWithItsContext(t *testing.T) {
	client := newStuck()
	ctx, cancel := context.WithCancel(t.Context())
	writer := NewDeadlineWriter(ctx, client)
	failed := make(chan error)
	go func() {
		_, err := writer.Write([]byte("x"))
		failed <- err
	}()
	<-client.writing
	assert.WithinDuration(t, time.Now().Add(writeWithin), client.at(), 10*time.Second)
	cancel()
	require.ErrorIs(t, <-failed, os.ErrDeadlineExceeded)
	assert.Zero(t, client.at(), "there is none between writes")
	_, err := writer.Write([]byte("y"))
	require.ErrorIs(t, err, context.Canceled)
	writer.Done()
	assert.WithinDuration(t, time.Now().Add(endWithin), client.at(), endWithin, "the end of what was cut short")
}

func TestAWriterWithNothingToWriteHasNoDeadline(t *testing.T) {
	client := newStuck()
	writer := NewDeadlineWriter(t.Context(), client)
	require.NoError(t, client.SetWriteDeadline(time.Now().Add(time.Hour)))
	require.NoError(t, http.NewResponseController(writer).Flush())
	assert.Zero(t, client.at(), "over HTTP/2 it would end a stream that has nothing to say")
	assert.True(t, client.Flushed)
	writer.Done()
	assert.WithinDuration(t, time.Now().Add(writeWithin), client.at(), 10*time.Second, "the end of the answer has its time")
}
