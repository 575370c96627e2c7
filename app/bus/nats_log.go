package bus

import (
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// callbacks are called by nats.go one after the other, except for the delay.
func (n *NATS) callbacks() []nats.Option {
	return []nats.Option{
		nats.ConnectHandler(func(nc *nats.Conn) { n.up(nc, "connected to the cluster") }),
		nats.ReconnectHandler(func(nc *nats.Conn) { n.up(nc, "connected to the cluster again") }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { n.down(err) }),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { n.refused(err) }),
		nats.ErrorHandler(func(_ *nats.Conn, sub *nats.Subscription, err error) { n.report(sub, err) }),
		nats.ClosedHandler(func(*nats.Conn) {
			n.connected.Store(false)
			if !n.isClosing() {
				n.logger.Error("the connection to the cluster ended and needs a restart of this process")
			}
			close(n.closed)
		}),
		nats.CustomReconnectDelay(n.delay),
	}
}

func (n *NATS) isClosing() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.closing
}

func (n *NATS) up(nc *nats.Conn, message string) {
	n.connected.Store(true)
	n.failure.clear()
	n.settle()
	n.logger.Info(message, "server", nc.ConnectedUrlRedacted())
}

func (n *NATS) down(err error) {
	n.connected.Store(false)
	if !n.isClosing() {
		n.logger.Warn("lost the connection to the cluster", "error", err)
	}
}

// refused logs why a server couldn't be reached or didn't let this process in.
func (n *NATS) refused(err error) {
	if err != nil && !errors.Is(err, errNotYet) && n.failure.isNew(err) && !n.isClosing() {
		n.logger.Warn("failed to connect to the cluster, which is tried again", "error", err)
	}
}

// report logs what a server complains about while there is a connection, and lost messages.
func (n *NATS) report(sub *nats.Subscription, err error) {
	switch {
	case errors.Is(err, nats.ErrSlowConsumer) && sub != nil:
		n.logger.Warn("messages of the cluster are lost because they come faster than they are handled", "subject", sub.Subject)
	case errors.Is(err, nats.ErrPermissionViolation):
		n.logger.Warn("the cluster doesn't permit this process what it needs", "error", err)
	default:
		n.refused(err)
	}
}

// delay is called when all servers have been tried. nats.go calls nothing else if a server was reached but the
// connection wasn't established, for instance because of its certificate.
func (n *NATS) delay(attempts int) time.Duration {
	<-n.ready
	if attempts > 1 {
		n.refused(n.nc.LastError())
		n.settle()
	}
	return reconnectDelay(attempts)
}

// failures remembers which errors were logged since the last connection, because each is repeated every few hundred
// milliseconds.
type failures struct {
	mu   sync.Mutex
	seen map[string]bool
}

const maxFailures = 50 // messages with numbers in them are all different

func (f *failures) isNew(err error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen[err.Error()] || len(f.seen) >= maxFailures {
		return false
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[err.Error()] = true
	return true
}

func (f *failures) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = nil
}
