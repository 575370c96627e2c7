package simulator_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sim is a running simulator with an HTTP client that uses the demo key.
type sim struct {
	*simulator.Server
	t    *testing.T
	http *http.Client
	key  string
}

// start starts a simulator that stops at the end of the test.
func start(t *testing.T, cfg simulator.Config) *sim {
	t.Helper()
	server, err := simulator.New(cfg)
	require.NoError(t, err)
	require.NoError(t, server.Start(context.Background()))
	client := &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, server.Stop(ctx))
	})
	return &sim{Server: server, t: t, http: client, key: simulator.DemoAPIKey}
}

// response is a response whose body has been read.
type response struct {
	*http.Response
	body []byte
}

// decode requires a JSON body and decodes it.
func (res response) decode(t *testing.T, v any) {
	t.Helper()
	require.Equal(t, "application/json", res.Header.Get("Content-Type"), "%s", res.body)
	require.NoError(t, json.Unmarshal(res.body, v), "%s", res.body)
}

// send sends a request with the given header pairs. If reading the body fails, it returns the response with
// the bytes read so far and the error. It may be called from any goroutine.
func (s *sim) send(method, url, body string, header ...string) (response, error) {
	req, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := s.http.Do(req)
	if err != nil {
		return response{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return response{res, raw}, err
}

// api calls an operation of the Fathom API with the key of s.
func (s *sim) api(method, path, body string) response {
	s.t.Helper()
	res, err := s.send(method, s.FathomURL()+path, body, "X-Api-Key", s.key)
	require.NoError(s.t, err)
	return res
}

// get calls a GET operation of the Fathom API with the key of s.
func (s *sim) get(path string) response { s.t.Helper(); return s.api(http.MethodGet, path, "") }

// result is the result of getInBackground.
type result struct {
	status int // 0 on error
	err    error
}

// getInBackground is get in a goroutine.
func (s *sim) getInBackground(path string) <-chan result {
	done := make(chan result, 1)
	url, key := s.FathomURL()+path, s.key
	go func() {
		res, err := s.send(http.MethodGet, url, "", "X-Api-Key", key)
		if err != nil {
			done <- result{err: err}
			return
		}
		done <- result{status: res.StatusCode}
	}()
	return done
}

// getURL sends a GET request without credentials.
func (s *sim) getURL(url string) response {
	s.t.Helper()
	res, err := s.send(http.MethodGet, url, "")
	require.NoError(s.t, err)
	return res
}

type page struct {
	Limit int              `json:"limit"`
	Next  *string          `json:"next_cursor"`
	Items []map[string]any `json:"items"`
}

// page returns a page of a list of the Fathom API.
func (s *sim) page(path string) page {
	s.t.Helper()
	res := s.get(path)
	require.Equal(s.t, http.StatusOK, res.StatusCode, "%s", res.body)
	var p page
	res.decode(s.t, &p)
	return p
}

// sum returns the SHA-256 checksum in hex.
func sum(raw []byte) string {
	hash := sha256.Sum256(raw)
	return hex.EncodeToString(hash[:])
}

func newClock() *clocktest.Clock {
	return clocktest.New(time.Date(2026, time.July, 15, 12, 0, 0, 0, time.UTC))
}

// receiver receives webhooks and callbacks.
type receiver struct {
	url      string
	messages chan message
	mu       sync.Mutex
	next     []int // statuses of the next responses; then 200
}

type message struct {
	header http.Header
	body   []byte
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.messages <- message{req.Header, bytes.Clone(body)}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.next) > 0 {
		w.WriteHeader(r.next[0])
		r.next = r.next[1:]
	}
}
