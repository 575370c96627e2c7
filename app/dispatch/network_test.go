package dispatch_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

// fate is what happens to a message.
type fate struct {
	Lost       bool
	AnswerLost bool
	Twice      bool
	Delay      time.Duration
}

// network connects owners and movers of a test, and loses, delays and repeats their messages as fate says.
type network struct {
	mu   sync.Mutex
	fate func(subject string) fate // nil means that all messages arrive
	pick func(n int) int           // chooses a subscriber of a queue; nil means the first
	subs []*subscription
	asks map[string]int // requests by subject
	wait sync.WaitGroup // for messages and handlers
	ends []func()       // end the subscriptions
}

type subscription struct {
	conn           *conn
	subject, queue string
	handle         func(bus.Message)
	inbox          chan bus.Message
	coming         int  // messages that were sent, but have not arrived
	left           bool // no more are sent
}

// conn is the connection of one process to the network.
type conn struct {
	network *network
	down    bool
}

func newNetwork() *network { return &network{asks: map[string]int{}} }

func (n *network) conn() *conn { return &conn{network: n} }

// cut ends or restores a connection.
func (c *conn) cut(down bool) {
	c.network.mu.Lock()
	defer c.network.mu.Unlock()
	c.down = down
}

func (c *conn) Connected() bool {
	c.network.mu.Lock()
	defer c.network.mu.Unlock()
	return !c.down
}

func (n *network) fates(f func(subject string) fate) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fate = f
}

func (n *network) asked(prefix string) (count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for subject, asks := range n.asks {
		if strings.HasPrefix(subject, prefix) {
			count += asks
		}
	}
	return count
}

func (n *network) subscribed(subject string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.subs, func(s *subscription) bool { return s.subject == subject })
}

func matches(pattern, subject string) bool {
	p, s := strings.Split(pattern, "."), strings.Split(subject, ".")
	return slices.EqualFunc(p, s, func(p, s string) bool { return p == "*" || p == s })
}

// receivers returns who gets a message. n.mu must be locked.
func (n *network) receivers(subject string) (all []*subscription) {
	queued := map[string][]*subscription{}
	for _, s := range n.subs {
		switch {
		case s.conn.down || !matches(s.subject, subject):
		case s.queue == "":
			all = append(all, s)
		default:
			queued[s.queue] = append(queued[s.queue], s)
		}
	}
	for _, members := range queued {
		i := 0
		if n.pick != nil {
			i = n.pick(len(members))
		}
		all = append(all, members[i])
	}
	return all
}

// send passes a message to its receivers. n.mu must be locked.
func (n *network) send(from *conn, subject string, body []byte, respond func([]byte)) (heard bool) {
	receivers := n.receivers(subject)
	var f fate
	if n.fate != nil {
		f = n.fate(subject)
	}
	for _, s := range receivers {
		answer := respond
		if respond != nil {
			answer = func(body []byte) {
				n.mu.Lock()
				lost := f.AnswerLost || s.conn.down || from.down
				n.mu.Unlock()
				if !lost {
					respond(body)
				}
			}
		}
		message := bus.NewMessage(subject, slices.Clone(body), answer)
		copies := 1
		if f.Lost {
			copies = 0
		} else if f.Twice {
			copies = 2
		}
		for i := range copies {
			n.wait.Add(1)
			s.coming++
			time.AfterFunc(f.Delay*time.Duration(i+1), func() {
				defer n.wait.Done()
				s.deliver(message)
			})
		}
	}
	return len(receivers) > 0
}

func (s *subscription) deliver(message bus.Message) {
	s.conn.network.mu.Lock()
	defer s.conn.network.mu.Unlock()
	if !s.conn.down {
		s.inbox <- message
	}
	s.coming--
	s.drain()
}

// drain ends a subscription that was left when its last message has arrived. n.mu must be locked.
func (s *subscription) drain() {
	if s.left && s.coming == 0 {
		close(s.inbox)
	}
}

func (c *conn) Request(ctx context.Context, subject string, body []byte) ([]byte, error) {
	answers := make(chan []byte, 2)
	c.network.mu.Lock()
	if c.down {
		c.network.mu.Unlock()
		return nil, bus.ErrDisconnected
	}
	c.network.asks[subject]++
	heard := c.network.send(c, subject, body, func(answer []byte) {
		select {
		case answers <- answer:
		default:
		}
	})
	c.network.mu.Unlock()
	if !heard {
		return nil, bus.ErrNoResponders
	}
	select {
	case answer := <-answers:
		return answer, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *conn) Publish(subject string, body []byte) error {
	c.network.mu.Lock()
	defer c.network.mu.Unlock()
	if c.down {
		return bus.ErrDisconnected
	}
	c.network.send(c, subject, body, nil)
	return nil
}

func (c *conn) Subscribe(subject, queue string, handle func(bus.Message)) (stop func(), err error) {
	n := c.network
	s := &subscription{conn: c, subject: subject, queue: queue, handle: handle, inbox: make(chan bus.Message, 10_000)}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.subs = append(n.subs, s)
	n.wait.Add(1)
	go func() {
		defer n.wait.Done()
		for message := range s.inbox {
			handle(message)
		}
	}()
	stop = sync.OnceFunc(func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.subs = slices.DeleteFunc(n.subs, func(other *subscription) bool { return other == s })
		s.left = true
		s.drain()
	})
	n.ends = append(n.ends, stop)
	return stop, nil
}

// close ends all subscriptions and waits until nothing is under way.
func (n *network) close() {
	n.mu.Lock()
	ends := n.ends
	n.mu.Unlock()
	for _, end := range ends {
		end()
	}
	n.wait.Wait()
}
