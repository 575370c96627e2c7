package jobfeed

import (
	"sync"

	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// TestClient is a realtime client whose channel stays open when it is discarded. The DefaultClient closes
// it, which is a data race with Send; the server's client doesn't either.
type TestClient struct {
	*subscriptions.DefaultClient
	discarded chan struct{}
	discard   func()
}

func NewTestClient() *TestClient {
	discarded := make(chan struct{})
	return &TestClient{
		DefaultClient: subscriptions.NewDefaultClient(), discarded: discarded, discard: sync.OnceFunc(func() { close(discarded) }),
	}
}

func (c *TestClient) Send(m subscriptions.Message) {
	select {
	case c.Channel() <- m:
	case <-c.discarded:
	}
}

func (c *TestClient) Discard() { c.discard() }

func (c *TestClient) IsDiscarded() bool {
	select {
	case <-c.discarded:
		return true
	default:
		return false
	}
}

// Discarded returns a channel that is closed when the client is disconnected.
func (c *TestClient) Discarded() <-chan struct{} { return c.discarded }
