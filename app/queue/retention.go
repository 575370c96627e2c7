package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// Retention determines how long finished jobs are kept. Zero keeps them forever.
type Retention struct {
	Finished time.Duration // for completed and cancelled jobs
	Dead     time.Duration // for dead jobs
}

// ApplyRetention deletes the finished jobs whose retention has passed.
func (q *Queue) ApplyRetention(ctx context.Context) error {
	var total int
	var errs error
	for status, keep := range map[Status]time.Duration{
		StatusCompleted: q.retention.Finished, StatusCancelled: q.retention.Finished, StatusDead: q.retention.Dead,
	} {
		if keep <= 0 {
			continue
		}
		deleted, err := q.Purge(ctx, status, keep)
		total += deleted
		errs = errors.Join(errs, err)
	}
	if total > 0 {
		q.logger.Info("deleted finished jobs", "jobs", total)
	}
	return errs
}

// purgeBatch is the LIMIT of purgeScanSQL. Other writers wait while one batch is deleted.
const purgeBatch = 1000

// Purge deletes the jobs with a finished status that ended more than olderThan ago, and returns how many
// it deleted. Subscribers are not notified. Purge returns an error for a status that is not finished.
//
// It scans the jobs in the order of their creation and stops when they are too recent. An index of
// finished jobs would make the scan faster, but slow down every job.
func (q *Queue) Purge(ctx context.Context, status Status, olderThan time.Duration) (int, error) {
	if !status.IsFinished() {
		return 0, fmt.Errorf("cannot delete %s jobs: only completed, dead and cancelled ones", status)
	}
	before, deleted := q.timestamp(-olderThan), 0
	for last := int64(0); ; {
		var rows []struct {
			RowID   int64  `db:"rowid"`
			Created string `db:"created"`
			Expired bool   `db:"expired"`
		}
		params := dbx.Params{"status": string(status), "before": before, "last": last}
		if err := q.app.ConcurrentDB().NewQuery(purgeScanSQL).Bind(params).WithContext(ctx).All(&rows); err != nil {
			return deleted, fmt.Errorf("find %s jobs: %w", status, err)
		}
		var expired []int64
		for _, row := range rows {
			last = row.RowID
			if row.Expired {
				expired = append(expired, row.RowID)
			}
		}
		n, err := q.deleteFinished(ctx, status, before, expired)
		deleted += n
		if err != nil {
			return deleted, fmt.Errorf("delete %s jobs: %w", status, err)
		}
		if len(rows) < purgeBatch || rows[len(rows)-1].Created > before {
			return deleted, nil
		}
	}
}

// deleteFinished deletes the given rows unless they have been retried since they were selected.
func (q *Queue) deleteFinished(ctx context.Context, status Status, before string, rowids []int64) (int, error) {
	if len(rowids) == 0 {
		return 0, nil
	}
	list, err := json.Marshal(rowids)
	if err != nil {
		return 0, err
	}
	params := dbx.Params{"status": string(status), "before": before, "rowids": string(list)}
	result, err := q.app.NonconcurrentDB().NewQuery(purgeDeleteSQL).Bind(params).WithContext(ctx).Execute()
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}
