package gateway

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

// network stands in for the ports of this machine. Its listeners are real, but the operating system
// chooses their ports, so that no other program can take a port between two steps of a test.
type network struct {
	mu     sync.Mutex
	actual map[string]string // addresses of listeners, by the address they were opened with
	client *http.Client
}

func newNetwork(t *testing.T) *network {
	n := &network{actual: map[string]string{}}
	n.client = &http.Client{Transport: &http.Transport{DialContext: n.dial}}
	t.Cleanup(n.client.CloseIdleConnections)
	return n
}

func (n *network) listen(address string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, used := n.actual[address]; used {
		return nil, fmt.Errorf("listen on %s: %w", address, syscall.EADDRINUSE)
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	n.actual[address] = inner.Addr().String()
	return &networkListener{inner, sync.OnceValue(func() error {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.actual, address)
		return inner.Close()
	})}, nil
}

func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	actual, ok := n.actual[address]
	n.mu.Unlock()
	if !ok {
		return nil, fmt.Errorf("dial %s: %w", address, syscall.ECONNREFUSED)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", actual)
}

type networkListener struct {
	net.Listener
	close func() error
}

func (l *networkListener) Close() error { return l.close() }

// databaseAt returns the database that responds at a port.
func (n *network) databaseAt(t *testing.T, port int) string {
	t.Helper()
	response, err := n.client.Get(fmt.Sprintf("http://127.0.0.1:%d/any/path", port))
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return string(body)
}

// memoryRegistry is a registry of ports in memory.
type memoryRegistry struct {
	mu      sync.Mutex
	entries map[string]registry.Entry
	failure error
}

func newMemoryRegistry(entries ...registry.Entry) *memoryRegistry {
	r := &memoryRegistry{entries: map[string]registry.Entry{}}
	for _, entry := range entries {
		r.entries[entry.Name] = entry
	}
	return r
}

// failWith makes every write fail with an error; nil makes them succeed again.
func (r *memoryRegistry) failWith(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failure = err
}

func (r *memoryRegistry) WithPorts(context.Context) (entries []registry.Entry, _ error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, entry := range r.entries {
		if entry.Port > 0 {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

func (r *memoryRegistry) SetPort(_ context.Context, name string, port int, until time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure != nil {
		return r.failure
	}
	r.entries[name] = readyEntry(name, port, until)
	return nil
}

func (r *memoryRegistry) Lookup(_ context.Context, name string) (registry.ActiveEntry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry, ok := r.entries[name]
	if !ok {
		return registry.ActiveEntry{}, registry.ErrNotFound
	}
	return registry.ActiveEntry{Entry: entry}, nil
}

func (r *memoryRegistry) entry(name string) registry.Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.entries[name]
	entry.Name = name
	return entry
}

func readyEntry(name string, port int, until time.Time) registry.Entry {
	return registry.Entry{Name: name, Status: registry.StatusReady, Port: port, SessionsUntil: until}
}

var twoPorts = Ports{First: 9000, Last: 9001, Address: "127.0.0.1"}

// newTestPortServer returns a port server that isn't started yet. It responds with the name of the
// database.
func newTestPortServer(t *testing.T, n *network, ports Ports, baseURL string, registry *memoryRegistry, now func() time.Time) *portServer {
	t.Helper()
	base, err := url.Parse(baseURL)
	require.NoError(t, err)
	respondName := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, databaseName(r)) })
	server := newPortServer(ports, base, respondName, registry, nil, slog.New(slog.DiscardHandler), now)
	server.listen = n.listen
	t.Cleanup(func() {
		n.client.CloseIdleConnections()
		assert.NoError(t, server.stop(context.Background()))
		assert.NoError(t, server.stop(context.Background()), "stopping again has no effect")
	})
	return server
}

func unwrapped(h http.Handler) http.Handler { return h }

func TestPortIsReleasedAfterItsLastSession(t *testing.T) {
	clock, n, registry := clocktest.New(time.Now()), newNetwork(t), newMemoryRegistry()
	server := newTestPortServer(t, n, twoPorts, "https://meetings.example.com/below", registry, clock.Now)
	require.NoError(t, server.start(t.Context(), unwrapped))

	address, err := server.assign(t.Context(), registry.entry("a"), clock.Now().Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, fmt.Sprintf("https://meetings.example.com:%d", registry.entry("a").Port), address)
	_, err = server.assign(t.Context(), registry.entry("b"), clock.Now().Add(2*time.Hour))
	require.NoError(t, err)
	_, err = server.assign(t.Context(), registry.entry("c"), clock.Now().Add(time.Hour))
	require.ErrorIs(t, err, errNoPort)
	assert.Equal(t, "a", n.databaseAt(t, registry.entry("a").Port))

	server.releaseExpired(t.Context())
	assert.Positive(t, registry.entry("a").Port)
	previous := registry.entry("a").Port
	clock.Advance(time.Hour + 2*releaseGrace)
	server.releaseExpired(t.Context())
	assert.Zero(t, registry.entry("a").Port)
	assert.Positive(t, registry.entry("b").Port, "its session hasn't ended")
	_, err = server.assign(t.Context(), registry.entry("c"), clock.Now().Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, previous, registry.entry("c").Port, "a released port is assigned again")
}

func TestPortsAreRestoredAfterARestart(t *testing.T) {
	n := newNetwork(t)
	until := time.Now().Add(time.Hour)
	other, err := n.listen(fmt.Sprintf("127.0.0.1:%d", twoPorts.First))
	require.NoError(t, err)
	defer other.Close()
	registry := newMemoryRegistry(readyEntry("a", twoPorts.First, until), readyEntry("b", twoPorts.Last, until))
	server := newTestPortServer(t, n, twoPorts, "http://localhost:8090", registry, time.Now)
	require.NoError(t, server.start(t.Context(), unwrapped))
	assert.Zero(t, registry.entry("a").Port, "another program uses its port")
	assert.Equal(t, "b", n.databaseAt(t, twoPorts.Last), "a database that lost its port doesn't get another database's")
	_, err = server.assign(t.Context(), registry.entry("a"), until)
	require.ErrorIs(t, err, errNoPort)
	require.NoError(t, server.stop(t.Context()))
	require.NoError(t, other.Close())

	registry.entries["a"] = readyEntry("a", twoPorts.First, until)
	onePort := Ports{First: twoPorts.Last, Last: twoPorts.Last, Address: "127.0.0.1"}
	narrowed := newTestPortServer(t, n, onePort, "http://localhost:8090", registry, time.Now)
	require.NoError(t, narrowed.start(t.Context(), unwrapped), "a port outside the range doesn't prevent the start")
	assert.Zero(t, registry.entry("a").Port)
	assert.Equal(t, "b", n.databaseAt(t, twoPorts.Last))
}

func TestPortIsKeptWhileTheRegistryFails(t *testing.T) {
	clock, n, registry := clocktest.New(time.Now()), newNetwork(t), newMemoryRegistry()
	server := newTestPortServer(t, n, twoPorts, "http://localhost:8090", registry, clock.Now)
	require.NoError(t, server.start(t.Context(), unwrapped))
	_, err := server.assign(t.Context(), registry.entry("a"), clock.Now().Add(time.Hour))
	require.NoError(t, err)
	clock.Advance(2 * time.Hour)

	registry.failWith(assert.AnError)
	server.releaseExpired(t.Context())
	assert.Equal(t, "a", n.databaseAt(t, registry.entry("a").Port))
	_, err = server.assign(t.Context(), registry.entry("b"), clock.Now().Add(time.Hour))
	require.ErrorIs(t, err, assert.AnError)
	registry.failWith(nil)
	server.releaseExpired(t.Context())
	assert.Zero(t, registry.entry("a").Port)
	assert.Len(t, server.byName, 0, "neither a nor b, which got no port, has a listener")
}

func TestConnectionToAReassignedPortIsRejected(t *testing.T) {
	n, registry := newNetwork(t), newMemoryRegistry()
	server := newTestPortServer(t, n, twoPorts, "http://localhost:8090", registry, time.Now)
	require.NoError(t, server.start(t.Context(), unwrapped))
	_, err := server.assign(t.Context(), registry.entry("a"), time.Now().Add(time.Hour))
	require.NoError(t, err)
	port := registry.entry("a").Port
	require.Equal(t, "a", n.databaseAt(t, port)) // the client keeps this connection alive

	server.closePort("a")
	b := registry.entry("b")
	b.Port = port
	_, err = server.assign(t.Context(), b, time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, port, registry.entry("b").Port)
	assert.Contains(t, n.databaseAt(t, port), "Misdirected")
	assert.Equal(t, "b", n.databaseAt(t, port), "a new connection reaches b")
}
