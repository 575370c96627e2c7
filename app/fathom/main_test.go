package fathom_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testKey = "kkkkkkkkkkkkkkkkkkkkkk.ssssssssssssssssssssssssssssssssssssssssssss"

// clock advances only by the waits of the client, which it records.
type clock struct {
	*clocktest.Clock
	mu    sync.Mutex
	waits []time.Duration
}

func newClock() *clock {
	return &clock{Clock: clocktest.New(time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC))}
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	c.Advance(d)
	c.waits = append(c.waits, d)
	return nil
}

func (c *clock) Slept() (total time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.waits {
		total += d
	}
	return total
}

func newClient(t *testing.T, cfg fathom.Config) *fathom.Client {
	t.Helper()
	c, err := fathom.New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// newAccount returns the test key's account at a server with the given handler, and the client's clock.
func newAccount(t *testing.T, handler http.HandlerFunc) (*fathom.Account, *clock) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: server.URL + "/external/v1/", Now: clk.Now, Sleep: clk.Sleep})
	return client.Account(testKey), clk
}

// script answers the n-th request with its n-th step, and further requests with the last step.
type script struct {
	mu    sync.Mutex
	steps []http.HandlerFunc
	calls int
}

func newScript(steps ...http.HandlerFunc) *script { return &script{steps: steps} }

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	step := s.steps[min(s.calls, len(s.steps)-1)]
	s.calls++
	s.mu.Unlock()
	step(w, r)
}

func (s *script) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

func respond(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// disconnect closes the connection without a response.
func disconnect(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

const emptyPage = `{"limit":10,"next_cursor":null,"items":[]}`
