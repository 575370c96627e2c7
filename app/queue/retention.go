package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// Retention says how long ended jobs are kept; zero keeps them.
type Retention struct {
	Finished time.Duration // completed and cancelled
	Dead     time.Duration
}

// purgeAtOnce is how many jobs one statement deletes: others wait for it.
const purgeAtOnce = 1000

// ApplyRetention deletes ended jobs that were kept for long enough.
func (q *Queue) ApplyRetention(ctx context.Context) error {
	var deleted int
	for status, keep := range map[string]time.Duration{
		StatusCompleted: q.retention.Finished, StatusCancelled: q.retention.Finished, StatusDead: q.retention.Dead,
	} {
		if keep <= 0 {
			continue
		}
		n, err := q.Purge(ctx, status, keep)
		deleted += n
		if err != nil {
			return err
		}
	}
	if deleted > 0 {
		q.logger.Info("deleted ended jobs", "jobs", deleted)
	}
	return nil
}

// Purge deletes ended jobs of a status that ended longer ago than olderThan, and
// returns how many. It is no event for subscribers. A *StateError says that jobs
// of that status haven't ended.
func (q *Queue) Purge(ctx context.Context, status string, olderThan time.Duration) (deleted int, err error) {
	if !IsFinished(status) {
		return 0, fmt.Errorf("jobs that are %s haven't ended: only completed, dead and cancelled ones can be deleted", status)
	}
	for {
		result, err := q.app.NonconcurrentDB().NewQuery(`DELETE FROM global_queue WHERE rowid IN (
			SELECT rowid FROM global_queue WHERE status = {:status} AND finished_at != '' AND finished_at <= {:before} LIMIT ` + fmt.Sprint(purgeAtOnce) + `)`).
			Bind(dbx.Params{"status": status, "before": q.stamp(-olderThan)}).WithContext(ctx).Execute()
		if err != nil {
			return deleted, fmt.Errorf("delete %s jobs: %w", status, err)
		}
		n, err := result.RowsAffected()
		deleted += int(n)
		if err != nil || n < purgeAtOnce {
			return deleted, err
		}
	}
}
