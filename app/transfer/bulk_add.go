package transfer

import (
	"context"
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const transfersPerTransaction = 100 // others may write to the global database in between

// TransferCounts says what a request to transfer several recordings has done. Each recording counts once.
type TransferCounts struct {
	Matched int `json:"matched"`
	Created int `json:"created"` // or would be, in a plan
	Waiting int `json:"waiting"` // of those created, how many were handed over to the user before
	Active  int `json:"active"`
	Skipped int `json:"skipped"`
	Left    int `json:"left"` // beyond a limit; the request may be repeated later
}

// Counts returns what a request would do, apart from limits.
func (p TransferPlan) Counts() TransferCounts {
	return TransferCounts{
		Matched: len(p.New) + len(p.Waiting) + len(p.Active) + len(p.Skipped), Created: len(p.New) + len(p.Waiting),
		Waiting: len(p.Waiting), Active: len(p.Active), Skipped: len(p.Skipped),
	}
}

// TransferJob is the job that transfers a recording.
type TransferJob struct {
	RecordingID int64  `json:"recording_id"`
	JobID       string `json:"job_id"`
}

// Transfer creates the jobs of a plan: first of new transfers, and then of those that waited for the user. It stops when
// the user reaches the maximum number of active jobs, or when mayAdd, which it calls with the number of jobs that it is
// about to create, returns false. An active transfer that only stores the file continues if the request wants that.
func (s *Service) Transfer(
	ctx context.Context, db *userdb.Database, plan TransferPlan, request TransferRequest, mayAdd func(jobs int) bool,
) (TransferCounts, []TransferJob, error) {
	counts := plan.Counts()
	planned := counts.Created
	jobs, err := s.addUpTo(ctx, db, plan.New, request, mayAdd)
	counts.Created, counts.Waiting = len(jobs), 0
	if err == nil && len(jobs) == len(plan.New) {
		var waiting []TransferJob
		waiting, err = s.addUpTo(ctx, db, plan.Waiting, request, mayAdd)
		jobs, counts.Waiting = append(jobs, waiting...), len(waiting)
		counts.Created = len(jobs)
	}
	counts.Left = planned - counts.Created
	if err == nil && request.Deliver {
		var active []TransferJob
		active, err = s.addUpTo(ctx, db, plan.Active, request, mayAdd)
		jobs = append(jobs, active...)
	}
	return counts, jobs, err
}

// addUpTo creates jobs until a limit.
func (s *Service) addUpTo(
	ctx context.Context, db *userdb.Database, recordingIDs []int64, request TransferRequest, mayAdd func(jobs int) bool,
) (jobs []TransferJob, err error) {
	for ids := range slices.Chunk(recordingIDs, transfersPerTransaction) {
		if !mayAdd(len(ids)) {
			return jobs, nil
		}
		added, err := s.addTransfers(ctx, db, ids, request)
		jobs = append(jobs, added...)
		if err != nil || len(added) < len(ids) {
			return jobs, err
		}
	}
	return jobs, nil
}
