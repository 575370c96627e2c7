package userdb

import (
	"context"
	"errors"
	"sync"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"golang.org/x/sync/errgroup"
)

// Outcome of one step of an operation over many databases.
type Outcome struct {
	Name  string `json:"name"`
	Error string `json:"error,omitempty"` // empty when it went well
	Done  int    `json:"done"`            // how many are done, this one included
	Total int    `json:"total"`
}

// outcomes runs fn for every entry, so many at once, and reports how each went,
// one after the other. An error of fn ends nothing.
func outcomes(ctx context.Context, entries []registry.Entry, parallel int, report func(Outcome), fn func(context.Context, registry.Entry) error) error {
	return each(ctx, entries, parallel, fn, func(entry registry.Entry, err error, done int) {
		report(Outcome{Name: entry.Name, Error: registry.ErrorText(err), Done: done, Total: len(entries)})
	})
}

// each runs fn for every entry, so many at once, and calls report with what it
// returned, one after the other.
func each[T any](ctx context.Context, entries []registry.Entry, parallel int, fn func(context.Context, registry.Entry) T, report func(entry registry.Entry, result T, done int)) error {
	group := new(errgroup.Group)
	group.SetLimit(max(parallel, 1))
	var mu sync.Mutex
	done := 0
	for _, entry := range entries {
		group.Go(func() error {
			if ctx.Err() != nil { // it may have ended while this one waited for its turn
				return nil
			}
			result := fn(ctx, entry)
			mu.Lock()
			defer mu.Unlock()
			done++
			report(entry, result, done)
			return nil
		})
	}
	return errors.Join(group.Wait(), ctx.Err())
}
