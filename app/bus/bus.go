// Package bus carries messages between the processes of a cluster: over NATS, or within a process (Local). Messages may be
// lost, and a request may be answered more than once, so whatever is sent must be safe to repeat and safe to lose.
//
// All types are safe for concurrent use. The package must not know what the messages mean, and is the only one that
// imports nats.go.
package bus

import (
	"context"
	"errors"
)

var (
	// ErrNoResponders means that nobody subscribes to the subject of a request at the moment.
	ErrNoResponders = errors.New("nobody answers")
	// ErrDisconnected means that there is no connection to a server, or that it was closed. An interrupted connection is
	// established again in the background.
	ErrDisconnected = errors.New("not connected to the cluster")
)

// Conn is a connection to the other processes. Bodies must not be changed after they were sent or received.
type Conn interface {
	// Request sends a message to the subscribers (to one of those with the same queue) and returns the first answer. It waits
	// until ctx ends, even if the connection is lost meanwhile: the answer may still come. The error is ErrNoResponders,
	// ErrDisconnected, that of ctx, or another one if the message can't be sent at all, for instance because of its size.
	Request(ctx context.Context, subject string, body []byte) ([]byte, error)

	// Publish sends a message to the subscribers and doesn't wait for them. The error is ErrDisconnected, or another one if
	// the message can't be sent at all.
	Publish(subject string, body []byte) error

	// Subscribe calls handle with each message of a subject, one at a time. In the subject, * stands for any token and > at
	// the end for one or more. Of the subscribers with the same queue, unless it is blank, only one gets a message. stop ends
	// the subscription without losing the messages that were received before; it may be called repeatedly and doesn't wait
	// for handle. The subscription outlives interruptions of the connection.
	Subscribe(subject, queue string, handle func(Message)) (stop func(), err error)

	// Connected reports whether there is a connection at the moment.
	Connected() bool
}

// Message is a message of a subscription.
type Message struct {
	Subject string
	Body    []byte
	respond func([]byte)
}

// NewMessage returns a message whose answer is passed to respond, which is nil if nobody waits for one.
func NewMessage(subject string, body []byte, respond func([]byte)) Message {
	return Message{Subject: subject, Body: body, respond: respond}
}

// Respond answers a request. It does nothing if nobody waits for an answer.
func (m Message) Respond(body []byte) {
	if m.respond != nil {
		m.respond(body)
	}
}
