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

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
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

// ports are the listeners that databases have. A database gets one when its user
// signs in and keeps it, whether it is open or not, until the last session that
// was issued has ended; the registry remembers it over a restart. A port that
// something else listens on is passed over.
type ports struct {
	Ports
	base     *url.URL // of the server, for the addresses of databases
	handler  http.Handler
	registry portRegistry
	logger   *slog.Logger
	now      func() time.Time

	// assigning is held while a port is given or taken away, so that the registry
	// and what is listened on agree. It comes before mu, which is never held while
	// the registry is written: that calls changed.
	assigning sync.Mutex

	mu     sync.Mutex
	byName map[string]*listener
	next   int // where the search for a free port goes on
	server *http.Server
	end    context.CancelFunc
	done   sync.WaitGroup
}

// portRegistry remembers which database has which port: userdb.Service.
type portRegistry interface {
	WithPorts(ctx context.Context) ([]registry.Entry, error)
	SetPort(ctx context.Context, name string, port int, sessionsUntil time.Time) error
	Lookup(ctx context.Context, name string) (registry.ActiveEntry, error)
}

func newPorts(of Ports, base *url.URL, handler http.Handler, registry portRegistry, logger *slog.Logger, now func() time.Time) *ports {
	return &ports{
		Ports: of, base: base, handler: handler, registry: registry, logger: logger, now: now,
		next: of.First, byName: map[string]*listener{},
	}
}

func (p *ports) enabled() bool { return p.Last > 0 }

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

func (p *ports) start(ctx context.Context, wrap func(http.Handler) http.Handler) error {
	running, end := context.WithCancel(context.WithoutCancel(ctx))
	p.mu.Lock()
	p.end, p.server = end, p.newServer(running, wrap(p.handler))
	p.mu.Unlock()
	if err := p.resume(ctx); err != nil {
		return err
	}
	p.done.Go(func() { p.release(running) })
	return nil
}

// resume opens the ports databases had before the server was started. A port that
// something else has by now, or that is outside the range, is given up: the next
// renewal of the session brings another.
func (p *ports) resume(ctx context.Context) error {
	p.assigning.Lock()
	defer p.assigning.Unlock()
	entries, err := p.registry.WithPorts(ctx)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Status == registry.StatusReady && entry.SessionsUntil.After(p.now()) {
			p.mu.Lock()
			had := p.reopen(entry)
			p.mu.Unlock()
			if had != nil {
				had.until = entry.SessionsUntil
				continue
			}
			p.logger.Warn("the port of a user database is not to be had any more; its owner gets another", "database", entry.Name, "port", entry.Port)
		}
		if err := p.registry.SetPort(ctx, entry.Name, 0, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// open returns the address of a database's own port, which it has at least until
// a given time.
func (p *ports) open(ctx context.Context, entry registry.Entry, until time.Time) (string, error) {
	p.assigning.Lock()
	defer p.assigning.Unlock()
	had, err := p.listen(entry)
	if err != nil {
		return "", err
	}
	if until.After(had.until) {
		if err := p.registry.SetPort(ctx, entry.Name, had.port, until); err != nil {
			if had.until.IsZero() {
				p.close(entry.Name)
			}
			return "", err
		}
		had.until = until
	}
	address := url.URL{Scheme: p.base.Scheme, Host: net.JoinHostPort(p.base.Hostname(), strconv.Itoa(had.port))}
	return address.String(), nil
}

// release closes the ports of databases whose sessions have all ended.
func (p *ports) release(ctx context.Context) {
	ticker := time.NewTicker(releaseEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			p.releaseExpired(ctx)
		}
	}
}

// releaseExpired clears the row first: a port is not to be another's while the
// registry gives it to this one.
func (p *ports) releaseExpired(ctx context.Context) {
	p.assigning.Lock()
	defer p.assigning.Unlock()
	for _, name := range p.expired() {
		if err := p.registry.SetPort(ctx, name, 0, time.Time{}); err != nil && !errors.Is(err, registry.ErrNotFound) {
			p.logger.Warn("release the port of a user database", "database", name, "error", err)
			continue
		}
		p.close(name)
	}
}

// changed closes the port of a database that can't be used any more.
func (p *ports) changed(name string) {
	if !p.enabled() || name == "" {
		return
	}
	if _, err := p.registry.Lookup(context.Background(), name); errors.Is(err, registry.ErrNotFound) {
		p.close(name)
	}
}

func (p *ports) stop(ctx context.Context) error {
	p.mu.Lock()
	server, end := p.server, p.end
	p.server = nil
	p.byName = map[string]*listener{}
	p.mu.Unlock()
	if server == nil {
		return nil
	}
	end() // also the streams
	err := server.Shutdown(ctx)
	if errors.Is(err, net.ErrClosed) { // a port that was released just now
		err = nil
	}
	if err != nil {
		err = errors.Join(fmt.Errorf("close the ports of user databases: %w", err), server.Close())
	}
	p.done.Wait()
	return err
}
