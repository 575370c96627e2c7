package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// claimAttempts bounds how often a claim that lost a race looks again.
const claimAttempts = 8

// errLostRace means that another worker was first, or no place is free.
var errLostRace = errors.New("another worker claimed the job")

// Claim gives the worker the next job that is due, or nil where there is none
// or as many as allowed are running. Higher priority first; within it users
// take turns, and each user's jobs go oldest first. The claim itself is one
// UPDATE that only one worker can win.
func (q *Queue) Claim(ctx context.Context, workerID string) (*Job, error) {
	for range claimAttempts {
		id, userID, err := q.head(ctx)
		if err != nil || id == "" {
			return nil, err
		}
		// Not to be cut off half-way: a claim that was made must be known.
		err = q.take(context.WithoutCancel(ctx), id, workerID)
		if errors.Is(err, errLostRace) {
			if full, err := q.full(ctx); err != nil || full {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		q.noteTurn(userID)

		record, err := q.Find(id)
		if err != nil { // nobody runs it: its lease runs out, and then it is taken up again
			return nil, fmt.Errorf("read claimed job %s: %w", id, err)
		}
		q.announce(ctx, record)
		job := jobOf(record)
		return &job, nil
	}
	return nil, nil
}

// take is the compare-and-set. PocketBase keeps an empty date as an empty string.
func (q *Queue) take(ctx context.Context, id, workerID string) error {
	now := q.stamp(0)
	result, err := q.app.NonconcurrentDB().NewQuery(`
		UPDATE global_queue
		SET status = 'processing', worker_id = {:worker}, claimed_at = {:now}, lease_expires_at = {:lease},
		    attempts = attempts + 1, stage = '', progress = 0, error = '', updated = {:now}
		WHERE id = {:id} AND status = 'pending' AND claimed_at = ''
		  AND (SELECT COUNT(*) FROM global_queue WHERE status = 'processing') < {:concurrency}`).
		Bind(dbx.Params{"id": id, "worker": workerID, "now": now, "lease": q.stamp(q.lease), "concurrency": q.concurrency}).
		WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("claim job %s: %w", id, err)
	}
	won, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("claim job %s: %w", id, err)
	}
	if won == 0 {
		return errLostRace
	}
	return nil
}

// candidate is the oldest due job of a user at a priority.
type candidate struct {
	ID       string `db:"id"`
	User     string `db:"user"`
	Priority int    `db:"priority"`
	RunAt    string `db:"run_at"`
}

// head finds the job to claim next: of every user's oldest due jobs the one
// with the highest priority whose user has waited longest for a turn.
func (q *Queue) head(ctx context.Context) (id, userID string, err error) {
	var heads []candidate
	// With MIN, SQLite takes the bare columns from the row that has the minimum:
	// https://sqlite.org/lang_select.html#bareagg
	err = q.app.ConcurrentDB().NewQuery(`
		SELECT id, user, priority, MIN(run_at) AS run_at FROM global_queue
		WHERE status = 'pending' AND run_at <= {:now}
		GROUP BY user, priority`).
		Bind(dbx.Params{"now": q.stamp(0)}).WithContext(ctx).All(&heads)
	if err != nil {
		return "", "", fmt.Errorf("find the next job: %w", err)
	}
	if len(heads) == 0 {
		return "", "", nil
	}

	q.mu.Lock()
	defer q.mu.Unlock()
	next := slices.MinFunc(heads, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(b.Priority, a.Priority),
			cmp.Compare(q.served[a.User], q.served[b.User]),
			cmp.Compare(a.RunAt, b.RunAt),
			cmp.Compare(a.ID, b.ID),
		)
	})
	return next.ID, next.User, nil
}

// noteTurn remembers whose turn it was. What is forgotten, at a restart or when
// the map is cut, only costs somebody one turn.
func (q *Queue) noteTurn(userID string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.served) > 100_000 {
		clear(q.served)
	}
	q.turn++
	q.served[userID] = q.turn
}

func (q *Queue) full(ctx context.Context) (bool, error) {
	var running int
	err := q.app.NonconcurrentDB().Select("COUNT(*)").From(migrations.GlobalQueue).
		Where(dbx.HashExp{"status": StatusProcessing}).WithContext(ctx).Row(&running)
	if err != nil {
		return false, fmt.Errorf("count running jobs: %w", err)
	}
	return running >= q.concurrency, nil
}
