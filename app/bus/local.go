package bus

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
)

// Local is a Conn within a process, for tests and models. It behaves like NATS, and can lose, repeat and delay messages.
type Local struct {
	hub *hub
	cut bool // protected by the lock of the hub
}

// hub is what the connections of a Local have in common.
type hub struct {
	mu      sync.Mutex
	subs    []*localSubscription
	faults  func(subject string, answer bool) Fault
	closed  bool
	done    chan struct{}
	running sync.WaitGroup
}

var _ Conn = (*Local)(nil)

// NewLocal returns a connection to a new cluster. Close must be called at its end.
func NewLocal() *Local { return &Local{hub: &hub{done: make(chan struct{})}} }

// Join returns another connection to the same cluster.
func (l *Local) Join() *Local { return &Local{hub: l.hub} }

// Close ends the cluster with all its connections and waits for all handlers. Messages that wait for one are handled.
func (l *Local) Close() {
	h := l.hub
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
	subs := h.subs
	h.subs = nil
	h.mu.Unlock()
	for _, sub := range subs {
		sub.end()
	}
	h.running.Wait()
}

// SetConnected cuts this connection, as a network that fails does, or establishes it again. Its subscriptions continue
// then; messages that were sent meanwhile are lost.
func (l *Local) SetConnected(connected bool) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.cut = !connected
}

// Connected implements Conn.
func (l *Local) Connected() bool {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	return !l.cut && !l.hub.closed
}

// Publish implements Conn.
func (l *Local) Publish(subject string, body []byte) error {
	_, err := l.send(subject, body, nil)
	return err
}

// Request implements Conn.
func (l *Local) Request(ctx context.Context, subject string, body []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	answers := make(chan []byte, 1)
	receivers, err := l.send(subject, body, answers)
	if err != nil {
		return nil, err
	}
	if receivers == 0 {
		return nil, ErrNoResponders
	}
	select {
	case answer := <-answers:
		return answer, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.hub.done:
		return nil, ErrDisconnected
	}
}

// send passes a message to its receivers and returns how many there are. Answers go to a channel, unless it is nil.
func (l *Local) send(subject string, body []byte, answers chan<- []byte) (receivers int, err error) {
	if err := checkSubject(subject); err != nil {
		return 0, fmt.Errorf("send to %q: %w", subject, err)
	}
	h := l.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.cut || h.closed {
		return 0, ErrDisconnected
	}
	body = slices.Clone(body)
	subs := h.receivers(subject)
	for _, sub := range subs {
		var respond func([]byte)
		if answers != nil {
			respond = func(answer []byte) { sub.conn.answer(l, subject, slices.Clone(answer), answers) }
		}
		h.deliver(subject, false, func() { sub.receive(NewMessage(subject, body, respond)) })
	}
	return len(subs), nil
}

// receivers returns the subscriptions that get a message: all without a queue, and one of each queue.
func (h *hub) receivers(subject string) (found []*localSubscription) {
	queues := map[string][]*localSubscription{}
	for _, sub := range h.subs {
		switch {
		case sub.conn.cut || !matches(sub.subject, subject):
		case sub.queue == "":
			found = append(found, sub)
		default:
			queues[sub.queue] = append(queues[sub.queue], sub)
		}
	}
	for _, members := range queues {
		found = append(found, members[rand.IntN(len(members))])
	}
	return found
}

// answer sends an answer from the receiver of a request to its sender, unless either is cut off. Only the first is read.
func (l *Local) answer(sender *Local, subject string, body []byte, answers chan<- []byte) {
	h := l.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.cut || sender.cut || h.closed {
		return
	}
	h.deliver(subject, true, func() {
		select {
		case answers <- body:
		default:
		}
	})
}
