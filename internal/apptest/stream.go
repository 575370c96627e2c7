package apptest

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Stream is a realtime stream as EventSource opens it: without a token.
type Stream struct {
	ClientID string
	Header   http.Header // of the response, without Date
	Close    context.CancelFunc

	t      testing.TB
	events chan Event
}

// Event is one event of a stream.
type Event struct {
	Name string
	Data map[string]any
}

// OpenStream opens a stream to the PocketBase at a URL. It closes with the test.
func OpenStream(t testing.TB, base string) *Stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/realtime", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.Equal(t, 200, response.StatusCode)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))

	response.Header.Del("Date")
	s := &Stream{t: t, events: make(chan Event, 1000), Header: response.Header, Close: cancel}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(s.events)
		defer response.Body.Close()
		s.read(bufio.NewScanner(response.Body))
	}()
	t.Cleanup(func() { cancel(); <-done })
	hello := s.Next()
	require.Equal(t, "PB_CONNECT", hello.Name)
	s.ClientID, _ = hello.Data["clientId"].(string)
	require.NotEmpty(t, s.ClientID)
	return s
}

func (s *Stream) read(scanner *bufio.Scanner) {
	scanner.Buffer(nil, 10<<20)
	var current Event
	for scanner.Scan() {
		switch line := scanner.Text(); {
		case strings.HasPrefix(line, "event:"):
			current.Name = strings.TrimPrefix(line, "event:")
		case strings.HasPrefix(line, "data:"):
			_ = json.Unmarshal([]byte(strings.TrimPrefix(line, "data:")), &current.Data) // tests check what they expect
		case line == "":
			s.events <- current
			current = Event{}
		}
	}
}

// Next waits for the next event.
func (s *Stream) Next() Event {
	s.t.Helper()
	select {
	case e, ok := <-s.events:
		require.True(s.t, ok, "the stream ended")
		return e
	case <-time.After(20 * time.Second):
		s.t.Fatal("no event arrived within 20 s")
		return Event{}
	}
}

// Ended waits until the stream ends and reports whether it did within 20 s of its last event.
func (s *Stream) Ended() bool {
	for {
		select {
		case _, ok := <-s.events:
			if !ok {
				return true
			}
		case <-time.After(20 * time.Second):
			return false
		}
	}
}

// Pending returns the events that have arrived and were not read yet.
func (s *Stream) Pending() <-chan Event { return s.events }

// Subscription is the body of a request that subscribes the stream to topics.
func (s *Stream) Subscription(topics ...string) map[string]any {
	return map[string]any{"clientId": s.ClientID, "subscriptions": topics}
}
