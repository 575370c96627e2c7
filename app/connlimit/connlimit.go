// Package connlimit limits the connections of each network and of all together, so that nobody can take every file
// descriptor of the process.
//
// A connection on which the server waits for its client, because the client is idle or has sent only half of the head
// or the body of a request, gives way to a new connection: the one that has been silent longest first. Nothing is
// closed below the limits. A Limiter is safe for concurrent use and may serve several listeners.
package connlimit

import (
	"cmp"
	"container/list"
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// warnInterval is the shortest time between two warnings about one cause.
const warnInterval = time.Minute

// Config configures a Limiter.
type Config struct {
	Total      int // connections of all networks together
	PerNetwork int // connections of one network; 0 means only Total limits them, as behind a proxy
	Logger     *slog.Logger
	Now        func() time.Time // nil means time.Now
}

// Limiter limits connections.
type Limiter struct {
	total, perNetwork int
	units             *limit.Concurrency
	logger            *slog.Logger
	warned            *limit.Rate
	now               func() time.Time

	mu   sync.Mutex
	open *list.List // of *conn, in the order of their last activity
}

// New returns a Limiter without connections.
func New(cfg Config) *Limiter {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.PerNetwork == 0 {
		cfg.PerNetwork = cfg.Total
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Limiter{
		total: cfg.Total, perNetwork: cfg.PerNetwork, units: limit.NewConcurrency(cfg.Total, cfg.PerNetwork), logger: cfg.Logger,
		warned: limit.NewRate(1/warnInterval.Seconds(), 1, cfg.Now), now: cfg.Now, open: list.New(),
	}
}

// DefaultTotal is how many connections fit the limit on file descriptors. The other half is for databases and files.
func DefaultTotal() int { return int(min(descriptors.Limit()/2, 50_000)) }

// MaxPerNetwork is how many connections one network may have. A browser uses six, and 50 people may share a network.
const MaxPerNetwork = 1000

// DefaultPerNetwork leaves other networks at least half of the connections.
func DefaultPerNetwork(total int) int { return max(1, min(MaxPerNetwork, total/2)) }

// Listener returns a listener whose connections are limited. With a nil Limiter, it returns inner.
func (l *Limiter) Listener(inner net.Listener) net.Listener {
	if l == nil {
		return inner
	}
	return &listener{inner, l}
}

type listener struct {
	net.Listener
	limiter *Limiter
}

// Accept returns the next connection that is within the limits and closes those that aren't.
func (l *listener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			if descriptors.IsExhausted(err) {
				l.limiter.warn("descriptors", "out of file descriptors: connections are refused", "advice", descriptors.Advice(), "error", err)
			}
			return nil, err
		}
		tcp, ok := accepted.(*net.TCPConn)
		if !ok {
			return accepted, nil
		}
		if limited := l.limiter.admit(tcp); limited != nil {
			return limited, nil
		}
		_ = tcp.Close() // the client learns nothing else
	}
}

// conn is a counted connection. It embeds a TCPConn, so that net/http can still send files without copying them.
type conn struct {
	*net.TCPConn
	limiter   *Limiter
	caller    limit.Caller
	element   *list.Element // in limiter.open
	requests  atomic.Int32  // that are being served, without those whose body the server is waiting for
	uploading atomic.Int64  // until when the connection counts as in use because a body is arriving; in Unix nanoseconds
	close     func() error
}

// Close closes the connection and counts it no longer.
func (c *conn) Close() error { return c.close() }

// touch records activity.
func (c *conn) touch() {
	c.limiter.mu.Lock()
	defer c.limiter.mu.Unlock()
	c.limiter.open.MoveToBack(c.element) // does nothing after Close
}

// admit counts a connection, or returns nil if there is no room for it.
func (l *Limiter) admit(tcp *net.TCPConn) *conn {
	address, _, err := net.SplitHostPort(tcp.RemoteAddr().String())
	if err != nil {
		address = tcp.RemoteAddr().String()
	}
	c := &conn{TCPConn: tcp, limiter: l, caller: limit.Network(address)}
	release, ok := l.units.Acquire(c.caller)
	for !ok {
		if !l.closeSilent(c.caller) {
			l.warn("limit", "too many connections: a connection was refused", "network", c.caller.String())
			return nil
		}
		release, ok = l.units.Acquire(c.caller)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	c.element = l.open.PushBack(c)
	c.close = sync.OnceValue(func() error {
		l.mu.Lock()
		l.open.Remove(c.element)
		l.mu.Unlock()
		defer release()
		return tcp.Close()
	})
	return c
}

// closeSilent closes the connection that has been silent longest, serves no request, and whose end makes room for one
// of the caller. It returns false if there is none.
func (l *Limiter) closeSilent(caller limit.Caller) bool {
	silent := l.longestSilent(func(c *conn) bool { return c.caller == caller })
	if silent == nil {
		silent = l.longestSilent(func(c *conn) bool { return c.caller.SameSite(caller) })
	}
	if silent == nil {
		l.mu.Lock()
		isFull := l.open.Len() >= l.total
		l.mu.Unlock()
		if !isFull {
			return false
		}
		silent = l.longestSilent(func(*conn) bool { return true })
	}
	if silent == nil {
		return false
	}
	_ = silent.Close() // the client may have closed it at the same time
	return true
}

func (l *Limiter) longestSilent(matches func(*conn) bool) *conn {
	now := l.now().UnixNano()
	l.mu.Lock()
	defer l.mu.Unlock()
	for element := l.open.Front(); element != nil; element = element.Next() {
		if c := element.Value.(*conn); c.requests.Load() == 0 && c.uploading.Load() <= now && matches(c) {
			return c
		}
	}
	return nil
}

func (l *Limiter) warn(cause, message string, attributes ...any) {
	if l.warned.Allow(limit.Account(cause)) {
		l.logger.Warn(message, append(attributes, "total", l.total, "per_network", l.perNetwork)...)
	}
}

type connKey struct{}

// Protect lets the limiter see which connections of a server are serving requests. Call it before the server starts
// and after its handler is set. It does nothing with a nil Limiter.
func (l *Limiter) Protect(server *http.Server) {
	if l == nil {
		return
	}
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if secured, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
			c = secured.NetConn()
		}
		return context.WithValue(ctx, connKey{}, c)
	}
	next := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connKey{}).(*conn); ok {
			c.requests.Add(1)
			defer c.requestEnded()
			if r.ContentLength != 0 {
				c.serveBody(w, r, next)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
