package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// recordListing records in which pass Fathom last listed some meetings. It bypasses PocketBase, because clients need
// not be told. app is a transaction.
func recordListing(app core.App, recordingIDs []int64, number int) error {
	if len(recordingIDs) == 0 {
		return nil
	}
	_, err := app.NonconcurrentDB().Update(schema.Meetings, dbx.Params{"listed": number},
		dbx.And(inRecordings(recordingIDs), dbx.Not(dbx.HashExp{"listed": number}))).Execute()
	if err != nil {
		return fmt.Errorf("record that meetings are listed: %w", err)
	}
	return nil
}

func inRecordings(recordingIDs []int64) dbx.Expression {
	values := make([]any, len(recordingIDs))
	for i, id := range recordingIDs {
		values[i] = id
	}
	return dbx.In("recording_id", values...)
}

// forgetListings makes meetings count as if Fathom had never listed them, except for those of the pass with a given
// number; 0 excepts none. They aren't withdrawn before Fathom has listed them again.
func forgetListings(app core.App, except int) error {
	_, err := app.NonconcurrentDB().Update(schema.Meetings, dbx.Params{"listed": 0},
		dbx.Not(dbx.HashExp{"listed": []any{0, except}})).Execute()
	if err != nil {
		return fmt.Errorf("forget which meetings are listed: %w", err)
	}
	return nil
}

// markWithdrawn marks the meetings that Fathom has listed neither in this complete pass nor in the one before. It
// returns their number. A crash may repeat it.
func (r *syncRun) markWithdrawn(ctx context.Context, p *pass) (marked int, err error) {
	number := r.state.listing()
	var seen, missing int
	row := r.db.App.DB().NewQuery(`SELECT
		(SELECT COUNT(*) FROM {{meetings}} WHERE [[listed]] = {:number} AND [[created]] < {:started}),
		(SELECT COUNT(*) FROM {{meetings}} WHERE [[listed]] > 0 AND [[listed]] < {:number} AND [[withdrawn_at]] = '')`)
	if err := row.Bind(dbx.Params{"number": number, "started": timestamp(p.Started)}).Row(&seen, &missing); err != nil {
		return 0, fmt.Errorf("count meetings that are no longer listed: %w", err)
	}
	if missing > seen {
		r.service.logger.WarnContext(ctx, "ignored that fathom lists fewer than half of the known meetings, which may be those of another account",
			"database", r.db.Name, "listed", seen, "missing", missing)
		return 0, forgetListings(r.db.App, number)
	}
	var ids []string
	err = r.db.App.DB().Select("id").From(schema.Meetings).
		Where(dbx.NewExp("[[listed]] > 0 AND [[listed]] < {:before} AND [[withdrawn_at]] = ''", dbx.Params{"before": number - 1})).Column(&ids)
	if err != nil {
		return 0, fmt.Errorf("find withdrawn meetings: %w", err)
	}
	for _, id := range ids {
		if err := r.markOneWithdrawn(ctx, id); err != nil {
			return 0, fmt.Errorf("mark meeting %s as withdrawn: %w", id, err)
		}
	}
	return len(ids), nil
}

func (r *syncRun) markOneWithdrawn(ctx context.Context, id string) error {
	return r.db.App.RunInTransaction(func(tx core.App) error {
		meeting, err := tx.FindRecordById(schema.Meetings, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // its owner has deleted it
		}
		if err != nil {
			return err
		}
		meeting.Set("withdrawn_at", r.service.now())
		return tx.SaveWithContext(ctx, meeting)
	})
}
