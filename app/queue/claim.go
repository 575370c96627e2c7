package queue

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
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
	now, exact := q.held.running, false
	for range claimAttempts {
		next, err := q.head(ctx, &q.sql, now)
		if err != nil || next == nil && (exact || now.total == 0) {
			return nil, err
		}
		if next != nil {
			// Not to be cut off half-way: a claim that was made must be known.
			job, err := q.take(context.WithoutCancel(ctx), &q.sql, next, workerID)
			if err != nil {
				return nil, err
			}
			if job != nil {
				q.claimed(next, job)
				return job, nil
			}
		}
		if now, err = q.countRunning(ctx); err != nil {
			return nil, err
		}
		exact = true
	}
	return nil, nil
}

// CompleteAndClaim records that a job is done, as Complete does, and gives its
// worker the next one, with one commit for both. Where it gives none, Claim may
// still find one: it looks more closely.
func (q *Queue) CompleteAndClaim(ctx context.Context, job Job, result any) (next *Job, err error) {
	raw, err := encodeResult(job, result)
	if err != nil {
		return nil, err
	}
	q.claiming.Lock()
	defer q.claiming.Unlock()
	q.held.end(job)
	tx, err := q.sql.begin(ctx, completeSQL, seekSQL, claimSQL)
	if err != nil {
		return nil, fmt.Errorf("complete job %s: %w", job.ID, err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	if err := q.write(ctx, tx, job, StatusCompleted, StatusCompleted, "", raw); err != nil {
		return nil, err // Complete looks whether the row is somewhere else
	}
	head, err := q.head(ctx, tx, q.held.running)
	if err == nil && head != nil {
		next, err = q.take(ctx, tx, head, job.WorkerID)
	}
	if err != nil { // no reason to lose what was done
		q.logger.Warn("claim the next job", "error", err)
		next = nil
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("complete job %s: %w", job.ID, err)
	}
	q.settled(job, StatusCompleted)
	if next != nil {
		q.claimed(head, next)
	}
	return next, nil
}

// claimed takes note of a claim. The caller holds claiming.
func (q *Queue) claimed(c *candidate, job *Job) {
	q.turn.take(c.priority, c.user)
	q.held.begin(job)
	q.note(Change{ID: job.ID, UserID: job.UserID, Kind: job.Kind, Status: StatusProcessing, Action: ActionUpdate})
}

// head is the job to claim next, or nil: the best of those of each kind that has
// a free place.
func (q *Queue) head(ctx context.Context, from source, now running) (best *candidate, err error) {
	if now.total >= q.concurrency {
		return nil, nil
	}
	paused := q.Paused()
	for kind := range q.kinds {
		if paused.Has(kind) || now.byKind[kind] >= q.limitOf(kind) {
			continue
		}
		next, err := q.headOf(ctx, from, kind, now)
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
	last := q.turn.of(a.priority)
	if later := a.user > last; later != (b.user > last) {
		return later // the other one's user has to wait for the next round
	}
	return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.runAt, b.runAt), cmp.Compare(a.rowid, b.rowid)) < 0
}

// headOf is the job of a kind whose turn it is: users go round in the order of
// their ids, from the one who was given a job last. Those who have as many
// running as they may are passed over. Each step is one seek in an index.
func (q *Queue) headOf(ctx context.Context, from source, kind string, now running) (*candidate, error) {
	passed := func(c *candidate) bool { return now.byUser[c.user] >= q.perUser }
	// Mostly the highest priority is what it was and somebody's turn is left in it.
	top, ok := q.top[kind]
	if next, err := q.seek(ctx, from, kind, math.MaxInt32, q.turn.of(top)); err != nil {
		return nil, err
	} else if ok && next != nil && next.priority == top && !passed(next) {
		return next, nil
	}
	for below := math.MaxInt32; ; {
		first, err := q.seek(ctx, from, kind, below, "")
		if err != nil || first == nil {
			return nil, err
		}
		if below == math.MaxInt32 {
			q.top[kind] = first.priority
		}
		last := q.turn.of(first.priority)
		for _, round := range []struct{ after, upTo string }{{last, endOfUsers}, {"", last}} {
			next, err := q.seek(ctx, from, kind, below, round.after)
			for ; next != nil && err == nil && next.user <= round.upTo; next, err = q.seek(ctx, from, kind, below, next.user) {
				if !passed(next) {
					return next, nil
				}
			}
			if err != nil {
				return nil, err
			}
		}
		below = first.priority
	}
}

// endOfUsers is after every id.
const endOfUsers = "\U0010ffff"

func (q *Queue) seek(ctx context.Context, from source, kind string, below int, after string) (*candidate, error) {
	statement, err := from.get(ctx, seekSQL)
	if err != nil {
		return nil, err
	}
	c := candidate{kind: kind}
	err = statement.QueryRowContext(ctx, kind, below, after).
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
func (q *Queue) take(ctx context.Context, in source, c *candidate, workerID string) (*Job, error) {
	now := q.now()
	won, err := exec(ctx, in, claimSQL, c.rowid, c.id, workerID, formatTime(now), formatTime(now.Add(q.lease)),
		q.concurrency, c.kind, q.limitOf(c.kind), c.user, q.perUser)
	if err != nil {
		return nil, fmt.Errorf("claim job %s: %w", c.id, err)
	}
	if won == 0 {
		return nil, nil
	}
	return &Job{
		ID: c.id, UserID: c.user, Kind: c.kind, Payload: json.RawMessage(c.payload), WorkerID: workerID,
		Attempt: c.attempts + 1, MaxAttempts: c.maxAttempts, Started: now.Truncate(time.Millisecond), rowid: c.rowid, claim: c.claim + 1, history: c.history,
	}, nil
}
