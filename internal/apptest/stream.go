package apptest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	done   chan struct{} // closed when the reader has ended
}

// Event is one event of a stream.
type Event struct {
	Name string
	Data map[string]any
}

// OpenStream opens a stream to the PocketBase at a URL. The stream closes with the test.
func OpenStream(t testing.TB, base string) *Stream {
	t.Helper()
	s, err := DialStream(t, base)
	require.NoError(t, err)
	return s
}

// DialStream is OpenStream for goroutines other than the test's: it returns an error instead of ending
// the test.
func DialStream(t testing.TB, base string) (*Stream, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s, err := dialStream(ctx, base)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("open a realtime stream: %w", err)
	}
	s.t, s.Close = t, cancel
	t.Cleanup(func() { cancel(); <-s.done })
	return s, nil
}

func dialStream(ctx context.Context, base string) (*Stream, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/realtime", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	if kind := response.Header.Get("Content-Type"); response.StatusCode != 200 || kind != "text/event-stream" {
		response.Body.Close()
		return nil, fmt.Errorf("unexpected response: %s, content type %q", response.Status, kind)
	}

	response.Header.Del("Date")
	s := &Stream{Header: response.Header, events: make(chan Event, 1000), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		defer close(s.events)
		defer response.Body.Close()
		s.read(bufio.NewScanner(response.Body))
	}()
	hello, err := s.next()
	if err != nil {
		return nil, err
	}
	s.ClientID, _ = hello.Data["clientId"].(string)
	if hello.Name != "PB_CONNECT" || s.ClientID == "" {
		return nil, fmt.Errorf("unexpected first event: %s %v", hello.Name, hello.Data)
	}
	return s, nil
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
	event, err := s.next()
	require.NoError(s.t, err)
	return event
}

func (s *Stream) next() (Event, error) {
	select {
	case event, ok := <-s.events:
		if !ok {
			return Event{}, errors.New("the stream ended")
		}
		return event, nil
	case <-time.After(20 * time.Second):
		return Event{}, errors.New("no event arrived within 20 s")
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

// Pending returns the events that have arrived but have not been read.
func (s *Stream) Pending() <-chan Event { return s.events }

// Subscription is the body of a request that subscribes the stream to topics.
func (s *Stream) Subscription(topics ...string) map[string]any {
	return map[string]any{"clientId": s.ClientID, "subscriptions": topics}
}
