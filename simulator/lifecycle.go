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

// lifecycle owns the listener, the requests in flight and the goroutines that call back. Its context ends with Stop,
// and whatever waits in the simulator waits on that context too.
type lifecycle struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	stopped bool
	active  sync.WaitGroup // requests and goroutines; Add only under mu and not after stopped
	server  *http.Server
	url     string
	served  chan struct{} // closed when Serve has returned
	unwatch func() bool
}

func newLifecycle() *lifecycle {
	ctx, cancel := context.WithCancel(context.Background())
	return &lifecycle{ctx: ctx, cancel: cancel}
}

// enter counts one request or goroutine; false once the simulator has stopped.
func (l *lifecycle) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return false
	}
	l.active.Add(1)
	return true
}

// goOwned runs f in a goroutine that Stop cancels and waits for.
func (l *lifecycle) goOwned(f func(ctx context.Context)) {
	if !l.enter() {
		return
	}
	go func() {
		defer l.active.Done()
		f(l.ctx)
	}()
}

// Start listens and returns. The simulator then serves until ctx ends or Stop is called; it starts once.
func (s *Server) Start(ctx context.Context) error {
	l := s.life
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.stopped:
		return errors.New("start simulator: it was stopped before")
	case l.server != nil:
		return errors.New("start simulator: it is running")
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
			s.cfg.Logger.Error("simulator stopped serving", "error", err)
		}
	}(l.server)
	l.unwatch = context.AfterFunc(ctx, func() {
		l.cancel()
		_ = l.server.Close()
	})
	s.cfg.Logger.Info("simulator is listening", "url", l.url)
	return nil
}

// Stop ends the simulator and waits for every request and goroutine it owns. Bodies that hang or trickle are cut, so
// it takes no longer than a moment; ctx bounds the wait. It may be called twice, and before Start.
func (s *Server) Stop(ctx context.Context) error {
	l := s.life
	l.mu.Lock()
	l.stopped = true
	server, served, unwatch := l.server, l.served, l.unwatch
	l.mu.Unlock()

	l.cancel()
	if server != nil {
		unwatch()
		// No Shutdown first: nothing here is worth finishing, and a client that does not read would keep it waiting.
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

// Handler is the simulator without a listener of its own, for httptest and the like.
func (s *Server) Handler() http.Handler { return s.handler }

// URL is http://127.0.0.1:PORT once Start has returned, and empty before.
func (s *Server) URL() string {
	s.life.mu.Lock()
	defer s.life.mu.Unlock()
	return s.life.url
}

// FathomURL is the base of the Fathom External API.
func (s *Server) FathomURL() string { return s.URL() + apiPrefix }

// LoomURL is the base of the Loom side.
func (s *Server) LoomURL() string { return s.URL() }

// baseURL is what links in an answer to r begin with.
func (s *Server) baseURL(r *http.Request) string {
	if u := s.URL(); u != "" {
		return u
	}
	return "http://" + r.Host
}
