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
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// book is a registry of ports in memory.
type book struct {
	mu      sync.Mutex
	entries map[string]registry.Entry
	failure error
}

// fails has every change of the registry fail, or none with nil.
func (b *book) fails(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failure = err
}

func (b *book) WithPorts(context.Context) (entries []registry.Entry, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, entry := range b.entries {
		if entry.Port > 0 {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

func (b *book) SetPort(_ context.Context, name string, port int, until time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failure != nil {
		return b.failure
	}
	b.entries[name] = registry.Entry{Name: name, Status: registry.StatusReady, Port: port, SessionsUntil: until}
	return nil
}

func (b *book) Lookup(_ context.Context, name string) (registry.ActiveEntry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	entry, ok := b.entries[name]
	if !ok {
		return registry.ActiveEntry{}, registry.ErrNotFound
	}
	return registry.ActiveEntry{Entry: entry}, nil
}

func (b *book) entry(name string) registry.Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	entry := b.entries[name]
	entry.Name = name
	return entry
}

// twoPorts is a range of two free ports.
func twoPorts(t *testing.T) Ports {
	t.Helper()
	for first := 31000; first < 32700; first += 2 {
		a, errA := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first))
		b, errB := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+1))
		for listener, err := range map[net.Listener]error{a: errA, b: errB} {
			if err == nil {
				require.NoError(t, listener.Close())
			}
		}
		if errA == nil && errB == nil {
			return Ports{First: first, Last: first + 1, Address: "127.0.0.1"}
		}
	}
	t.Fatal("no ports are free")
	return Ports{}
}

// newTestPorts returns what is not started yet; the clock is the test's to move.
func newTestPorts(t *testing.T, of Ports, base string, registry *book, now func() time.Time) *ports {
	t.Helper()
	parsed, err := url.Parse(base)
	require.NoError(t, err)
	says := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, nameOf(r)) })
	p := newPorts(of, parsed, says, registry, slog.New(slog.DiscardHandler), now)
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		assert.NoError(t, p.stop(context.Background()))
		assert.NoError(t, p.stop(context.Background()), "twice is harmless")
	})
	return p
}

func unwrapped(h http.Handler) http.Handler { return h }

// answering tells which database answers at a port.
func answering(t *testing.T, port int) string {
	t.Helper()
	response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/any/path", port))
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return string(body)
}

func TestPortsAreReleasedWhenTheirSessionsHaveEnded(t *testing.T) {
	var clock sync.Mutex
	now := time.Now()
	at := func() time.Time { clock.Lock(); defer clock.Unlock(); return now }
	registry := &book{entries: map[string]registry.Entry{}}
	l := newTestPorts(t, twoPorts(t), "https://meetings.example.com/below", registry, at)
	require.NoError(t, l.start(t.Context(), unwrapped))

	address, err := l.open(t.Context(), registry.entry("a"), now.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, fmt.Sprintf("https://meetings.example.com:%d", registry.entry("a").Port), address)
	_, err = l.open(t.Context(), registry.entry("b"), now.Add(2*time.Hour))
	require.NoError(t, err)
	_, err = l.open(t.Context(), registry.entry("c"), now.Add(time.Hour))
	require.ErrorIs(t, err, ErrNoPort)
	assert.Equal(t, "a", answering(t, registry.entry("a").Port))

	l.releaseExpired(t.Context())
	assert.Positive(t, registry.entry("a").Port)
	had := registry.entry("a").Port
	clock.Lock()
	now = now.Add(time.Hour + 2*releaseGrace)
	clock.Unlock()
	l.releaseExpired(t.Context())
	assert.Zero(t, registry.entry("a").Port)
	assert.Positive(t, registry.entry("b").Port, "its session lasts")
	_, err = l.open(t.Context(), registry.entry("c"), at().Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, had, registry.entry("c").Port, "a released port is used again")
}

func TestPortsComeBackAfterARestart(t *testing.T) {
	ports := twoPorts(t)
	until := time.Now().Add(time.Hour)
	ready := func(name string, port int) registry.Entry {
		return registry.Entry{Name: name, Status: registry.StatusReady, Port: port, SessionsUntil: until}
	}

	taken, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", ports.First))
	require.NoError(t, err)
	defer taken.Close()
	registry := &book{entries: map[string]registry.Entry{"a": ready("a", ports.First), "b": ready("b", ports.Last)}}
	l := newTestPorts(t, ports, "http://localhost:8090", registry, time.Now)
	require.NoError(t, l.start(t.Context(), unwrapped))
	assert.Zero(t, registry.entry("a").Port, "something else has it")
	assert.Equal(t, "b", answering(t, ports.Last), "nobody who lost a port takes another's")
	_, err = l.open(t.Context(), registry.entry("a"), until)
	require.ErrorIs(t, err, ErrNoPort)
	require.NoError(t, l.stop(t.Context()))
	require.NoError(t, taken.Close())

	registry.entries["a"] = ready("a", ports.First)
	narrowed := newTestPorts(t, Ports{First: ports.Last, Last: ports.Last, Address: "127.0.0.1"}, "http://localhost:8090", registry, time.Now)
	require.NoError(t, narrowed.start(t.Context(), unwrapped), "a smaller range is no reason not to start")
	assert.Zero(t, registry.entry("a").Port)
	assert.Equal(t, "b", answering(t, ports.Last))
}

func TestAPortIsKeptWhileTheRegistryCannotBeWritten(t *testing.T) {
	registry := &book{entries: map[string]registry.Entry{}}
	var clock sync.Mutex
	now := time.Now()
	l := newTestPorts(t, twoPorts(t), "http://localhost:8090", registry, func() time.Time { clock.Lock(); defer clock.Unlock(); return now })
	require.NoError(t, l.start(t.Context(), unwrapped))
	_, err := l.open(t.Context(), registry.entry("a"), now.Add(time.Hour))
	require.NoError(t, err)
	clock.Lock()
	now = now.Add(2 * time.Hour)
	clock.Unlock()

	registry.fails(assert.AnError)
	l.releaseExpired(t.Context())
	assert.Equal(t, "a", answering(t, registry.entry("a").Port))
	_, err = l.open(t.Context(), registry.entry("b"), now.Add(time.Hour))
	require.ErrorIs(t, err, assert.AnError)
	registry.fails(nil)
	l.releaseExpired(t.Context())
	assert.Zero(t, registry.entry("a").Port)
	assert.Len(t, l.byName, 0, "neither a's nor what b did not get is listened on")
}

func TestAConnectionFromBeforeIsNotTheNextDatabases(t *testing.T) {
	registry := &book{entries: map[string]registry.Entry{}}
	l := newTestPorts(t, twoPorts(t), "http://localhost:8090", registry, time.Now)
	require.NoError(t, l.start(t.Context(), unwrapped))
	_, err := l.open(t.Context(), registry.entry("a"), time.Now().Add(time.Hour))
	require.NoError(t, err)
	port := registry.entry("a").Port
	require.Equal(t, "a", answering(t, port)) // and the client keeps the connection

	l.close("a")
	b := registry.entry("b")
	b.Port = port
	_, err = l.open(t.Context(), b, time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, port, registry.entry("b").Port)
	assert.Contains(t, answering(t, port), "Misdirected")
	assert.Equal(t, "b", answering(t, port), "the next connection is b's")
}
