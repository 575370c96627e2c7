package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Retention says how long ended jobs are kept; zero keeps them.
type Retention struct {
	Finished time.Duration // completed and cancelled
	Dead     time.Duration
}

// purgeAtOnce is how many jobs are looked at and deleted in one go: others wait
// for it.
const purgeAtOnce = 1000

// ApplyRetention deletes ended jobs that were kept for long enough.
func (q *Queue) ApplyRetention(ctx context.Context) (err error) {
	var deleted int
	for status, keep := range map[string]time.Duration{
		StatusCompleted: q.retention.Finished, StatusCancelled: q.retention.Finished, StatusDead: q.retention.Dead,
	} {
		if keep <= 0 {
			continue
		}
		n, failed := q.Purge(ctx, status, keep)
		deleted += n
		err = errors.Join(err, failed)
	}
	if deleted > 0 {
		q.logger.Info("deleted ended jobs", "jobs", deleted)
	}
	return err
}

// Purge deletes ended jobs of a status that ended longer ago than olderThan, and
// returns how many. It is no event for subscribers. It goes through the jobs in
// the order in which they were created, up to the first that is too young to have
// ended so long ago: an index of what has ended would cost every job.
func (q *Queue) Purge(ctx context.Context, status string, olderThan time.Duration) (deleted int, err error) {
	if !IsFinished(status) {
		return 0, fmt.Errorf("jobs that are %s haven't ended: only completed, dead and cancelled ones can be deleted", status)
	}
	ended := fmt.Sprintf("status = '%s' AND finished_at != '' AND finished_at <= {:before}", status)
	before := dbx.Params{"before": q.stamp(-olderThan)}
	for last := int64(0); ; {
		var rows []struct {
			RowID   int64  `db:"rowid"`
			Created string `db:"created"`
			Ended   bool   `db:"ended"`
		}
		err := q.app.ConcurrentDB().NewQuery(`SELECT rowid, created, ` + ended + ` AS ended FROM global_queue
			WHERE rowid > {:last} ORDER BY rowid LIMIT ` + strconv.Itoa(purgeAtOnce)).Bind(before).Bind(dbx.Params{"last": last}).WithContext(ctx).All(&rows)
		if err != nil {
			return deleted, fmt.Errorf("look for %s jobs: %w", status, err)
		}
		var old []any
		for _, row := range rows {
			last = row.RowID
			if row.Ended {
				old = append(old, row.RowID)
			}
		}
		if len(old) > 0 {
			result, err := q.app.NonconcurrentDB().Delete(migrations.GlobalQueue, dbx.And(dbx.In("rowid", old...), dbx.NewExp(ended, before))).WithContext(ctx).Execute()
			if err != nil {
				return deleted, fmt.Errorf("delete %s jobs: %w", status, err)
			}
			n, err := result.RowsAffected()
			if deleted += int(n); err != nil {
				return deleted, err
			}
		}
		if len(rows) < purgeAtOnce || rows[len(rows)-1].Created > before["before"].(string) {
			return deleted, nil
		}
	}
}
