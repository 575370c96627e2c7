package userdb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

const (
	rewrapBatch     = 100 // data keys that one transaction writes
	maxRewrapErrors = 10  // that are returned
)

// RewrapKeys wraps the data keys of all databases with the current master key, while the databases are used, and returns
// how many it has changed. Each batch is written at once, so that an interrupted call can be repeated. Keys that can't be
// unwrapped are left, and returned as an error at the end. RefreshOwnerFiles is due afterwards, also if nothing was changed:
// an interrupted call may have changed it.
func (s *Service) RewrapKeys(ctx context.Context) (changed int, err error) {
	entries, err := registry.Everywhere(ctx, s.app.ConcurrentDB()) // the master key of this server wraps the keys of all rows
	if err != nil {
		return 0, err
	}
	entries = slices.DeleteFunc(entries, func(e registry.Entry) bool { return s.vault.IsCurrent(e.WrappedKey) })
	defer s.registry.Forget("", "") // which has the former texts
	meter := progress.Start(ctx, progress.Progress{Stage: "rewrap data keys", Total: int64(len(entries)), Unit: progress.Keys})
	var failures []error
	for batch := range slices.Chunk(entries, rewrapBatch) {
		if ctx.Err() != nil {
			return changed, ctx.Err()
		}
		changes := make([]registry.KeyChange, 0, len(batch))
		for _, entry := range batch {
			rewrapped, _, err := s.vault.Rewrap(entry.Name, entry.WrappedKey)
			if err != nil {
				failures = append(failures, fmt.Errorf("user database %s: %w", entry.Name, err))
				continue
			}
			changes = append(changes, registry.KeyChange{ID: entry.ID, From: entry.WrappedKey, To: rewrapped})
		}
		written, err := s.registry.ChangeKeys(ctx, changes)
		if err != nil {
			return changed, err
		}
		changed += written
		meter.Add(int64(len(batch)))
	}
	return changed, errors.Join(failures[:min(len(failures), maxRewrapErrors)]...)
}

// RewrapKey wraps a key of NewKey with the current master key, and reports whether that changes it. The error is
// vault.ErrKeyUnknown or vault.ErrCorrupt.
func (s *Service) RewrapKey(name, wrapped string) (rewrapped string, changed bool, err error) {
	return s.vault.Rewrap(name, wrapped)
}

// SyncRegistry makes all changes of the global database so far survive a power cut.
func (s *Service) SyncRegistry() error { return s.registry.Sync() }
