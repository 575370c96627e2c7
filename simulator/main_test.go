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

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sim is a running simulator with a client that holds the demo key.
type sim struct {
	*simulator.Server
	t    *testing.T
	http *http.Client
	key  string
}

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

// answer is a response that was read to its end.
type answer struct {
	*http.Response
	body []byte
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	require.Equal(t, "application/json", a.Header.Get("Content-Type"), "%s", a.body)
	require.NoError(t, json.Unmarshal(a.body, v), "%s", a.body)
}

// send sends a request with header pairs and reads the answer; body errors are returned.
func (s *sim) send(method, url, body string, header ...string) (answer, error) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	require.NoError(s.t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := s.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return answer{res, raw}, err
}

// api calls an operation of the Fathom API with the demo key.
func (s *sim) api(method, path, body string) answer {
	s.t.Helper()
	a, err := s.send(method, s.FathomURL()+path, body, "X-Api-Key", s.key)
	require.NoError(s.t, err)
	return a
}

func (s *sim) get(path string) answer { s.t.Helper(); return s.api(http.MethodGet, path, "") }

// ask calls GET on any URL without a credential.
func (s *sim) ask(url string) answer {
	s.t.Helper()
	a, err := s.send(http.MethodGet, url, "")
	require.NoError(s.t, err)
	return a
}

type page struct {
	Limit int              `json:"limit"`
	Next  *string          `json:"next_cursor"`
	Items []map[string]any `json:"items"`
}

func (s *sim) page(path string) page {
	s.t.Helper()
	a := s.get(path)
	require.Equal(s.t, http.StatusOK, a.StatusCode, "%s", a.body)
	var p page
	a.into(s.t, &p)
	return p
}

func sum(raw []byte) string {
	hash := sha256.Sum256(raw)
	return hex.EncodeToString(hash[:])
}

// clock is a time that moves only when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, time.July, 15, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// receiver is a webhook or callback receiver on this machine.
type receiver struct {
	url  string
	got  chan received
	mu   sync.Mutex
	next []int // statuses to answer, then 200
}

type received struct {
	header http.Header
	body   []byte
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.got <- received{req.Header, bytes.Clone(body)}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.next) > 0 {
		w.WriteHeader(r.next[0])
		r.next = r.next[1:]
	}
}
