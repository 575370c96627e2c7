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

// portListener listens on the port of one database.
type portListener struct {
	net.Listener
	name   string
	port   int
	ctx    context.Context // parent context of its requests
	until  time.Time       // end of the last session in the registry; zero before the first; protected by portServer.assigning
	closed atomic.Bool
}

type portListenerKey struct{}

// portListenerOf returns the listener that a request arrived on, or nil if it was the server's own.
func portListenerOf(r *http.Request) *portListener {
	listener, _ := r.Context().Value(portListenerKey{}).(*portListener)
	return listener
}

// databaseName returns the name of the database a request is for. It may be invalid.
func databaseName(r *http.Request) string {
	if listener := portListenerOf(r); listener != nil {
		return listener.name
	}
	return r.PathValue("name")
}

// IsOnPort reports whether a request arrived on the port of a user database.
func IsOnPort(r *http.Request) bool { return portListenerOf(r) != nil }

// subpath returns the path of a request within its database.
func subpath(r *http.Request) string {
	if portListenerOf(r) != nil {
		return r.URL.Path
	}
	return "/" + r.PathValue("path")
}

// newServer returns the HTTP server that serves all port listeners.
func (s *portServer) newServer(handler http.Handler) *http.Server {
	server := &http.Server{
		Handler: rejectStaleConnections(handler), ReadTimeout: 5 * time.Minute, ReadHeaderTimeout: HeaderTimeout, MaxHeaderBytes: MaxHeaderBytes, WriteTimeout: 5 * time.Minute,
		BaseContext: func(l net.Listener) context.Context {
			listener := l.(*portListener)
			return context.WithValue(listener.ctx, portListenerKey{}, listener)
		},
		ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug),
	}
	s.limiter.Protect(server)
	return server
}

// rejectStaleConnections ends connections that were opened when the port belonged to another
// database. A proxy may have kept one alive.
func rejectStaleConnections(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if portListenerOf(r).closed.Load() {
			w.Header().Set("Connection", "close")
			http.Error(w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// listenerFor returns the current listener of a database, or a new one on its previous port or the
// next free one.
func (s *portServer) listenerFor(entry registry.Entry) (*portListener, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil {
		return nil, userdb.ErrClosed
	}
	if listener, ok := s.byName[entry.Name]; ok {
		return listener, nil
	}
	if listener := s.reopen(entry); listener != nil {
		return listener, nil
	}
	ports := s.Last - s.First + 1
	if len(s.byName) >= ports {
		ports = 0 // spares every sign-in the search
	}
	for range ports {
		port := s.next
		if s.next++; s.next > s.Last {
			s.next = s.First
		}
		if listener := s.tryListen(entry.Name, port); listener != nil {
			return listener, nil
		}
	}
	if now := s.now(); now.Sub(s.warned) >= warnInterval {
		s.warned = now
		s.logger.Warn("no free port for user database; until there is one, sessions use the path: widen USER_DB_PORTS",
			"database", entry.Name, "first", s.First, "last", s.Last, "assigned", len(s.byName))
	}
	return nil, fmt.Errorf("assign port to %s: %w", entry.Name, errNoPort)
}

// reopen listens on the previous port of a database. It returns nil if there is no such port or it
// isn't available. The caller holds mu.
func (s *portServer) reopen(entry registry.Entry) *portListener {
	if entry.Port < s.First || entry.Port > s.Last {
		return nil
	}
	return s.tryListen(entry.Name, entry.Port)
}

// tryListen listens on a port and starts serving it. It returns nil if the port isn't available.
// The caller holds mu.
func (s *portServer) tryListen(name string, port int) *portListener {
	inner, err := s.listen(net.JoinHostPort(s.Address, strconv.Itoa(port)))
	if err != nil {
		s.logger.Debug("skipped port that is in use", "port", port, "error", err)
		return nil
	}
	listener := &portListener{Listener: s.limiter.Listener(inner), name: name, port: port}
	server := s.server
	err = s.group.Go(func(ctx context.Context) {
		listener.ctx = ctx
		err := server.Serve(listener)
		if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			s.logger.ErrorContext(ctx, "failed to serve user database on its port", "database", name, "port", port, "error", err)
		}
	})
	if err != nil { // stopping
		_ = inner.Close()
		return nil
	}
	s.byName[name] = listener
	return listener
}

// closePort stops listening on the port of a database. Requests on open connections finish.
func (s *portServer) closePort(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if listener, ok := s.byName[name]; ok {
		listener.closed.Store(true)
		_ = listener.Close()
		delete(s.byName, name)
	}
}

// expiredNames returns the databases whose last session ended longer than releaseGrace ago.
func (s *portServer) expiredNames() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	cutoff := s.now().Add(-releaseGrace)
	var names []string
	for name, listener := range s.byName {
		if listener.until.Before(cutoff) {
			names = append(names, name)
		}
	}
	return names
}
