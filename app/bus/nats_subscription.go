package bus

import (
	"fmt"
	"sync"

	"github.com/nats-io/nats.go"
)

// maxPending is how many messages of a subscription may wait for its handler. More are lost, which is logged.
const maxPending = 1024

// Subscribe implements Conn.
func (n *NATS) Subscribe(subject, queue string, handle func(Message)) (stop func(), err error) {
	if !n.begin(&n.handlers) {
		return nil, ErrDisconnected
	}
	messages := make(chan *nats.Msg, maxPending)
	sub, err := n.nc.ChanQueueSubscribe(subject, queue, messages)
	if err != nil {
		n.handlers.Done()
		return nil, failed(fmt.Sprintf("subscribe to %s", subject), err)
	}
	end := sync.OnceFunc(func() { close(messages) })
	sub.SetClosedHandler(func(string) { end() }) // after which nats.go sends nothing more to the channel
	if !sub.IsValid() {
		end() // the connection was closed meanwhile
	}
	go func() {
		defer n.handlers.Done()
		for m := range messages {
			handle(n.message(m))
		}
	}()
	return n.keepStop(sub), nil
}

func (n *NATS) message(m *nats.Msg) Message {
	if m.Reply == "" {
		return NewMessage(m.Subject, m.Data, nil)
	}
	return NewMessage(m.Subject, m.Data, func(body []byte) {
		_ = n.Publish(m.Reply, body) // the sender notices that there is no answer
	})
}

// keepStop returns a function that ends a subscription, and lets Close call it.
func (n *NATS) keepStop(sub *nats.Subscription) (stop func()) {
	end := sync.OnceFunc(func() { n.unsubscribe(sub) })
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closing {
		end()
		return end
	}
	n.stops[sub] = end
	return func() {
		n.mu.Lock()
		delete(n.stops, sub)
		n.mu.Unlock()
		end()
	}
}

// unsubscribe lets the server know first, whose messages arrive until it does (nats.go #77: Unsubscribe loses them). A
// server that isn't there must not be asked: nats.go would subscribe again with the next connection and then forget that it
// did, so that the server would go on sending messages to nobody.
func (n *NATS) unsubscribe(sub *nats.Subscription) {
	if n.nc.IsConnected() {
		_ = sub.Drain() // fails only if the connection was closed, as the next call does
		return
	}
	_ = sub.Unsubscribe()
}
