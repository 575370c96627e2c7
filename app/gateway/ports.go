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

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/connlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// Ports configures ports for user databases. With the zero value, databases have no ports of their own.
type Ports struct {
	First, Last int    // the range, both ends included
	Address     string // IP address to listen on
}

// errNoPort means that every port in the range is assigned to a database or used by another program.
var errNoPort = errors.New("no free port for user database")

const (
	releaseInterval = 30 * time.Second
	// releaseGrace is how long a port is kept after the last session has ended, so that a client
	// that renews its session at the last moment still reaches its own database.
	releaseGrace = time.Minute
	// warnInterval is the shortest time between two warnings that no port is free.
	warnInterval = time.Hour
)

// portServer serves each database in use at a port of its own. A database is assigned a port when
// its user signs in, and keeps it until the last issued session has ended, whether it is open or
// not. The registry remembers it across restarts. Ports used by other programs are skipped.
type portServer struct {
	Ports
	base     *url.URL // public URL of the server
	handler  http.Handler
	registry portRegistry
	limiter  *connlimit.Limiter
	logger   *slog.Logger
	now      func() time.Time
	listen   func(address string) (net.Listener, error)

	// assigning is held while a port is assigned or released, so that the registry matches the open
	// listeners. Lock it before mu. Never hold mu during a write to the registry, because the write
	// calls databaseChanged.
	assigning sync.Mutex

	mu     sync.Mutex
	byName map[string]*portListener
	next   int          // port at which the search for a free one continues
	server *http.Server // nil before start and after stop
	group  background.Group
	warned time.Time // when the lack of free ports was last logged
}

// portRegistry remembers the ports of databases. It is implemented by userdb.Service.
type portRegistry interface {
	WithPorts(ctx context.Context) ([]registry.Entry, error)
	SetPort(ctx context.Context, name string, port int, sessionsUntil time.Time) error
	Lookup(ctx context.Context, name string) (registry.ActiveEntry, error)
}

func newPortServer(ports Ports, base *url.URL, handler http.Handler, registry portRegistry, limiter *connlimit.Limiter, logger *slog.Logger, now func() time.Time) *portServer {
	return &portServer{
		Ports: ports, base: base, handler: handler, registry: registry, limiter: limiter, logger: logger, now: now, listen: listenTCP,
		next: ports.First, byName: map[string]*portListener{},
	}
}

func listenTCP(address string) (net.Listener, error) { return net.Listen("tcp", address) }

func (s *portServer) enabled() bool { return s.Last > 0 }

func (s *portServer) start(ctx context.Context, wrap func(http.Handler) http.Handler) error {
	s.mu.Lock()
	s.group.Start(ctx)
	s.server = s.newServer(wrap(s.handler))
	s.mu.Unlock()
	if err := s.restore(ctx); err != nil {
		return fmt.Errorf("restore ports of user databases: %w", err)
	}
	return s.group.Go(s.releaseLoop)
}

// restore listens on the ports that databases had before the server was restarted. A port that
// another program uses now, or that is outside the range, is released; the database gets another
// one when its session is renewed.
func (s *portServer) restore(ctx context.Context) error {
	s.assigning.Lock()
	defer s.assigning.Unlock()
	entries, err := s.registry.WithPorts(ctx)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Status == registry.StatusReady && entry.SessionsUntil.After(s.now()) {
			s.mu.Lock()
			listener := s.reopen(entry)
			s.mu.Unlock()
			if listener != nil {
				listener.until = entry.SessionsUntil
				continue
			}
			s.logger.WarnContext(ctx, "port of user database is no longer available; its next session gets another one",
				"database", entry.Name, "port", entry.Port)
		}
		if err := s.registry.SetPort(ctx, entry.Name, 0, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// assign returns the URL of a database's own port, which it keeps at least until the given time.
func (s *portServer) assign(ctx context.Context, entry registry.Entry, until time.Time) (string, error) {
	s.assigning.Lock()
	defer s.assigning.Unlock()
	listener, err := s.listenerFor(entry)
	if err != nil {
		return "", err
	}
	if until.After(listener.until) {
		if err := s.registry.SetPort(ctx, entry.Name, listener.port, until); err != nil {
			if listener.until.IsZero() {
				s.closePort(entry.Name)
			}
			return "", err
		}
		listener.until = until
	}
	address := url.URL{Scheme: s.base.Scheme, Host: net.JoinHostPort(s.base.Hostname(), strconv.Itoa(listener.port))}
	return address.String(), nil
}

func (s *portServer) releaseLoop(ctx context.Context) {
	background.Every(ctx, releaseInterval, s.releaseExpired)
}

// releaseExpired releases the ports of databases whose sessions have all ended. It updates the
// registry first: no other database may get a port that the registry still assigns to this one.
func (s *portServer) releaseExpired(ctx context.Context) {
	s.assigning.Lock()
	defer s.assigning.Unlock()
	for _, name := range s.expiredNames() {
		if err := s.registry.SetPort(ctx, name, 0, time.Time{}); err != nil && !registry.IsNotHere(err) {
			s.logger.WarnContext(ctx, "failed to release port of user database", "database", name, "error", err)
			continue
		}
		s.closePort(name)
	}
}

// databaseChanged closes the port of a database that can no longer be used.
func (s *portServer) databaseChanged(name string) {
	if !s.enabled() || name == "" {
		return
	}
	if _, err := s.registry.Lookup(context.Background(), name); registry.IsNotHere(err) {
		s.closePort(name)
	}
}

func (s *portServer) stop(ctx context.Context) error {
	s.mu.Lock()
	server := s.server
	s.server = nil
	s.byName = map[string]*portListener{}
	s.mu.Unlock()
	if server == nil {
		return nil
	}
	s.group.Cancel() // ends the streams, which Shutdown would wait for
	err := server.Shutdown(ctx)
	if errors.Is(err, net.ErrClosed) { // a port was closed at the same time
		err = nil
	}
	if err != nil {
		err = errors.Join(fmt.Errorf("close ports of user databases: %w", err), server.Close())
	}
	// Everything in the group returns immediately: its context has ended and the listeners are closed.
	return errors.Join(err, s.group.Stop(context.WithoutCancel(ctx)))
}
