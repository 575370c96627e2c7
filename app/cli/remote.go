package cli

import (
	"context"
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

// withOwner calls fn with a client of the process that owns the data directories: the running server or, if
// there is none, this process. With readOnly, this process creates and migrates nothing.
func withOwner(ctx context.Context, a *app.App, readOnly bool, fn func(*control.Client) error) error {
	if err := a.StartForOperator(ctx, readOnly); err != nil && !errors.Is(err, app.ErrRunning) {
		return err
	}
	client := control.Dial(a.DataDir())
	defer client.Close()
	return fn(client)
}

// collect calls operation.Collect in the process that owns the data directories.
func collect[Request, Item any](ctx context.Context, a *app.App, operation operator.Operation[Request, Item], request Request) (items []Item, err error) {
	err = withOwner(ctx, a, operation.ReadOnly, func(client *control.Client) (err error) {
		items, err = operation.Collect(ctx, client, request)
		return err
	})
	return items, err
}

// one calls operation.One in the process that owns the data directories.
func one[Request, Item any](ctx context.Context, a *app.App, operation operator.Operation[Request, Item], request Request) (item Item, err error) {
	err = withOwner(ctx, a, operation.ReadOnly, func(client *control.Client) (err error) {
		item, err = operation.One(ctx, client, request)
		return err
	})
	return item, err
}
