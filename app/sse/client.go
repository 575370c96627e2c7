// Package sse keeps slow clients of server-sent events, and of other long responses, from occupying
// the server: a Client ends its stream when messages pile up, a DeadlineWriter ends a response
// whose reader has stalled. The limits that hold for the streams of every PocketBase, the global
// one and user databases, are here too.
//
// Client is safe for concurrent use. A DeadlineWriter belongs to the goroutine of its request. This
// package must not open streams or depend on what is sent over them.
package sse

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

const (
	maxPending      = 64      // messages
	maxPendingBytes = 4 << 20 // applies from the second pending message on: one may be larger
)

// Client is a realtime client with a limit on pending messages. PocketBase starts a goroutine per
// message, which waits until the client has received it. When too many wait, the Client ends its
// stream; the browser then reconnects and reloads its data.
type Client struct {
	*subscriptions.DefaultClient
	end             func()
	servedElsewhere func(topic string) bool
	pending         atomic.Int64
	pendingBytes    atomic.Int64
	discarded       chan struct{}
	discard         func()

	mu            sync.Mutex
	release       func()      // releases the stream's unit of the limit; nil before CountAgainst
	subscriptions *limit.Hold // nil before CountSubscriptions
}

// NewClient returns a client. It calls end, which must not block, to end its stream. Topics for
// which servedElsewhere returns true are hidden from PocketBase's record broadcasts, because
// another sender serves them; nil hides none.
func NewClient(end func(), servedElsewhere func(topic string) bool) *Client {
	discarded := make(chan struct{})
	return &Client{
		DefaultClient: subscriptions.NewDefaultClient(), end: end, servedElsewhere: servedElsewhere,
		discarded: discarded, discard: sync.OnceFunc(func() { close(discarded); end() }),
	}
}

// Subscriptions implements [subscriptions.Client]. PocketBase passes prefixes when it looks for the
// subscribers of a changed record.
func (c *Client) Subscriptions(prefixes ...string) map[string]subscriptions.SubscriptionOptions {
	matching := c.DefaultClient.Subscriptions(prefixes...)
	if len(prefixes) > 0 && c.servedElsewhere != nil {
		maps.DeleteFunc(matching, func(topic string, _ subscriptions.SubscriptionOptions) bool { return c.servedElsewhere(topic) })
	}
	return matching
}

// Send implements [subscriptions.Client]. It returns when the message was received, the client was
// discarded, or the message would exceed the limits; in the last case it ends the stream.
func (c *Client) Send(m subscriptions.Message) {
	size := int64(len(m.Data))
	pending, bytes := c.pending.Add(1), c.pendingBytes.Add(size)
	defer c.pending.Add(-1)
	defer c.pendingBytes.Add(-size)
	if pending > maxPending || pending > 1 && bytes > maxPendingBytes {
		c.end()
		return
	}
	select {
	case c.Channel() <- m:
	case <-c.discarded:
	}
}

// CountAgainst counts the stream against a user's limit until it ends, and reports whether it is
// counted. A stream counts once: further calls report true while it lasts.
func (c *Client) CountAgainst(streams *limit.Concurrency, userID string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.IsDiscarded():
		return false
	case c.release != nil:
		return true
	}
	release, ok := streams.Acquire(limit.Account(userID))
	c.release = release
	return ok
}

// CountSubscriptions counts the subscriptions of the stream, which replace earlier ones, against a user's limit
// until the stream ends. It changes nothing and returns false if the user has too many. A stream that has ended
// isn't counted.
func (c *Client) CountSubscriptions(budget *limit.Budget, userID string, topics []string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.IsDiscarded() {
		return true
	}
	if c.subscriptions == nil {
		c.subscriptions = budget.Open(limit.Account(userID))
	}
	return c.subscriptions.Set(costOf(topics))
}

// Discard implements [subscriptions.Client] by ending the stream. PocketBase's own implementation
// closes the channel, which races with Send.
func (c *Client) Discard() {
	c.discard()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.release != nil {
		c.release()
	}
	if c.subscriptions != nil {
		c.subscriptions.Close()
	}
}

// IsDiscarded implements [subscriptions.Client].
func (c *Client) IsDiscarded() bool {
	select {
	case <-c.discarded:
		return true
	default:
		return false
	}
}
