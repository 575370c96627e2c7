// Package operator defines the operations of operators on user databases (userdb.go), jobs (queue.go),
// superusers (superuser.go), keys (keys.go), movers (cluster.go) and the log (log.go).
// Commands call them over package control; Bind makes the process that owns the data directories serve
// them. Both sides share the types declared here.
//
// Operations may be called concurrently. They must not rely on any check of the caller: access to the control socket is the
// only authorization (see package control).
package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Config holds the services that do the work. All fields but Backups and Movers are required.
type Config struct {
	App       core.App // the global database
	Databases *userdb.Service
	Bundles   *bundle.Service
	Backups   *backup.Service // nil: there is no destination for backups
	Queue     *queue.Queue
	Log       *logging.Log
	Audit     *audit.Recorder
	Movers    *dispatch.Owner // nil: there is no cluster
	// FindUser returns the id of the user with the given e-mail address or id.
	FindUser func(ctx context.Context, user string) (id string, err error)
	// RotateKey does what RotateKey, the operation, describes.
	RotateKey func(ctx context.Context, request RotateRequest) (Rotation, error)
}

// Bind adds all operations to a server. Call it before the server's Start.
func Bind(server *control.Server, cfg Config) {
	bindDatabases(server, cfg)
	bindBundles(server, cfg)
	bindBackups(server, cfg)
	bindRecordings(server, cfg)
	bindQueue(server, cfg)
	bindSuperusers(server, cfg)
	bindKeys(server, cfg)
	bindCluster(server, cfg)
	bindLog(server, cfg)
}

// Operation describes an operation that receives a Request and responds with any number of Items.
type Operation[Request, Item any] struct {
	Name     string // in the control protocol
	ReadOnly bool   // changes nothing; without a server, the command that runs it creates and migrates nothing either
}

// Stream runs the operation and calls yield with each item as it arrives. It returns the error of the
// operation, or that of yield, which ends the operation.
func (o Operation[Request, Item]) Stream(ctx context.Context, client *control.Client, request Request, yield func(Item) error) error {
	return client.Call(ctx, o.Name, request, func(raw json.RawMessage) error {
		var item Item
		if err := json.Unmarshal(raw, &item); err != nil {
			return fmt.Errorf("decode the response to %s: %w", o.Name, err)
		}
		return yield(item)
	})
}

// Collect runs the operation and returns all its items. The result is never nil, so that JSON shows an
// empty list.
func (o Operation[Request, Item]) Collect(ctx context.Context, client *control.Client, request Request) ([]Item, error) {
	items := []Item{}
	err := o.Stream(ctx, client, request, func(item Item) error {
		items = append(items, item)
		return nil
	})
	return items, err
}

// errNoItem means that an operation ended without the item that it must respond with.
var errNoItem = errors.New("empty response from the server")

// One runs an operation that responds with a single item.
func (o Operation[Request, Item]) One(ctx context.Context, client *control.Client, request Request) (item Item, err error) {
	err = errNoItem
	streamErr := o.Stream(ctx, client, request, func(received Item) error {
		item, err = received, nil
		return nil
	})
	if streamErr != nil {
		err = streamErr
	}
	return item, err
}

// bind makes server serve the operation with run, which calls emit with each item. When the client
// disconnects, emit returns an error and ctx ends.
func (o Operation[Request, Item]) bind(server *control.Server, run func(ctx context.Context, request Request, emit func(Item) error) error) {
	server.HandleStream(o.Name, func(ctx context.Context, raw json.RawMessage, emit func(any) error) error {
		var request Request
		if err := json.Unmarshal(raw, &request); err != nil {
			return fmt.Errorf("decode the request for %s: %w", o.Name, err)
		}
		return run(asOperator(ctx), request, func(item Item) error { return emit(item) })
	})
}

// bindOne makes server respond to the operation with the item that run returns.
func (o Operation[Request, Item]) bindOne(server *control.Server, run func(ctx context.Context, request Request) (Item, error)) {
	o.bind(server, func(ctx context.Context, request Request, emit func(Item) error) error {
		item, err := run(ctx, request)
		if err != nil {
			return err
		}
		return emit(item)
	})
}

// bindReports makes server respond to the operation with the items that run reports. report returns no
// error; when the client disconnects, ctx is cancelled instead.
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

// asOperator makes the audit trail say that an operator has done what follows.
func asOperator(ctx context.Context) context.Context {
	return audit.WithActor(ctx, audit.Actor{Kind: audit.Operator})
}

func emitAll[Item any](items []Item, emit func(Item) error) error {
	for _, item := range items {
		if err := emit(item); err != nil {
			return err
		}
	}
	return nil
}
