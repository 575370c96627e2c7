package audit

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Row is a row as its owner sees it, with the columns of the collection.
type Row struct {
	Event      Kind           `json:"event" db:"event"`
	Detail     string         `json:"detail,omitempty" db:"detail"`
	Database   string         `json:"database,omitempty" db:"database"`
	Actor      ActorKind      `json:"actor" db:"actor"`
	ActorEmail string         `json:"actor_email,omitempty" db:"actor_email"`
	Address    string         `json:"address,omitempty" db:"address"`
	UserAgent  string         `json:"user_agent,omitempty" db:"user_agent"`
	Count      int            `json:"count" db:"count"`
	FirstAt    types.DateTime `json:"first_at" db:"first_at"`
	LastAt     types.DateTime `json:"last_at" db:"last_at"`
}

// List returns the rows of an account, the newest first. They are bounded: see MaxPerOwner. The result is never nil.
func (r *Recorder) List(ctx context.Context, owner string) ([]Row, error) {
	rows := []Row{}
	if r == nil {
		return rows, nil
	}
	err := r.app.ConcurrentDB().Select("event", "detail", "database", "actor", "actor_email", "address", "user_agent", "count", "first_at", "last_at").
		From(migrations.AuditEvents).Where(dbx.HashExp{"owner": owner}).OrderBy("last_at DESC", "rowid DESC").Limit(2 * MaxPerOwner).
		WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the events of account %s: %w", owner, err)
	}
	return rows, nil
}

// Forget deletes all rows of an account, with app: the global database or a transaction.
func (r *Recorder) Forget(ctx context.Context, app core.App, owner string) error {
	_, err := app.NonconcurrentDB().Delete(migrations.AuditEvents, dbx.HashExp{"owner": owner}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("delete the events of account %s: %w", owner, err)
	}
	return nil
}

// pruneBatch is how many rows one statement deletes, during which nobody else can write.
const pruneBatch = 500

// Prune deletes rows that are older than Config.Keep, and all but the newest MaxPerOwner of each account.
func (r *Recorder) Prune(ctx context.Context) error {
	const table = "{{" + migrations.AuditEvents + "}}"
	if r.keep > 0 {
		until, err := types.ParseDateTime(r.now().Add(-r.keep))
		if err != nil {
			return fmt.Errorf("format time: %w", err)
		}
		if err := r.deleteRows(ctx, "SELECT rowid FROM "+table+" WHERE last_at < {:until} LIMIT {:batch}", dbx.Params{"until": until.String()}); err != nil {
			return err
		}
	}
	var owners []string
	err := r.app.ConcurrentDB().NewQuery("SELECT owner FROM " + table + " GROUP BY owner HAVING COUNT(*) > {:max}").
		Bind(dbx.Params{"max": MaxPerOwner}).WithContext(ctx).Column(&owners)
	if err != nil {
		return fmt.Errorf("find accounts with many events: %w", err)
	}
	for _, owner := range owners {
		rows := "SELECT rowid FROM " + table + " WHERE owner = {:owner} ORDER BY last_at DESC, rowid DESC LIMIT {:batch} OFFSET {:max}"
		if err := r.deleteRows(ctx, rows, dbx.Params{"owner": owner, "max": MaxPerOwner}); err != nil {
			return err
		}
	}
	return nil
}

// deleteRows deletes the rows whose ids a query returns in batches, between which others can write.
func (r *Recorder) deleteRows(ctx context.Context, ids string, params dbx.Params) error {
	params["batch"] = pruneBatch
	for {
		result, err := r.app.NonconcurrentDB().NewQuery("DELETE FROM {{" + migrations.AuditEvents + "}} WHERE rowid IN (" + ids + ")").
			Bind(params).WithContext(ctx).Execute()
		if err != nil {
			return fmt.Errorf("delete old events: %w", err)
		}
		deleted, err := result.RowsAffected()
		if err != nil || deleted < pruneBatch {
			return err
		}
	}
}
