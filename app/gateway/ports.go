package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Ports gives databases listeners of their own. The zero value gives none.
type Ports struct {
	First, Last int    // the range, both ends included
	Address     string // to listen on
}

// ErrNoPort means that the databases in use have taken every port of the range.
var ErrNoPort = errors.New("no port for the user database is left")

const (
	releaseEvery = 30 * time.Second
	// Whoever renews a session does so before it ends; a port that is given to
	// another database at that very moment would only cost them a request.
	releaseGrace = time.Minute
)

// listeners are the ports that databases have. A database gets one when its user
// signs in and keeps it, whether it is open or not, until the last session that
// was issued has ended; the registry remembers it over a restart. A port that
// something else listens on is passed over.
type listeners struct {
	ports    Ports
	base     *url.URL // of the server, for the addresses of databases
	handler  http.Handler
	registry portRegistry
	logger   *slog.Logger
	now      func() time.Time

	mu     sync.Mutex
	byName map[string]*listener
	next   int // where the search for a free port goes on
	server *http.Server
	end    context.CancelFunc
	done   sync.WaitGroup
}

// portRegistry remembers which database has which port: userdb.Service.
type portRegistry interface {
	WithPorts(ctx context.Context) ([]userdb.Entry, error)
	SetPort(ctx context.Context, name string, port int, sessionsUntil time.Time) error
	Lookup(ctx context.Context, name string) (userdb.Owned, error)
}

type listener struct {
	net.Listener
	name  string
	port  int
	until time.Time
}

func newListeners(ports Ports, base *url.URL, handler http.Handler, registry portRegistry, logger *slog.Logger, now func() time.Time) *listeners {
	return &listeners{
		ports: ports, base: base, handler: handler, registry: registry, logger: logger, now: now,
		next: ports.First, byName: map[string]*listener{},
	}
}

func (l *listeners) enabled() bool { return l.ports.Last > 0 }

// Start gives every database whose sessions may still last the port back that it
// had. wrap is what the server's own handler is wrapped in.
func (g *Gateway) Start(ctx context.Context, wrap func(http.Handler) http.Handler) error {
	if !g.ports.enabled() {
		return g.databases.ReleasePorts(ctx)
	}
	return g.ports.start(ctx, wrap)
}

// Stop closes the ports of databases and ends the requests that came in by them.
func (g *Gateway) Stop(ctx context.Context) error { return g.ports.stop(ctx) }

func (l *listeners) start(ctx context.Context, wrap func(http.Handler) http.Handler) error {
	running, end := context.WithCancel(context.WithoutCancel(ctx))
	l.mu.Lock()
	l.end = end
	l.server = &http.Server{
		Handler: wrap(l.handler), ReadTimeout: 5 * time.Minute, ReadHeaderTimeout: time.Minute, WriteTimeout: 5 * time.Minute,
		BaseContext: func(of net.Listener) context.Context {
			return context.WithValue(running, nameKey{}, of.(*listener).name)
		},
		ErrorLog: slog.NewLogLogger(l.logger.Handler(), slog.LevelDebug),
	}
	l.mu.Unlock()

	entries, err := l.registry.WithPorts(ctx)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Status == userdb.StatusReady && entry.SessionsUntil.After(l.now()) {
			if _, err := l.open(ctx, entry, entry.SessionsUntil); err != nil {
				return err
			}
			continue
		}
		if err := l.registry.SetPort(ctx, entry.Name, 0, time.Time{}); err != nil {
			return err
		}
	}
	l.done.Go(func() { l.release(running) })
	return nil
}

// open returns the address of a database's own port, which it has at least until
// a given time.
func (l *listeners) open(ctx context.Context, entry userdb.Entry, until time.Time) (string, error) {
	port, until, err := l.take(entry, until)
	if err != nil {
		return "", err
	}
	if entry.Port != port || until.After(entry.SessionsUntil) {
		if err := l.registry.SetPort(ctx, entry.Name, port, until); err != nil {
			return "", err
		}
	}
	address := *l.base
	address.Host = net.JoinHostPort(l.base.Hostname(), strconv.Itoa(port))
	return address.String(), nil
}

// take returns the port of a database and until when it has it.
func (l *listeners) take(entry userdb.Entry, until time.Time) (int, time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.server == nil {
		return 0, time.Time{}, userdb.ErrClosed
	}
	had, ok := l.byName[entry.Name]
	if !ok {
		var err error
		if had, err = l.listen(entry); err != nil {
			return 0, time.Time{}, err
		}
	}
	if until.After(had.until) {
		had.until = until
	}
	return had.port, had.until, nil
}

// listen opens the port a database had, or the next free one. The caller holds
// the lock.
func (l *listeners) listen(entry userdb.Entry) (*listener, error) {
	count := l.ports.Last - l.ports.First + 1
	if entry.Port >= l.ports.First && entry.Port <= l.ports.Last {
		if opened := l.try(entry.Name, entry.Port); opened != nil {
			return opened, nil
		}
	}
	for range count {
		port := l.next
		if l.next++; l.next > l.ports.Last {
			l.next = l.ports.First
		}
		if opened := l.try(entry.Name, port); opened != nil {
			return opened, nil
		}
	}
	l.logger.Error("every port for user databases is taken: widen USER_DB_PORTS", "first", l.ports.First, "last", l.ports.Last, "ours", len(l.byName))
	return nil, fmt.Errorf("%s: %w", entry.Name, ErrNoPort)
}

// try opens one port, or returns nil when it is taken, by us or by others.
func (l *listeners) try(name string, port int) *listener {
	inner, err := net.Listen("tcp", net.JoinHostPort(l.ports.Address, strconv.Itoa(port)))
	if err != nil {
		l.logger.Debug("pass over a port", "port", port, "error", err)
		return nil
	}
	opened := &listener{Listener: inner, name: name, port: port}
	l.byName[name] = opened
	server := l.server
	l.done.Go(func() {
		if err := server.Serve(opened); err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			l.logger.Error("serve a user database at its port", "database", name, "port", port, "error", err)
		}
	})
	return opened
}

// release closes the ports of databases whose sessions have all ended.
func (l *listeners) release(ctx context.Context) {
	ticker := time.NewTicker(releaseEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			l.releaseExpired(ctx)
		}
	}
}

func (l *listeners) releaseExpired(ctx context.Context) {
	for _, name := range l.expired() {
		l.close(name)
		if err := l.registry.SetPort(ctx, name, 0, time.Time{}); err != nil && !errors.Is(err, userdb.ErrNotFound) {
			l.logger.Warn("record that a port is free", "database", name, "error", err)
		}
	}
}

func (l *listeners) expired() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	limit := l.now().Add(-releaseGrace)
	var names []string
	for name, had := range l.byName {
		if had.until.Before(limit) {
			names = append(names, name)
		}
	}
	return names
}

func (l *listeners) close(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if had, ok := l.byName[name]; ok {
		_ = had.Close() // nobody is to come in any more
		delete(l.byName, name)
	}
}

// changed closes the port of a database that can't be used any more.
func (l *listeners) changed(name string) {
	if !l.enabled() || name == "" {
		return
	}
	if _, err := l.registry.Lookup(context.Background(), name); errors.Is(err, userdb.ErrNotFound) {
		l.close(name)
	}
}

func (l *listeners) stop(ctx context.Context) error {
	l.mu.Lock()
	server, end := l.server, l.end
	l.server = nil
	l.byName = map[string]*listener{}
	l.mu.Unlock()
	if server == nil {
		return nil
	}
	end() // also the streams
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("close the ports of user databases: %w", err), server.Close())
	}
	l.done.Wait()
	return err
}

type nameKey struct{}

// nameOf is the name of the database a request is for.
func nameOf(r *http.Request) string {
	if name, ok := r.Context().Value(nameKey{}).(string); ok {
		return name
	}
	return r.PathValue("name")
}

// pathOf is the path of a request within its database.
func pathOf(r *http.Request) string {
	if _, ok := r.Context().Value(nameKey{}).(string); ok {
		return r.URL.Path
	}
	return "/" + r.PathValue("path")
}
