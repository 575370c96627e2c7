package userdb

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// Outcome is the result of an operation for one of several databases.
type Outcome struct {
	Name  string `json:"name"`
	Error string `json:"error,omitempty"` // empty on success
	Done  int    `json:"done"`            // databases processed so far, including this one
	Total int    `json:"total"`
}

// runBatch runs fn for every entry, up to parallel entries at a time, and reports the outcomes. A
// failed entry does not stop the others. runBatch returns ctx.Err if ctx has ended.
func runBatch(
	ctx context.Context, entries []registry.Entry, parallel int, report func(Outcome),
	fn func(context.Context, registry.Entry) error,
) error {
	return forEach(ctx, entries, parallel, fn, func(entry registry.Entry, err error, done int) {
		report(Outcome{Name: entry.Name, Error: registry.ErrorText(err), Done: done, Total: len(entries)})
	})
}

// forEach runs fn for every entry, up to parallel entries (at least one) at a time, and reports each
// result, and the progress in databases. Calls of report do not overlap. Once ctx has ended, forEach skips the remaining entries and
// returns ctx.Err.
func forEach[T any](
	ctx context.Context, entries []registry.Entry, parallel int,
	fn func(context.Context, registry.Entry) T, report func(entry registry.Entry, result T, done int),
) error {
	group := new(errgroup.Group)
	group.SetLimit(max(parallel, 1))
	var mu sync.Mutex
	done := 0
	meter := progress.Start(ctx, progress.Progress{Total: int64(len(entries)), Unit: progress.Databases})
	for _, entry := range entries {
		group.Go(func() error {
			if ctx.Err() != nil {
				return nil
			}
			result := fn(ctx, entry)
			mu.Lock()
			defer mu.Unlock()
			done++
			meter.Add(1)
			report(entry, result, done)
			return nil
		})
	}
	_ = group.Wait() // the calls report their errors instead of returning them
	return ctx.Err()
}
