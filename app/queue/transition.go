package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Commands change jobs for people: their owners and operators. Each takes the app
// it is to work on, which may be a transaction; observers are told after the
// commit. They return sql.ErrNoRows for a job that is gone and a *StateError for
// one that can't become what is wanted.

// commandAttempts bounds how often a command that was overtaken looks again.
const commandAttempts = 8

// known is what a command has to know of a job.
type known struct {
	ID     string `db:"id"`
	User   string `db:"user"`
	Kind   string `db:"kind"`
	Status string `db:"status"`
	Claims int    `db:"claims"`
	Dedupe string `db:"dedupe_key"`
}

// Become brings a job to the status that somebody wants: StatusCancelled or
// StatusPending.
func (q *Queue) Become(app core.App, id, status string) error {
	switch status {
	case StatusCancelled:
		return q.Cancel(app, id)
	case StatusPending:
		return q.Retry(app, id)
	}
	now, err := q.lookUp(app, id)
	if err != nil {
		return err
	}
	return &StateError{ID: id, Status: now.Status, Wanted: status}
}

// Cancel withdraws a job that waits, and asks for the end of one that runs: its
// worker stops it and settles it as cancelled.
func (q *Queue) Cancel(app core.App, id string) error {
	return q.command(app, id, StatusCancelled, func(now known) (string, func(), error) {
		switch now.Status {
		case StatusPending, StatusFailed:
			return move(now.Status, StatusCancelled, "finished_at = {:now}, updated = {:now}, error = ''", whose), nil, nil
		case StatusProcessing:
			return "UPDATE global_queue SET cancel_requested = TRUE, updated = {:now} WHERE status = 'processing' AND " + whose,
				func() { q.onCancel(id) }, nil
		}
		return "", nil, nil
	})
}

// Retry makes a job that is dead, cancelled or waiting for another attempt
// pending and due, with as many attempts more as its kind has. It returns
// ErrDuplicate where the same work has been queued anew meanwhile.
func (q *Queue) Retry(app core.App, id string) error {
	return q.command(app, id, StatusPending, func(now known) (string, func(), error) {
		if now.Status == StatusProcessing || !canBecome(now.Status, StatusPending) {
			return "", nil, nil
		}
		if IsFinished(now.Status) {
			if err := q.checkRoom(app, now.User, now.Dedupe); err != nil {
				return "", nil, err
			}
		}
		attempts := defaultAttempts
		if kind, ok := q.kinds[now.Kind]; ok {
			attempts = kind.MaxAttempts
		}
		return move(now.Status, StatusPending, fmt.Sprintf(
			`ready = TRUE, run_at = {:now}, updated = {:now}, finished_at = '', stage = '', progress = 0, error = '', cancel_requested = FALSE,
			 max_attempts = attempts + %d`, attempts), whose), q.Wake, nil
	})
}

// isNotUnique says that the index of active jobs has refused a job.
func isNotUnique(err error) bool {
	return err != nil && strings.Contains(err.Error(), "UNIQUE constraint failed: global_queue")
}

// whose finds a job as long as nobody has claimed it since it was looked up.
const whose = "id = {:id} AND claims = {:claims}"

// command looks a job up and runs the statement that decide returns for it, until
// one has met the job as it was looked up. No statement means that the job can't
// become what is wanted.
func (q *Queue) command(app core.App, id, wanted string, decide func(now known) (statement string, then func(), err error)) error {
	for range commandAttempts {
		now, err := q.lookUp(app, id)
		if err != nil {
			return err
		}
		statement, then, err := decide(now)
		if err != nil {
			return fmt.Errorf("bring job %s to %s: %w", id, wanted, err)
		}
		if statement == "" {
			return &StateError{ID: id, Status: now.Status, Wanted: wanted}
		}
		result, err := app.NonconcurrentDB().NewQuery(statement).Bind(dbx.Params{"id": id, "claims": now.Claims, "now": q.stamp(0)}).Execute()
		if isNotUnique(err) { // since it was looked for
			err = ErrDuplicate
		}
		if err != nil {
			return fmt.Errorf("bring job %s to %s: %w", id, wanted, err)
		}
		if changed, err := result.RowsAffected(); err != nil {
			return err
		} else if changed == 1 {
			q.noteAfter(app, Change{ID: id, UserID: now.User, Kind: now.Kind, Status: wanted, Action: ActionUpdate}, then)
			return nil
		}
	}
	return fmt.Errorf("job %s keeps changing: try again", id)
}

func (q *Queue) lookUp(app core.App, id string) (now known, err error) {
	err = app.NonconcurrentDB().Select("id", "user", "kind", "status", "claims", "dedupe_key").
		From(migrations.GlobalQueue).Where(dbx.HashExp{"id": id}).One(&now)
	if err != nil {
		return now, fmt.Errorf("look job %s up: %w", id, err)
	}
	return now, nil
}

const maxPriority = 1000

// Reschedule changes when and how urgently a job that waits is to run: runAt as
// PocketBase writes dates, priority from -1000 to 1000, higher first. A *StateError
// says that it doesn't wait, an *InvalidJob that there is no such priority.
func (q *Queue) Reschedule(app core.App, id string, priority int, runAt string) error {
	if priority < -maxPriority || priority > maxPriority {
		return &InvalidJob{Field: "priority", Message: fmt.Sprintf("A priority is from %d to %d.", -maxPriority, maxPriority)}
	}
	now, err := q.lookUp(app, id)
	if err != nil {
		return err
	}
	result, err := app.NonconcurrentDB().NewQuery(`UPDATE global_queue SET priority = {:priority}, run_at = {:run_at}, updated = {:now},
		ready = status = 'pending' AND {:run_at} <= {:now} WHERE status IN ('pending', 'failed') AND ` + whose).
		Bind(dbx.Params{"id": id, "claims": now.Claims, "now": q.stamp(0), "priority": priority, "run_at": runAt}).Execute()
	if err != nil {
		return fmt.Errorf("reschedule job %s: %w", id, err)
	}
	if changed, err := result.RowsAffected(); err != nil {
		return err
	} else if changed == 0 {
		return &StateError{ID: id, Status: now.Status, Wanted: rescheduled}
	}
	q.noteAfter(app, Change{ID: id, UserID: now.User, Kind: now.Kind, Status: now.Status, Action: ActionUpdate}, q.Wake)
	return nil
}

// BulkOutcome is what became of a selection.
type BulkOutcome struct {
	Changed int `json:"changed"`
	Skipped int `json:"skipped"` // those that couldn't become what was wanted, and ids of none
}

// bulkAtOnce is how many jobs one transaction changes: others wait for it.
const bulkAtOnce = 100

// BecomeAll brings every job of a selection to a status. Without a status in the
// selection it means dead jobs for a retry, and active ones for a cancel, unless it
// has ids. An *InvalidJob says that there is no such status or kind.
func (q *Queue) BecomeAll(ctx context.Context, of Selection, status string) (outcome BulkOutcome, err error) {
	if err := q.checkSelection(of); err != nil {
		return outcome, err
	}
	ids, err := q.selected(ctx, of, status)
	if err != nil {
		return outcome, err
	}
	outcome.Skipped = max(0, len(of.IDs)-len(ids))
	for len(ids) > 0 {
		chunk := ids[:min(bulkAtOnce, len(ids))]
		ids = ids[len(chunk):]
		changed := 0
		err := q.app.RunInTransaction(func(tx core.App) error {
			changed = 0
			for _, id := range chunk {
				switch err := q.Become(tx, id, status); {
				case err == nil:
					changed++
				case !isRefusal(err):
					return err
				}
			}
			return ctx.Err()
		})
		if err != nil {
			return outcome, err
		}
		outcome.Changed += changed
		outcome.Skipped += len(chunk) - changed
	}
	return outcome, nil
}

// isRefusal says that a job is as it was because it can't become what was wanted.
func isRefusal(err error) bool {
	_, state := errors.AsType[*StateError](err)
	_, invalid := errors.AsType[*InvalidJob](err)
	return state || invalid || errors.Is(err, ErrDuplicate) || errors.Is(err, sql.ErrNoRows)
}

func (q *Queue) selected(ctx context.Context, of Selection, wanted string) (ids []string, err error) {
	if of.Status == "" && len(of.IDs) == 0 && wanted == StatusPending {
		of.Status = StatusDead
	}
	query := of.narrow(q.app.ConcurrentDB().Select("id").From(migrations.GlobalQueue)).OrderBy("run_at").WithContext(ctx)
	if of.Status == "" && len(of.IDs) == 0 {
		query.AndWhere(dbx.NewExp("finished_at = ''"))
	}
	if err := query.Column(&ids); err != nil {
		return nil, fmt.Errorf("select jobs: %w", err)
	}
	return ids, nil
}

// OnCancel sets what is called with the id of a running job whose end is asked
// for. It must not be called after Start.
func (q *Queue) OnCancel(stop func(jobID string)) { q.onCancel = stop }
