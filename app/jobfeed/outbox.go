package jobfeed

import (
	"context"
	"sync"

	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

// Limits of what may wait for one client. A client that exceeds one of them is disconnected; it then
// connects again and reads the current state.
const (
	maxBacklog      = 3000 // messages
	maxBacklogBytes = 8 << 20
)

// outbox sends messages to clients. Each client gets its messages in order, and send never blocks. A
// client has a goroutine only while messages wait for it. Safe for concurrent use; the zero value is
// ready once disconnect is set.
type outbox struct {
	disconnect func(clientID string)

	mu       sync.Mutex
	backlogs map[string]*backlog // by client id; each has a goroutine that runs sendBacklog
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
		o.sending.Go(func() { o.sendBacklog(client) })
	}
	b.messages = append(b.messages, message)
	b.bytes += len(message.Data)
	if len(b.messages) > maxBacklog || b.bytes > maxBacklogBytes {
		b.messages, b.bytes = nil, 0
		go o.disconnect(client.Id())
	}
}

// sendBacklog sends the messages of a client until its backlog is empty or the client has disconnected.
func (o *outbox) sendBacklog(client subscriptions.Client) {
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

// wait waits until all messages have been sent, or returns ctx.Err if ctx ends first.
func (o *outbox) wait(ctx context.Context) error { return background.Wait(ctx, &o.sending) }
