package simulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// lifecycle owns the listener, the requests in flight and the background goroutines. Its context ends
// on Stop, and everything that waits inside the simulator also waits on that context.
type lifecycle struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	stopped bool
	active  sync.WaitGroup // requests and goroutines; incremented only under mu while stopped is false
	server  *http.Server
	url     string
	served  chan struct{} // closed when Serve has returned
	unwatch func() bool
}

func newLifecycle() *lifecycle {
	ctx, cancel := context.WithCancel(context.Background())
	return &lifecycle{ctx: ctx, cancel: cancel}
}

// beginRequest counts a request in active. It returns false after Stop; otherwise the caller must call
// active.Done.
func (l *lifecycle) beginRequest() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return false
	}
	l.active.Add(1)
	return true
}

// runBackground runs f in a goroutine that Stop cancels and waits for. It does nothing after Stop.
func (l *lifecycle) runBackground(f func(ctx context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	l.active.Go(func() { f(l.ctx) })
}

// Start listens on Config.Addr and returns. The simulator serves until ctx ends or Stop is called. A
// simulator can be started only once.
func (s *Server) Start(ctx context.Context) error {
	l := s.life
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.stopped:
		return errors.New("start simulator: already stopped")
	case l.server != nil:
		return errors.New("start simulator: already running")
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("start simulator: %w", err)
	}
	l.url = "http://" + listener.Addr().String()
	l.served = make(chan struct{})
	l.server = &http.Server{
		Handler:           s.handler,
		BaseContext:       func(net.Listener) context.Context { return l.ctx },
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func(server *http.Server) {
		defer close(l.served)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.cfg.Logger.Error("simulator server failed", "error", err)
		}
	}(l.server)
	l.unwatch = context.AfterFunc(ctx, func() {
		l.cancel()
		_ = l.server.Close()
	})
	s.cfg.Logger.Info("simulator ready", "url", l.url)
	return nil
}

// Stop closes all connections, including those that a fault holds or slows down, and waits for every
// request and goroutine of the simulator. It returns an error if ctx ends first. Stop is idempotent and
// may be called before Start.
func (s *Server) Stop(ctx context.Context) error {
	l := s.life
	l.mu.Lock()
	l.stopped = true
	server, served, unwatch := l.server, l.served, l.unwatch
	l.mu.Unlock()

	l.cancel()
	if s.atlassian != nil {
		s.atlassian.closeSessions()
	}
	if server != nil {
		unwatch()
		// Shutdown would wait for clients that do not read, and no response here is worth finishing.
		if err := server.Close(); err != nil {
			return fmt.Errorf("stop simulator: %w", err)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.active.Wait()
		if served != nil {
			<-served
		}
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop simulator: %w", ctx.Err())
	}
}
