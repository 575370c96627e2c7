package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	connectWait = time.Second     // how long Connect waits for the connection
	closeWait   = 5 * time.Second // how long Close waits for handlers
)

// NATS is a connection to one of several nats-servers. It changes to another one when that is lost, until Close.
//
// While nats.go tries to reach a server, which may take 2 s, most of its methods wait. So whether there is a connection is
// known here, and requests don't run in the goroutine of the caller.
type NATS struct {
	nc     *nats.Conn // set before ready is closed
	ready  chan struct{}
	logger *slog.Logger
	cancel context.CancelFunc // ends attempts to connect

	connected atomic.Bool
	settled   chan struct{} // closed when a connection was established, or failed for the first time
	settle    func()
	failure   failures

	handlers, requests sync.WaitGroup
	closed             chan struct{} // closed when nats.go has called its last callback

	mu      sync.Mutex
	closing bool
	stops   map[*nats.Subscription]func()
}

var _ Conn = (*NATS)(nil)

// Connect returns a connection that is established in the background, and again whenever it was lost. It waits for a
// second at most until there is one, and doesn't fail if no server can be reached or lets it in. The error says which
// setting is invalid.
//
// Only the servers of the settings are used, not others that these know of: their addresses may be valid in the network
// of the servers only, and their names may be missing from the certificates.
func Connect(cfg Config) (*NATS, error) {
	ctx, cancel := context.WithCancel(context.Background())
	d := &dialer{ctx: ctx}
	d.skip.Store(int64(len(cfg.URLs)))
	options, err := cfg.options(d)
	if err != nil {
		cancel()
		return nil, err
	}
	n := &NATS{
		ready: make(chan struct{}), settled: make(chan struct{}), closed: make(chan struct{}),
		logger: cfg.Logger, cancel: cancel, stops: map[*nats.Subscription]func(){},
	}
	n.settle = sync.OnceFunc(func() { close(n.settled) })
	nc, err := n.dial(cfg.URLs, options)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("connect to the cluster: %w", err)
	}
	n.nc = nc
	close(n.ready)
	timeout := time.NewTimer(connectWait)
	defer timeout.Stop()
	select {
	case <-n.settled:
	case <-timeout.C:
	}
	return n, nil
}

func (n *NATS) dial(urls []string, options []nats.Option) (*nats.Conn, error) {
	o := nats.GetDefaultOptions()
	o.Servers = urls
	for _, option := range append(options, n.callbacks()...) {
		if err := option(&o); err != nil {
			return nil, err
		}
	}
	return o.Connect()
}

// Connected implements Conn.
func (n *NATS) Connected() bool { return n.connected.Load() }

// Publish implements Conn.
func (n *NATS) Publish(subject string, body []byte) error {
	if !n.Connected() {
		return ErrDisconnected
	}
	return failed("publish", n.nc.Publish(subject, body))
}

// Request implements Conn.
func (n *NATS) Request(ctx context.Context, subject string, body []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !n.Connected() || !n.begin(&n.requests) {
		return nil, ErrDisconnected
	}
	type result struct {
		message *nats.Msg
		err     error
	}
	done := make(chan result, 1)
	go func() {
		defer n.requests.Done()
		message, err := n.nc.RequestWithContext(ctx, subject, body)
		done <- result{message, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, failed("request", r.err)
		}
		return r.message.Data, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// begin counts a goroutine that Close waits for. It returns false after Close.
func (n *NATS) begin(group *sync.WaitGroup) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closing {
		return false
	}
	group.Add(1)
	return true
}

// failed maps an error of nats.go to those of Conn.
func failed(action string, err error) error {
	switch {
	case err == nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, nats.ErrNoResponders):
		return ErrNoResponders
	case errors.Is(err, nats.ErrReconnectBufExceeded), errors.Is(err, nats.ErrDisconnected), errors.Is(err, nats.ErrConnectionClosed),
		errors.Is(err, nats.ErrConnectionDraining), errors.Is(err, nats.ErrConnectionReconnecting):
		return ErrDisconnected
	}
	return fmt.Errorf("%s: %w", action, err)
}

// Close ends all subscriptions, waits for up to five seconds until their messages have been handled, sends what is still to
// be sent and ends the connection. Later calls of other methods fail with ErrDisconnected.
func (n *NATS) Close() {
	n.mu.Lock()
	first := !n.closing
	n.closing = true
	stops := n.stops
	n.stops = nil
	n.mu.Unlock()
	if !first {
		<-n.closed
		return
	}
	n.cancel()
	for _, stop := range stops {
		stop()
	}
	if !waitFor(&n.handlers, closeWait) {
		n.logger.Warn("messages of the cluster are still being handled")
	}
	if n.Connected() {
		_ = n.nc.FlushTimeout(closeWait) // without an answer there is nobody to inform
	}
	n.nc.Close()
	<-n.closed
	n.requests.Wait()
}

// waitFor waits for the goroutines of a group and reports whether they ended in time.
func waitFor(group *sync.WaitGroup, limit time.Duration) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		group.Wait()
	}()
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	select {
	case <-done:
		return true
	case <-timeout.C:
		return false
	}
}
