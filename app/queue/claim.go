package queue

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// claimAttempts bounds how often a claim that lost a race looks again.
const claimAttempts = 8

// candidate is a job that may be claimed.
type candidate struct {
	rowid                        int64
	id, user, kind               string
	priority                     int
	runAt, payload, history      string
	attempts, maxAttempts, claim int
}

// Claim gives the worker the next job that is due, or nil where there is none
// or as many as allowed are running. Higher priority first; within it users
// take turns, and each user's jobs go oldest first. The claim itself is one
// UPDATE that only one worker can win.
func (q *Queue) Claim(ctx context.Context, workerID string) (*Job, error) {
	q.claiming.Lock()
	defer q.claiming.Unlock()
	for range claimAttempts {
		running, err := q.running(ctx)
		if err != nil || running.total >= q.concurrency {
			return nil, err
		}
		next, err := q.head(ctx, running)
		if err != nil || next == nil {
			return nil, err
		}
		// Not to be cut off half-way: a claim that was made must be known.
		job, err := q.take(context.WithoutCancel(ctx), next, workerID)
		if err != nil {
			return nil, err
		}
		if job != nil {
			q.turn[next.priority] = next.user
			q.note(Change{ID: job.ID, UserID: job.UserID, Kind: job.Kind, Status: StatusProcessing, Action: ActionUpdate})
			return job, nil
		}
	}
	return nil, nil
}

// running is what runs at a moment, over all workers on the database.
type running struct {
	total          int
	byKind, byUser map[string]int
}

func (q *Queue) running(ctx context.Context) (now running, err error) {
	statement, err := q.sql.get(ctx, runningSQL)
	if err != nil {
		return now, err
	}
	rows, err := statement.QueryContext(ctx)
	if err != nil {
		return now, fmt.Errorf("count the running jobs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, user string
		var count int
		if err := rows.Scan(&kind, &user, &count); err != nil {
			return now, fmt.Errorf("count the running jobs: %w", err)
		}
		if now.byKind == nil {
			now.byKind, now.byUser = map[string]int{}, map[string]int{}
		}
		now.total += count
		now.byKind[kind] += count
		now.byUser[user] += count
	}
	return now, rows.Err()
}

// head is the job to claim next, or nil: the best of those of each kind that has
// a free place.
func (q *Queue) head(ctx context.Context, running running) (best *candidate, err error) {
	paused := q.Paused()
	for kind := range q.kinds {
		if paused.Has(kind) || running.byKind[kind] >= q.limitOf(kind) {
			continue
		}
		next, err := q.headOf(ctx, kind, running)
		if err != nil {
			return nil, err
		}
		if next != nil && (best == nil || q.before(next, best)) {
			best = next
		}
	}
	return best, nil
}

// before says whether a job's turn is before another's.
func (q *Queue) before(a, b *candidate) bool {
	if a.priority != b.priority {
		return a.priority > b.priority
	}
	last := q.turn[a.priority]
	if later := a.user > last; later != (b.user > last) {
		return later // the other one's user has to wait for the next round
	}
	return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.runAt, b.runAt), cmp.Compare(a.rowid, b.rowid)) < 0
}

// headOf is the job of a kind whose turn it is: users go round in the order of
// their ids, from the one who was given a job last. Those who have as many
// running as they may are passed over. Each step is one seek in an index.
func (q *Queue) headOf(ctx context.Context, kind string, running running) (*candidate, error) {
	passed := func(c *candidate) bool { return running.byUser[c.user] >= q.perUser }
	first, err := q.find(ctx, kind, firstSQL)
	for ; first != nil && err == nil; first, err = q.find(ctx, kind, belowSQL, first.priority) {
		last := q.turn[first.priority]
		next := first
		if first.user <= last {
			if next, err = q.find(ctx, kind, afterSQL, first.priority, last); err != nil {
				return nil, err
			}
		}
		for next != nil && passed(next) {
			if next, err = q.find(ctx, kind, afterSQL, first.priority, next.user); err != nil {
				return nil, err
			}
		}
		if next != nil {
			return next, nil
		}
		for next = first; next != nil && next.user <= last; {
			if !passed(next) {
				return next, nil
			}
			if next, err = q.find(ctx, kind, afterSQL, first.priority, next.user); err != nil {
				return nil, err
			}
		}
	}
	return nil, err
}

func (q *Queue) find(ctx context.Context, kind, text string, args ...any) (*candidate, error) {
	statement, err := q.sql.get(ctx, text)
	if err != nil {
		return nil, err
	}
	c := candidate{kind: kind}
	err = statement.QueryRowContext(ctx, append([]any{kind}, args...)...).
		Scan(&c.rowid, &c.id, &c.user, &c.priority, &c.runAt, &c.payload, &c.attempts, &c.maxAttempts, &c.claim, &c.history)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the next job: %w", err)
	}
	return &c, nil
}

// take is the compare-and-set; nil means that another worker was first, or has
// taken the last free place.
func (q *Queue) take(ctx context.Context, c *candidate, workerID string) (*Job, error) {
	now := q.now()
	won, err := q.sql.exec(ctx, claimSQL, c.rowid, c.id, workerID, formatTime(now), formatTime(now.Add(q.lease)),
		q.concurrency, c.kind, q.limitOf(c.kind), c.user, q.perUser)
	if err != nil {
		return nil, fmt.Errorf("claim job %s: %w", c.id, err)
	}
	if won == 0 {
		return nil, nil
	}
	return &Job{
		ID: c.id, UserID: c.user, Kind: c.kind, Payload: json.RawMessage(c.payload), WorkerID: workerID,
		Attempt: c.attempts + 1, MaxAttempts: c.maxAttempts, Started: now.Truncate(time.Millisecond), claim: c.claim + 1, history: c.history,
	}, nil
}
