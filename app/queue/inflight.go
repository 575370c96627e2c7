package queue

import (
	"context"
	"fmt"
)

// running counts the jobs that run, by what limits them.
type running struct {
	total          int
	byKind, byUser map[string]int
}

func newRunning() running { return running{byKind: map[string]int{}, byUser: map[string]int{}} }

func (r *running) add(kind, userID string, n int) {
	r.total += n
	if r.byKind[kind] += n; r.byKind[kind] == 0 {
		delete(r.byKind, kind)
	}
	if r.byUser[userID] += n; r.byUser[userID] == 0 {
		delete(r.byUser, userID)
	}
}

// held is what this process has claimed. It is all that runs as long as no other
// worker is on the database; whether one is, the claim itself finds out, because
// it counts too.
type held struct {
	running
	claims map[claimID]bool
}

// claimID tells one claim from every other.
type claimID struct {
	jobID string
	claim int
}

func (h *held) begin(job *Job) {
	h.claims[claimID{job.ID, job.claim}] = true
	h.add(job.Kind, job.UserID, 1)
}

func (h *held) end(job Job) {
	if id := (claimID{job.ID, job.claim}); h.claims[id] {
		delete(h.claims, id)
		h.add(job.Kind, job.UserID, -1)
	}
}

// ended counts a run that is over, whatever became of its job.
func (q *Queue) ended(job Job) {
	q.claiming.Lock()
	defer q.claiming.Unlock()
	q.held.end(job)
}

// countRunning reads what runs over all workers on the database.
func (q *Queue) countRunning(ctx context.Context) (now running, err error) {
	statement, err := q.sql.get(ctx, runningSQL)
	if err != nil {
		return now, err
	}
	rows, err := statement.QueryContext(ctx)
	if err != nil {
		return now, fmt.Errorf("count the running jobs: %w", err)
	}
	defer rows.Close()
	now = newRunning()
	for rows.Next() {
		var kind, user string
		var count int
		if err := rows.Scan(&kind, &user, &count); err != nil {
			return now, fmt.Errorf("count the running jobs: %w", err)
		}
		now.add(kind, user, count)
	}
	return now, rows.Err()
}
