package queue

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// maxOverviewJobs limits how many jobs an overview lists.
const maxOverviewJobs = 200

// Overview is the queue as one user sees it.
type Overview struct {
	Running int           `json:"running"` // jobs of all users
	Waiting int           `json:"waiting"` // ready jobs of all users
	Paused  Pauses        `json:"paused"`
	Jobs    []OverviewJob `json:"jobs"` // the user's own active jobs, at most 200
}

// OverviewJob is an active job in an Overview.
type OverviewJob struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Status Status `json:"status"`
	Estimate
}

// Overview returns the queue as a user sees it.
func (r *reader) Overview(ctx context.Context, userID string) (Overview, error) {
	s, err := r.snapshot(ctx)
	if err != nil {
		return Overview{}, err
	}
	var records []*core.Record
	if err := activeRecords(r.app, userID).WithContext(ctx).All(&records); err != nil {
		return Overview{}, fmt.Errorf("read active jobs of user %s: %w", userID, err)
	}
	overview := Overview{Running: len(s.running), Waiting: s.ready, Paused: r.pauses.list(), Jobs: make([]OverviewJob, 0, len(records))}
	for _, job := range records {
		overview.Jobs = append(overview.Jobs, OverviewJob{
			ID: job.Id, Kind: job.GetString("kind"), Status: Status(job.GetString("status")), Estimate: r.estimate(ctx, s, job),
		})
	}
	return overview, nil
}
