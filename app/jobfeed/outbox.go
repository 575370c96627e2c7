package jobfeed

import (
	"context"
	"sync"

	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

// Limits of what may wait for one client. A client that exceeds them is disconnected; it then connects
// again and reads the current state.
const (
	maxBacklog      = 3000 // messages
	maxBacklogBytes = 8 << 20
)

// outbox sends messages to clients, to each in order, and never makes the sender wait. A client has a
// goroutine only while messages wait for it. The zero value is ready once disconnect is set.
type outbox struct {
	disconnect func(clientID string)

	mu       sync.Mutex
	backlogs map[string]*backlog // by client; one that is missing has no goroutine
	sending  sync.WaitGroup
}

// backlog holds the messages that wait for a client.
type backlog struct {
	messages []subscriptions.Message
	bytes    int
}

// send adds a message to the client's backlog.
func (o *outbox) send(client subscriptions.Client, message subscriptions.Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.backlogs == nil {
		o.backlogs = map[string]*backlog{}
	}
	b, ok := o.backlogs[client.Id()]
	if !ok {
		b = &backlog{}
		o.backlogs[client.Id()] = b
		o.sending.Go(func() { o.drain(client) })
	}
	b.messages = append(b.messages, message)
	b.bytes += len(message.Data)
	if len(b.messages) > maxBacklog || b.bytes > maxBacklogBytes {
		b.messages, b.bytes = nil, 0
		go o.disconnect(client.Id())
	}
}

// drain sends the client's backlog until it is empty or the client is gone.
func (o *outbox) drain(client subscriptions.Client) {
	for {
		o.mu.Lock()
		b := o.backlogs[client.Id()]
		messages := b.messages
		if len(messages) == 0 || client.IsDiscarded() {
			delete(o.backlogs, client.Id())
			o.mu.Unlock()
			return
		}
		b.messages, b.bytes = nil, 0
		o.mu.Unlock()
		for _, message := range messages {
			client.Send(message)
		}
	}
}

// wait waits until all messages have been sent, or returns ctx.Err when ctx ends first.
func (o *outbox) wait(ctx context.Context) error { return background.Wait(ctx, &o.sending) }
