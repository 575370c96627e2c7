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

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// book is a registry of ports in memory.
type book struct {
	mu      sync.Mutex
	entries map[string]userdb.Entry
}

func (b *book) WithPorts(context.Context) (entries []userdb.Entry, _ error) {
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
	b.entries[name] = userdb.Entry{Name: name, Status: userdb.StatusReady, Port: port, SessionsUntil: until}
	return nil
}

func (b *book) Lookup(_ context.Context, name string) (userdb.Owned, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	entry, ok := b.entries[name]
	if !ok {
		return userdb.Owned{}, userdb.ErrNotFound
	}
	return userdb.Owned{Entry: entry}, nil
}

func (b *book) entry(name string) userdb.Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	entry := b.entries[name]
	entry.Name = name
	return entry
}

// twoPorts is a range of two free ports.
func twoPorts(t *testing.T) Ports {
	t.Helper()
	for first := 30000; first < 60000; first += 2 {
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

func TestPortsAreReleasedWhenTheirSessionsHaveEnded(t *testing.T) {
	var clock sync.Mutex
	now := time.Now()
	at := func() time.Time { clock.Lock(); defer clock.Unlock(); return now }
	base, err := url.Parse("https://meetings.example.com")
	require.NoError(t, err)
	registry := &book{entries: map[string]userdb.Entry{}}
	says := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, nameOf(r)) })
	l := newListeners(twoPorts(t), base, says, registry, slog.New(slog.DiscardHandler), at)
	require.NoError(t, l.start(t.Context(), func(h http.Handler) http.Handler { return h }))
	defer func() {
		http.DefaultClient.CloseIdleConnections()
		require.NoError(t, l.stop(context.Background()))
		require.NoError(t, l.stop(context.Background()), "twice is harmless")
	}()

	address, err := l.open(t.Context(), registry.entry("a"), now.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, fmt.Sprintf("https://meetings.example.com:%d", registry.entry("a").Port), address)
	_, err = l.open(t.Context(), registry.entry("b"), now.Add(2*time.Hour))
	require.NoError(t, err)
	_, err = l.open(t.Context(), registry.entry("c"), now.Add(time.Hour))
	require.ErrorIs(t, err, ErrNoPort)
	response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/any/path", registry.entry("a").Port))
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, "a", string(body))

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
