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
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testKey = "kkkkkkkkkkkkkkkkkkkkkk.ssssssssssssssssssssssssssssssssssssssssssss"

// clock moves only when slept on.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return nil
}

func (c *clock) Slept() (total time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.slept {
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

// api is a Fathom that answers with handler, its clock and the test key's account.
func api(t *testing.T, handler http.HandlerFunc) (*fathom.Account, *clock) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: server.URL + "/external/v1/", Now: clk.Now, Sleep: clk.Sleep})
	return client.Account(testKey), clk
}

// script answers the n-th request with the n-th step and the last one for ever.
type script struct {
	mu    sync.Mutex
	steps []http.HandlerFunc
	calls int
}

func play(steps ...http.HandlerFunc) *script { return &script{steps: steps} }

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

func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// hangUp closes the connection without an answer.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

const emptyPage = `{"limit":10,"next_cursor":null,"items":[]}`
