package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// unusedBatch is how many accounts RemoveUnused reads at a time.
const unusedBatch = 200

// RemoveUnused deletes the accounts that signed up longer ago than Config.DeleteUnusedAfter and never signed in.
// It keeps those that a superuser created or invited. Each account is deleted in a transaction of its own, so
// that others can write in between. A failure is logged, and the next call tries again. RemoveUnused returns
// ctx.Err or an error of the database.
func (s *Service) RemoveUnused(ctx context.Context) error {
	if s.deleteUnusedAfter == 0 {
		return nil
	}
	cutoff, err := types.ParseDateTime(s.now().Add(-s.deleteUnusedAfter))
	if err != nil {
		return err
	}
	removed := 0
	defer func() {
		if removed > 0 {
			s.logger.InfoContext(ctx, "removed accounts that never signed in", "accounts", removed)
		}
	}()
	for {
		ids, err := findUnused(ctx, s.app, dbx.NewExp("created < {:cutoff}", dbx.Params{"cutoff": cutoff.String()}), unusedBatch)
		if err != nil {
			return err
		}
		before := removed
		for _, id := range ids {
			switch err := s.removeUnused(ctx, id); {
			case err == nil:
				removed++
			case ctx.Err() != nil:
				return ctx.Err()
			case !errors.Is(err, sql.ErrNoRows): // otherwise the user has just signed in
				s.logger.ErrorContext(ctx, "failed to remove unused account", "user", id, "error", err)
			}
		}
		if removed == before {
			return nil
		}
	}
}

// findUnused returns the ids of accounts that never signed in, up to limit, the oldest first. An account that has
// a database is never unused.
func findUnused(ctx context.Context, app core.App, where dbx.Expression, limit int64) ([]string, error) {
	var ids []string
	err := app.DB().Select("id").From(migrations.Users).Where(dbx.NewExp("unused = TRUE")).AndWhere(where).
		AndWhere(dbx.NewExp("NOT EXISTS (SELECT 1 FROM user_databases d WHERE d.user = users.id AND d.user != '')")).
		OrderBy("created").Limit(limit).WithContext(ctx).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("find unused accounts: %w", err)
	}
	return ids, nil
}

// removeUnused deletes an account. It returns sql.ErrNoRows if the user has signed in since findUnused.
func (s *Service) removeUnused(ctx context.Context, id string) error {
	return s.app.RunInTransaction(func(tx core.App) error {
		still, err := findUnused(ctx, tx, dbx.HashExp{"id": id}, 1)
		if err != nil {
			return err
		}
		if len(still) == 0 {
			return sql.ErrNoRows
		}
		user, err := tx.FindRecordById(migrations.Users, id)
		if err != nil {
			return err
		}
		return tx.DeleteWithContext(ctx, user)
	})
}
