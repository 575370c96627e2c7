package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// listener is the port of one database.
type listener struct {
	net.Listener
	name   string
	port   int
	until  time.Time // as the registry has it, zero before; under ports.assigning
	closed atomic.Bool
}

// newServer returns what serves all of them.
func (p *ports) newServer(ctx context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler: refuseFormer(handler), ReadTimeout: 5 * time.Minute, ReadHeaderTimeout: time.Minute, WriteTimeout: 5 * time.Minute,
		BaseContext: func(of net.Listener) context.Context {
			return context.WithValue(ctx, listenerKey{}, of.(*listener))
		},
		ErrorLog: slog.NewLogLogger(p.logger.Handler(), slog.LevelDebug),
	}
}

// refuseFormer ends connections from when their port was another database's, which
// a proxy may have kept.
func refuseFormer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(listenerKey{}).(*listener).closed.Load() {
			w.Header().Set("Connection", "close")
			http.Error(w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// listen returns the listener a database has, or opens the port it had, or the
// next free one.
func (p *ports) listen(entry registry.Entry) (*listener, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server == nil {
		return nil, userdb.ErrClosed
	}
	if had, ok := p.byName[entry.Name]; ok {
		return had, nil
	}
	if had := p.reopen(entry); had != nil {
		return had, nil
	}
	for range p.Last - p.First + 1 {
		port := p.next
		if p.next++; p.next > p.Last {
			p.next = p.First
		}
		if opened := p.try(entry.Name, port); opened != nil {
			return opened, nil
		}
	}
	p.logger.Error("every port for user databases is taken: widen USER_DB_PORTS", "first", p.First, "last", p.Last, "ours", len(p.byName))
	return nil, fmt.Errorf("%s: %w", entry.Name, ErrNoPort)
}

// reopen opens the port a database had, or returns nil. The caller holds mu.
func (p *ports) reopen(entry registry.Entry) *listener {
	if entry.Port < p.First || entry.Port > p.Last {
		return nil
	}
	return p.try(entry.Name, entry.Port)
}

// try opens one port, or returns nil when it is taken, by us or by others. The
// caller holds mu.
func (p *ports) try(name string, port int) *listener {
	inner, err := net.Listen("tcp", net.JoinHostPort(p.Address, strconv.Itoa(port)))
	if err != nil {
		p.logger.Debug("pass over a port", "port", port, "error", err)
		return nil
	}
	opened := &listener{Listener: inner, name: name, port: port}
	p.byName[name] = opened
	server := p.server
	p.done.Go(func() {
		if err := server.Serve(opened); err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			p.logger.Error("serve a user database at its port", "database", name, "port", port, "error", err)
		}
	})
	return opened
}

func (p *ports) close(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if had, ok := p.byName[name]; ok {
		had.closed.Store(true)
		_ = had.Close() // nobody is to come in any more
		delete(p.byName, name)
	}
}

func (p *ports) expired() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	limit := p.now().Add(-releaseGrace)
	var names []string
	for name, had := range p.byName {
		if had.until.Before(limit) {
			names = append(names, name)
		}
	}
	return names
}

type listenerKey struct{}

// nameOf is the name of the database a request is for.
func nameOf(r *http.Request) string {
	if at, ok := r.Context().Value(listenerKey{}).(*listener); ok {
		return at.name
	}
	return r.PathValue("name")
}

// pathOf is the path of a request within its database.
func pathOf(r *http.Request) string {
	if _, ok := r.Context().Value(listenerKey{}).(*listener); ok {
		return r.URL.Path
	}
	return "/" + r.PathValue("path")
}
