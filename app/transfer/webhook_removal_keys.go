package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// RewrapKeys wraps the data keys of webhooks that are to be removed at Fathom with the current master key, and returns how
// many it has changed. It may be repeated. Keys that can't be unwrapped are left, and returned as an error.
func (s *Service) RewrapKeys(ctx context.Context) (changed int, err error) {
	var removals []removal
	if err := s.global.ConcurrentDB().Select("endpoint", "data_key").From(migrations.FathomRemovals).Where(dbx.NewExp("data_key != ''")).WithContext(ctx).All(&removals); err != nil {
		return 0, fmt.Errorf("find the data keys of webhooks: %w", err)
	}
	var failures error
	for _, r := range removals {
		rewrapped, isNew, err := s.databases.RewrapKey(r.keyName(), r.DataKey)
		if err != nil {
			failures = errors.Join(failures, fmt.Errorf("webhook %s: %w", r.Endpoint, err))
			continue
		}
		if !isNew {
			continue
		}
		_, err = s.global.NonconcurrentDB().Update(migrations.FathomRemovals, dbx.Params{"data_key": rewrapped},
			dbx.HashExp{"endpoint": r.Endpoint, "data_key": r.DataKey}).WithContext(ctx).Execute()
		if err != nil {
			return changed, fmt.Errorf("replace the data key of webhook %s: %w", r.Endpoint, err)
		}
		changed++
	}
	return changed, failures
}
