// Package operator is what an operator may ask of the process that owns the data directories: user
// databases (userdb.go) and jobs (queue.go). Commands call the operations over package control; Bind
// answers them. Both ends share the types declared here.
//
// There is no check of who calls: see package control.
package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Config holds the services that do the work. All fields are required.
type Config struct {
	Databases *userdb.Service
	Queue     *queue.Queue
	// FindUser returns the id of the user with an e-mail address or id.
	FindUser func(ctx context.Context, user string) (id string, err error)
}

// Bind adds all operations to a server. Call it before the server's Start.
func Bind(server *control.Server, cfg Config) {
	bindDatabases(server, cfg)
	bindQueue(server, cfg)
}

// Operation is one operation: its name on the wire, the type of its request and that of the items it
// answers with.
type Operation[Request, Item any] struct {
	Name     string
	ReadOnly bool // changes nothing, and needs no data directory of its own
}

// Stream runs the operation and passes every item to each as it arrives. It returns the error of the
// operation or of each.
func (o Operation[Request, Item]) Stream(ctx context.Context, client *control.Client, request Request, each func(Item) error) error {
	return client.Call(ctx, o.Name, request, func(raw json.RawMessage) error {
		var item Item
		if err := json.Unmarshal(raw, &item); err != nil {
			return fmt.Errorf("decode the answer to %s: %w", o.Name, err)
		}
		return each(item)
	})
}

// errNoAnswer means that an operation that has one item ended without it.
var errNoAnswer = errors.New("the server answered nothing")

// One runs an operation that answers with one item.
func (o Operation[Request, Item]) One(ctx context.Context, client *control.Client, request Request) (item Item, err error) {
	err = errNoAnswer
	streamErr := o.Stream(ctx, client, request, func(received Item) error {
		item, err = received, nil
		return nil
	})
	if streamErr != nil {
		err = streamErr
	}
	return item, err
}

// bind answers the operation with run, which passes its items to emit. When the caller has gone, emit
// returns an error and ctx ends.
func (o Operation[Request, Item]) bind(server *control.Server, run func(ctx context.Context, request Request, emit func(Item) error) error) {
	server.HandleStream(o.Name, func(ctx context.Context, raw json.RawMessage, emit func(any) error) error {
		var request Request
		if err := json.Unmarshal(raw, &request); err != nil {
			return fmt.Errorf("decode the request of %s: %w", o.Name, err)
		}
		return run(ctx, request, func(item Item) error { return emit(item) })
	})
}

// bindOne answers the operation with the one item that run returns.
func (o Operation[Request, Item]) bindOne(server *control.Server, run func(ctx context.Context, request Request) (Item, error)) {
	o.bind(server, func(ctx context.Context, request Request, emit func(Item) error) error {
		item, err := run(ctx, request)
		if err != nil {
			return err
		}
		return emit(item)
	})
}

// bindReports answers the operation with the items that run reports. Reports can't fail: when the caller
// has gone, the work is cancelled.
func (o Operation[Request, Item]) bindReports(server *control.Server, run func(ctx context.Context, request Request, report func(Item)) error) {
	o.bind(server, func(ctx context.Context, request Request, emit func(Item) error) error {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		return run(ctx, request, func(item Item) {
			if err := emit(item); err != nil {
				cancel(err)
			}
		})
	})
}

func emitAll[Item any](items []Item, emit func(Item) error) error {
	for _, item := range items {
		if err := emit(item); err != nil {
			return err
		}
	}
	return nil
}
