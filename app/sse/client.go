package sse

import (
	"fmt"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

const (
	// maxSubscriptions of one stream. Each is looked at for every change of a
	// record, whoever makes it.
	maxSubscriptions = 25

	maxPending      = 64      // messages
	maxPendingBytes = 4 << 20 // of them, where there is more than one
)

// CheckSubscriptions refuses more of them than a stream may have.
func CheckSubscriptions(e *core.RequestEvent, topics []string) error {
	if len(topics) > maxSubscriptions {
		return e.BadRequestError(fmt.Sprintf("A stream may have %d subscriptions.", maxSubscriptions), nil)
	}
	return nil
}

// Client is a realtime client that doesn't let messages pile up: PocketBase
// starts a goroutine for each, which waits until the client has taken it. One that
// falls too far behind has its stream ended, upon which it connects again and
// looks at everything anew.
type Client struct {
	*subscriptions.DefaultClient
	end       func()
	withhold  func(topic string) bool
	pending   atomic.Int64
	bytes     atomic.Int64
	discarded chan struct{}
	discard   func()

	mu    sync.Mutex
	leave func() // what it holds
}

// NewClient returns a client whose stream end ends. PocketBase isn't shown
// the subscriptions that withhold says, where it isn't nil: somebody else sends
// what they are for.
func NewClient(end func(), withhold func(topic string) bool) *Client {
	discarded := make(chan struct{})
	return &Client{
		DefaultClient: subscriptions.NewDefaultClient(), end: end, withhold: withhold,
		discarded: discarded, discard: sync.OnceFunc(func() { close(discarded); end() }),
	}
}

// Subscriptions implements subscriptions.Client. By prefixes is how PocketBase looks
// for whom to tell of a record.
func (c *Client) Subscriptions(prefixes ...string) map[string]subscriptions.SubscriptionOptions {
	matching := c.DefaultClient.Subscriptions(prefixes...)
	if len(prefixes) > 0 && c.withhold != nil {
		maps.DeleteFunc(matching, func(topic string, _ subscriptions.SubscriptionOptions) bool { return c.withhold(topic) })
	}
	return matching
}

// Send implements subscriptions.Client. It returns when the message was taken or
// the client is discarded.
func (c *Client) Send(m subscriptions.Message) {
	size := int64(len(m.Data))
	pending, bytes := c.pending.Add(1), c.bytes.Add(size)
	defer c.pending.Add(-1)
	defer c.bytes.Add(-size)
	if pending > maxPending || pending > 1 && bytes > maxPendingBytes {
		c.end()
		return
	}
	select {
	case c.Channel() <- m:
	case <-c.discarded:
	}
}

// Hold takes a user's place for as long as the stream lasts, unless it has one, and
// reports whether it has one now.
func (c *Client) Hold(places *limit.Concurrency, userID string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.IsDiscarded():
		return false
	case c.leave != nil:
		return true
	}
	leave, ok := places.Acquire(userID)
	c.leave = leave
	return ok
}

// Discard implements subscriptions.Client. It ends the stream, where PocketBase's
// own closes the channel: closing one that is sent to is a race.
func (c *Client) Discard() {
	c.discard()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leave != nil {
		c.leave()
	}
}

// IsDiscarded implements subscriptions.Client.
func (c *Client) IsDiscarded() bool {
	select {
	case <-c.discarded:
		return true
	default:
		return false
	}
}
