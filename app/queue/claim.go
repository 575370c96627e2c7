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

// claimAttempts limits how often Claim tries again because another worker was faster.
const claimAttempts = 8

// candidate is a ready job that may be claimed.
type candidate struct {
	rowid                         int64
	id, user, kind                string
	priority                      int
	runAt, payload, history       string
	attempts, maxAttempts, claims int
	stage                         string
	progress                      float64
}

// Claim claims the next ready job for a worker. It returns nil if no job is ready or the limits are
// reached. Jobs of a higher priority start first. Within a priority users take turns, and each user's
// oldest job starts first. The claim is a single UPDATE, which only one worker can win.
func (q *Queue) Claim(ctx context.Context, workerID string) (*Job, error) {
	q.claiming.Lock()
	defer q.claiming.Unlock()
	defer q.setPausedAside(ctx)
	running, exact := q.local.inFlight, false
	if q.allLanesFull(running) {
		return nil, nil
	}
	for range claimAttempts {
		next, err := q.nextJob(ctx, &q.sql, running)
		if err != nil || next == nil && (exact || running.total == 0) {
			return nil, err
		}
		if next != nil {
			// The claim must not be cancelled, because it could succeed without the worker learning of it.
			job, err := q.tryClaim(context.WithoutCancel(ctx), &q.sql, next, workerID)
			if err != nil {
				return nil, err
			}
			if job != nil {
				q.recordClaim(next, job)
				return job, nil
			}
		}
		if running, err = q.countInFlight(ctx); err != nil {
			return nil, err
		}
		exact = true
	}
	return nil, nil
}

// CompleteAndClaim records that a job is completed, as Complete does, and claims the next job of the same
// lane for the same worker in the same commit. It returns the errors of Complete. If it returns neither a
// job nor an error, Claim may still find a job, because it also tries again with an exact count of running
// jobs and considers all lanes.
func (q *Queue) CompleteAndClaim(ctx context.Context, job Job, result any) (*Job, error) {
	raw, err := encodeResult(job, result)
	if err != nil {
		return nil, err
	}
	q.claiming.Lock()
	defer q.claiming.Unlock()
	q.local.end(job)
	q.holds.end(job)
	tx, err := q.sql.begin(ctx, finishSQL[StatusCompleted], againSQL, nextForUserSQL, claimSQL)
	if err != nil {
		return nil, fmt.Errorf("complete job %s: %w", job.ID, err)
	}
	defer func() { _ = tx.Rollback() }() // has no effect after a commit
	written, err := q.writeFinish(ctx, tx, job, StatusCompleted, Outcome(StatusCompleted), "", raw)
	if err != nil {
		return nil, err // after ErrLeaseLost the caller tries Complete, which handles a changed rowid
	}
	var claimed *Job
	next, err := q.nextInLane(ctx, tx, q.lane(job.Kind), q.local.inFlight)
	if err == nil && next != nil {
		claimed, err = q.tryClaim(ctx, tx, next, job.WorkerID)
	}
	if err != nil { // the completed job must be committed all the same
		q.logger.WarnContext(ctx, "failed to claim the next job", "error", err)
		claimed = nil
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("complete job %s: %w", job.ID, err)
	}
	q.setPausedAside(ctx)
	q.reports.end(job)
	q.recordFinished(job, StatusCompleted, written)
	if claimed != nil {
		q.recordClaim(next, claimed)
	}
	if q.limits.perUser < unlimited { // the user may now have room for a job of another lane
		q.Wake()
	}
	return claimed, nil
}

// recordClaim updates the state in memory after a claim. The caller must hold claiming.
func (q *Queue) recordClaim(c *candidate, job *Job) {
	q.turns.setLast(turn{q.lane(c.kind), c.priority}, c.user)
	q.local.begin(job)
	q.reports.begin(job, q.now())
	q.events.publish(job.change(StatusProcessing))
}

// nextJob returns the job to claim next, or nil. The caller must hold claiming.
func (q *Queue) nextJob(ctx context.Context, db preparer, running inFlight) (*candidate, error) {
	for lane := range laneCount {
		if next, err := q.nextInLane(ctx, db, lane, running); err != nil || next != nil {
			return next, err
		}
	}
	return nil, nil
}

// nextInLane returns the job of a lane to claim next, or nil. It compares the next jobs of all kinds that
// are neither paused nor at their limit. The caller must hold claiming.
func (q *Queue) nextInLane(ctx context.Context, db preparer, lane Lane, running inFlight) (*candidate, error) {
	if running.byLane[lane] >= q.limits.lanes[lane] {
		return nil, nil
	}
	var first *candidate
	paused := q.Paused()
	for _, kind := range q.byLane[lane] {
		if paused.Has(kind) || running.byKind[kind] >= q.limit(kind) {
			continue
		}
		next, err := q.nextOfKind(ctx, db, kind, running)
		if err != nil {
			return nil, err
		}
		if next != nil && (first == nil || q.precedes(next, first)) {
			first = next
		}
	}
	return first, nil
}

// precedes reports whether job a starts before job b of the same lane.
func (q *Queue) precedes(a, b *candidate) bool {
	if a.priority != b.priority {
		return a.priority > b.priority
	}
	last := q.turns.lastUser(turn{q.lane(a.kind), a.priority})
	if thisRound := a.user > last; thisRound != (b.user > last) {
		return thisRound
	}
	return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.runAt, b.runAt), cmp.Compare(a.rowid, b.rowid)) < 0
}

// nextOfKind returns the next job of a kind, or nil. Starting after the user who had the last turn, it
// goes through the users in the order of their ids and skips those who are paused, at their limit or on hold. Each
// step is one search in an index. The caller must hold claiming.
func (q *Queue) nextOfKind(ctx context.Context, db preparer, kind string, running inFlight) (*candidate, error) {
	skip := func(c *candidate) bool {
		return q.skipPaused(c) || running.byUser[c.user] >= q.limits.perUser || q.holds.isHeld(c, q.now())
	}
	lane := q.lane(kind)
	// One search is enough if the highest priority has not changed and the round is not over, which is
	// usually the case.
	top, known := q.topPriority[kind]
	guess, err := q.nextForUser(ctx, db, kind, math.MaxInt32, q.turns.lastUser(turn{lane, top}))
	if err != nil {
		return nil, err
	}
	if known && guess != nil && guess.priority == top && !skip(guess) {
		return guess, nil
	}
	for below := math.MaxInt32; ; {
		first, err := q.nextForUser(ctx, db, kind, below, "")
		if err != nil || first == nil {
			return nil, err
		}
		if below == math.MaxInt32 {
			q.topPriority[kind] = first.priority
		}
		next, err := q.nextInRound(ctx, db, kind, below, q.turns.lastUser(turn{lane, first.priority}), skip)
		if err != nil || next != nil {
			return next, err
		}
		below = first.priority
	}
}

// nextInRound returns the next job at the highest priority below the given one, or nil if it must skip
// all users. The round starts after the user who had the last turn and ends with that user.
func (q *Queue) nextInRound(
	ctx context.Context, db preparer, kind string, below int, last string, skip func(*candidate) bool,
) (*candidate, error) {
	for _, users := range []struct{ after, upTo string }{{last, afterAllUsers}, {"", last}} {
		next, err := q.nextForUser(ctx, db, kind, below, users.after)
		for err == nil && next != nil && next.user <= users.upTo {
			if !skip(next) {
				return next, nil
			}
			next, err = q.nextForUser(ctx, db, kind, below, next.user)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// afterAllUsers sorts after every user id.
const afterAllUsers = "\U0010ffff"

// nextForUser returns the oldest job of the first user after the given one who has a ready job of this
// kind at the highest priority below the given one, or nil.
func (q *Queue) nextForUser(ctx context.Context, db preparer, kind string, below int, after string) (*candidate, error) {
	statement, err := db.prepare(ctx, nextForUserSQL)
	if err != nil {
		return nil, err
	}
	c := candidate{kind: kind}
	err = statement.QueryRowContext(ctx, kind, below, after).
		Scan(&c.rowid, &c.id, &c.user, &c.priority, &c.runAt, &c.payload, &c.attempts, &c.maxAttempts, &c.claims, &c.history,
			&c.stage, &c.progress)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the next job: %w", err)
	}
	return &c, nil
}

// tryClaim claims a job with a compare-and-set. It returns nil if another worker claimed the job or the
// last slot first.
func (q *Queue) tryClaim(ctx context.Context, db preparer, c *candidate, workerID string) (*Job, error) {
	now, lane := q.now(), q.lane(c.kind)
	changed, err := execute(ctx, db, claimSQL, c.rowid, c.id, workerID, formatTime(now), formatTime(now.Add(q.lease)),
		q.limits.lanes[lane], c.kind, q.limit(c.kind), c.user, q.limits.perUser, q.shortKinds, lane == LaneShort)
	if err != nil {
		return nil, fmt.Errorf("claim job %s: %w", c.id, err)
	}
	if changed == 0 {
		return nil, nil
	}
	return &Job{
		ID: c.id, UserID: c.user, Kind: c.kind, Payload: json.RawMessage(c.payload), WorkerID: workerID,
		Attempt: c.attempts + 1, MaxAttempts: c.maxAttempts, Started: now.Truncate(time.Millisecond),
		Stage: c.stage, Progress: c.progress,
		rowid: c.rowid, claim: c.claims + 1, history: c.history,
	}, nil
}
