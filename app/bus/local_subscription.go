package bus

import (
	"fmt"
	"slices"
	"sync"
)

// localSubscription is a subscription with the messages that wait for its handler.
type localSubscription struct {
	conn           *Local
	subject, queue string

	mu      sync.Mutex
	changed *sync.Cond
	waiting []Message
	ended   bool
}

// Subscribe implements Conn.
func (l *Local) Subscribe(subject, queue string, handle func(Message)) (stop func(), err error) {
	if err := checkSubject(subject); err != nil {
		return nil, fmt.Errorf("subscribe to %q: %w", subject, err)
	}
	sub := &localSubscription{conn: l, subject: subject, queue: queue}
	sub.changed = sync.NewCond(&sub.mu)
	h := l.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrDisconnected
	}
	h.subs = append(h.subs, sub)
	h.running.Go(func() {
		for {
			message, ok := sub.next()
			if !ok {
				return
			}
			handle(message)
		}
	})
	return func() {
		h.mu.Lock()
		h.subs = slices.DeleteFunc(slices.Clone(h.subs), func(other *localSubscription) bool { return other == sub })
		h.mu.Unlock()
		sub.end()
	}, nil
}

// receive adds a message to those that wait, unless the subscription has ended.
func (s *localSubscription) receive(message Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.waiting = append(s.waiting, message)
		s.changed.Signal()
	}
}

// next waits for a message. It returns false after the last one of a subscription that has ended.
func (s *localSubscription) next() (message Message, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.waiting) == 0 && !s.ended {
		s.changed.Wait()
	}
	if len(s.waiting) == 0 {
		return Message{}, false
	}
	message, s.waiting = s.waiting[0], s.waiting[1:]
	return message, true
}

func (s *localSubscription) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.changed.Signal()
}
