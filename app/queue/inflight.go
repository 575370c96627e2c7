package queue

import (
	"context"
	"fmt"
)

// inFlight counts running jobs, in total and by what is limited.
type inFlight struct {
	total          int
	byLane         [laneCount]int
	byKind, byUser map[string]int
}

func newInFlight() inFlight { return inFlight{byKind: map[string]int{}, byUser: map[string]int{}} }

func (f *inFlight) add(lane Lane, kind, userID string, n int) {
	f.total += n
	f.byLane[lane] += n
	if f.byKind[kind] += n; f.byKind[kind] == 0 {
		delete(f.byKind, kind)
	}
	if f.byUser[userID] += n; f.byUser[userID] == 0 {
		delete(f.byUser, userID)
	}
}

// localClaims keeps track of the jobs that this process is running. If no other process works on the
// database, these are all running jobs, so a claim need not count them in the database. If another
// process does, claimSQL still enforces the limits, because it counts the jobs itself.
type localClaims struct {
	inFlight
	kinds  *kinds
	claims map[claimID]bool
}

// claimID identifies one claim of one job.
type claimID struct {
	jobID string
	claim int
}

func (j Job) claimID() claimID { return claimID{j.ID, j.claim} }

func newLocalClaims(known *kinds) localClaims {
	return localClaims{inFlight: newInFlight(), kinds: known, claims: map[claimID]bool{}}
}

func (l *localClaims) begin(job *Job) {
	l.claims[job.claimID()] = true
	l.add(l.kinds.lane(job.Kind), job.Kind, job.UserID, 1)
}

// end has no effect if the claim has already ended.
func (l *localClaims) end(job Job) {
	if id := job.claimID(); l.claims[id] {
		delete(l.claims, id)
		l.add(l.kinds.lane(job.Kind), job.Kind, job.UserID, -1)
	}
}

// endRun removes a run from the local claims that ended with a status.
func (q *Queue) endRun(job Job, status Status) {
	q.claiming.Lock()
	defer q.claiming.Unlock()
	q.local.end(job)
	if status != StatusPending {
		q.holds.end(job)
	}
}

// endLocalClaim removes a run that has ended, and its reports, from the local claims.
func (q *Queue) endLocalClaim(job Job) {
	q.reports.end(job)
	q.claiming.Lock()
	defer q.claiming.Unlock()
	q.local.end(job)
}

// countInFlight counts the running jobs of all workers on the database.
func (q *Queue) countInFlight(ctx context.Context) (inFlight, error) {
	counts := newInFlight()
	statement, err := q.sql.prepare(ctx, inFlightSQL)
	if err != nil {
		return counts, err
	}
	rows, err := statement.QueryContext(ctx)
	if err != nil {
		return counts, fmt.Errorf("count running jobs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, user string
		var count int
		if err := rows.Scan(&kind, &user, &count); err != nil {
			return counts, fmt.Errorf("count running jobs: %w", err)
		}
		counts.add(q.lane(kind), kind, user, count)
	}
	return counts, rows.Err()
}
