package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// Retention determines how long finished jobs are kept, besides the limit of keptPerUser. Zero keeps them
// forever.
type Retention struct {
	Finished time.Duration // for completed and cancelled jobs
	Dead     time.Duration // for dead jobs
}

// ApplyRetention deletes the finished jobs whose retention has passed, and those of users who have too many.
// It keeps each user's last job of the kinds with Kind.KeepLast.
func (q *Queue) ApplyRetention(ctx context.Context) error {
	total, errs := q.trimAll(ctx)
	keep := q.newLastEnded()
	for status, age := range map[Status]time.Duration{
		StatusCompleted: q.retention.Finished, StatusCancelled: q.retention.Finished, StatusDead: q.retention.Dead,
	} {
		if age <= 0 {
			continue
		}
		deleted, err := q.purge(ctx, status, age, keep.has)
		total += deleted
		errs = errors.Join(errs, err)
	}
	if total > 0 {
		q.logger.InfoContext(ctx, "deleted finished jobs", "jobs", total)
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
	return q.purge(ctx, status, olderThan, func(context.Context, endedJob) (bool, error) { return false, nil })
}

func (q *Queue) purge(
	ctx context.Context, status Status, olderThan time.Duration, keep func(context.Context, endedJob) (bool, error),
) (int, error) {
	if !status.IsFinished() {
		return 0, fmt.Errorf("cannot delete %s jobs: only completed, dead and cancelled ones", status)
	}
	before, deleted := q.timestamp(-olderThan), 0
	for last := int64(0); ; {
		var rows []struct {
			endedJob
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
			if !row.Expired {
				continue
			}
			kept, err := keep(ctx, row.endedJob)
			if err != nil {
				return deleted, err
			}
			if !kept {
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
	return q.deleteRows(ctx, purgeDeleteSQL, rowids, dbx.Params{"status": string(status), "before": before})
}

// deleteRows runs a statement that deletes rows, and returns how many it deleted.
func (q *Queue) deleteRows(ctx context.Context, text string, rowids []int64, params dbx.Params) (int, error) {
	list, err := json.Marshal(rowids)
	if err != nil {
		return 0, err
	}
	params["rowids"] = string(list)
	result, err := q.app.NonconcurrentDB().NewQuery(text).Bind(params).WithContext(ctx).Execute()
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}
