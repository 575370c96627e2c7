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
	Paused  Pauses        `json:"paused"`  // kinds of which no job of the user starts
	Pauses  []OwnPause    `json:"pauses"`  // why
	Jobs    []OverviewJob `json:"jobs"`    // the user's own active jobs, at most 200
}

// OwnPause is a pause in an Overview.
type OwnPause struct {
	Kinds  Pauses `json:"kinds"`
	Source Source `json:"source"`
	Reason string `json:"reason"` // for the user; blank if an operator created the pause
	Since  string `json:"since"`  // in PocketBase's date format
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
	overview := Overview{Running: len(s.running), Waiting: s.ready, Paused: r.pauses.PausedFor(userID), Pauses: r.pauses.of(userID), Jobs: make([]OverviewJob, 0, len(records))}
	for _, job := range records {
		overview.Jobs = append(overview.Jobs, OverviewJob{
			ID: job.Id, Kind: job.GetString("kind"), Status: Status(job.GetString("status")), Estimate: r.estimate(ctx, s, job),
		})
	}
	return overview, nil
}

// of returns the pauses that apply to a user. It is never nil.
func (p *pauses) of(userID string) []OwnPause {
	state, found := p.current.Load(), []OwnPause{}
	for _, pause := range state.list {
		if pause.UserID != "" { // those of single users follow
			break
		}
		found = append(found, p.own(pause))
	}
	for _, pause := range state.own[userID] {
		found = append(found, p.own(pause))
	}
	return found
}

func (p *pauses) own(pause Pause) OwnPause {
	own := OwnPause{Kinds: p.affected(pause), Source: pause.Source, Reason: pause.Reason, Since: pause.Since}
	if pause.Source == SourceOperator {
		own.Reason = "" // it is meant for other operators
	}
	return own
}
