package audit

import (
	"context"
	"fmt"
	"time"

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

// newestOfKinds are the rows of an account and their place among those of their kind, the newest first.
const newestOfKinds = `SELECT *, rowid, ROW_NUMBER() OVER (PARTITION BY event ORDER BY last_at DESC, rowid DESC) AS place
	FROM {{` + migrations.AuditEvents + `}} WHERE owner = {:owner}`

// List returns the newest MaxPerKind rows of each kind of an account, the newest first. The result is never nil.
func (r *Recorder) List(ctx context.Context, owner string) ([]Row, error) {
	rows := []Row{}
	if r == nil {
		return rows, nil
	}
	err := r.app.ConcurrentDB().NewQuery("SELECT event, detail, database, actor, actor_email, address, user_agent, count, first_at, last_at " +
		"FROM (" + newestOfKinds + ") WHERE place <= {:max} ORDER BY last_at DESC, rowid DESC").
		Bind(dbx.Params{"owner": owner, "max": MaxPerKind}).WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the events of account %s: %w", owner, err)
	}
	return rows, nil
}

// LastSignIns returns when each of some accounts was last signed in to, as far as the rows reach. Accounts without a row are
// missing. It reads the index, so that its cost depends on the number of accounts given and their rows alone.
func (r *Recorder) LastSignIns(ctx context.Context, owners []string) (map[string]time.Time, error) {
	latest := map[string]time.Time{}
	if r == nil || len(owners) == 0 {
		return latest, nil
	}
	var rows []struct {
		Owner  string         `db:"owner"`
		LastAt types.DateTime `db:"last_at"`
	}
	ids := make([]any, len(owners))
	for i, owner := range owners {
		ids[i] = owner
	}
	err := r.app.ConcurrentDB().Select("owner", "MAX(last_at) AS last_at").From(migrations.AuditEvents).
		Where(dbx.And(dbx.In("owner", ids...), dbx.HashExp{"event": string(SignIn)})).GroupBy("owner").WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the last sign-ins of %d accounts: %w", len(owners), err)
	}
	for _, row := range rows {
		latest[row.Owner] = row.LastAt.Time()
	}
	return latest, nil
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

// Prune deletes rows that are older than Config.Keep, and all but the newest MaxPerKind of each kind and account.
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
	err := r.app.ConcurrentDB().NewQuery("SELECT DISTINCT owner FROM " + table + " GROUP BY owner, event HAVING COUNT(*) > {:max}").
		Bind(dbx.Params{"max": MaxPerKind}).WithContext(ctx).Column(&owners)
	if err != nil {
		return fmt.Errorf("find accounts with many events: %w", err)
	}
	for _, owner := range owners {
		surplus := "SELECT rowid FROM (" + newestOfKinds + ") WHERE place > {:max} LIMIT {:batch}"
		if err := r.deleteRows(ctx, surplus, dbx.Params{"owner": owner, "max": MaxPerKind}); err != nil {
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
