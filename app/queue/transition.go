package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// This file holds the changes that owners and operators make to jobs. Each method runs on the given app,
// which may be a transaction, and notifies observers after the commit. The methods return sql.ErrNoRows
// if the job does not exist, and a *StateError if its status does not allow the change.

// transitionAttempts limits how often a change is tried again because the job changed concurrently.
const transitionAttempts = 8

// jobState contains the fields of a job that a change depends on.
type jobState struct {
	ID     string `db:"id"`
	User   string `db:"user"`
	Kind   string `db:"kind"`
	Status Status `db:"status"`
	Claims int    `db:"claims"`
	Dedupe string `db:"dedupe_key"`
}

func (s jobState) change(status Status) Change {
	return Change{ID: s.ID, UserID: s.User, Kind: s.Kind, Status: status, Action: ActionUpdate}
}

// SetStatus calls Cancel for StatusCancelled and Retry for StatusPending. It returns a *StateError for any
// other status.
func (q *Queue) SetStatus(app core.App, id string, status Status) error {
	switch status {
	case StatusCancelled:
		return q.Cancel(app, id)
	case StatusPending:
		return q.Retry(app, id)
	}
	state, err := q.readState(app, id)
	if err != nil {
		return err
	}
	return &StateError{ID: id, Status: state.Status, Wanted: status}
}

// Cancel cancels a pending or failed job. A running job is marked, and its worker is notified to stop it
// and record it as cancelled.
func (q *Queue) Cancel(app core.App, id string) error {
	return q.transition(app, id, StatusCancelled, func(state jobState) (stateUpdate, error) {
		cancel := stateUpdate{text: cancelSQL[state.Status]}
		if state.Status == StatusProcessing {
			cancel.then = func() { q.onCancel(id) }
		}
		return cancel, nil
	})
}

// CancelActive cancels the active job that does a piece of work: the one of a kind and a user for whose payload
// Kind.Check returns the given text. It has no effect if there is none.
func (q *Queue) CancelActive(kind, userID, work string) error {
	var active activeJob
	err := q.app.NonconcurrentDB().NewQuery(findActiveSQL).
		Bind(dbx.Params{"user": userID, "key": workKey(kind, userID, work)}).One(&active)
	if err == nil {
		err = q.Cancel(q.app, active.ID)
	}
	if _, ended := errors.AsType[*StateError](err); ended || errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// Retry makes a dead, cancelled or failed job pending and ready, with as many further attempts as a new
// job of its kind. It returns ErrDuplicate if another active job does the same work, and an *InvalidJob
// if the owner has the maximum number of active jobs.
func (q *Queue) Retry(app core.App, id string) error {
	return q.transition(app, id, StatusPending, func(state jobState) (stateUpdate, error) {
		if state.Status.IsFinished() && retrySQL[state.Status] != "" {
			if err := q.checkRetry(app, state); err != nil {
				return stateUpdate{}, err
			}
		}
		return stateUpdate{
			text: retrySQL[state.Status], params: dbx.Params{"attempts": q.maxAttempts(state.Kind)}, then: q.Wake,
		}, nil
	})
}

// checkRetry returns ErrDuplicate or an *InvalidJob if an ended job must not become active. If two requests race,
// the unique index of active jobs decides.
func (q *Queue) checkRetry(app core.App, job jobState) error {
	count, err := q.countActive(app, job.User, job.Dedupe)
	switch {
	case err != nil:
		return err
	case count.duplicates > 0:
		return ErrDuplicate
	case q.byName[job.Kind].Internal:
		return nil
	}
	return count.checkLimit()
}

// stateUpdate is the statement of a transition.
type stateUpdate struct {
	text   string     // empty if the status does not allow the transition
	params dbx.Params // in addition to id, claims and now
	then   func()     // called after the commit; may be nil
}

// transition reads a job and runs the statement that decide returns for it. It tries again if the job
// was claimed in between.
func (q *Queue) transition(app core.App, id string, wanted Status, decide func(state jobState) (stateUpdate, error)) error {
	for range transitionAttempts {
		state, err := q.readState(app, id)
		if err != nil {
			return err
		}
		update, err := decide(state)
		if err != nil {
			return fmt.Errorf("set job %s to %s: %w", id, wanted, err)
		}
		if update.text == "" {
			return &StateError{ID: id, Status: state.Status, Wanted: wanted}
		}
		changed, err := q.executeUnclaimed(app, state, update.text, update.params)
		if err != nil {
			return fmt.Errorf("set job %s to %s: %w", id, wanted, err)
		}
		if changed {
			q.publishAfterCommit(app, state.change(wanted), update.then)
			return nil
		}
	}
	return fmt.Errorf("job %s keeps changing: try again", id)
}

func (q *Queue) readState(app core.App, id string) (jobState, error) {
	var state jobState
	if err := app.NonconcurrentDB().NewQuery(jobStateSQL).Bind(dbx.Params{"id": id}).One(&state); err != nil {
		return state, fmt.Errorf("read job %s: %w", id, err)
	}
	return state, nil
}

// executeUnclaimed runs a statement that has unclaimedWhere and reports whether it changed the job.
func (q *Queue) executeUnclaimed(app core.App, state jobState, text string, params dbx.Params) (bool, error) {
	result, err := app.NonconcurrentDB().NewQuery(text).Bind(params).
		Bind(dbx.Params{"id": state.ID, "claims": state.Claims, "now": q.timestamp(0)}).Execute()
	if IsDuplicate(err) { // another job for the same work was created since checkRetry
		err = ErrDuplicate
	}
	if err != nil {
		return false, err
	}
	changed, err := result.RowsAffected()
	return changed == 1, err
}

const maxPriority = 1000

// Reschedule changes the run_at and the priority of a pending or failed job. runAt is in PocketBase's date
// format; blank means now. Priorities range from -1000 to 1000, and higher ones start first. Reschedule returns a
// *StateError if the job has another status, and an *InvalidJob if the priority is out of range.
func (q *Queue) Reschedule(app core.App, id string, priority int, runAt string) error {
	if priority < -maxPriority || priority > maxPriority {
		return &InvalidJob{Field: "priority", Message: fmt.Sprintf("The priority must be between %d and %d.", -maxPriority, maxPriority)}
	}
	if runAt == "" {
		runAt = q.timestamp(0)
	}
	state, err := q.readState(app, id)
	if err != nil {
		return err
	}
	changed, err := q.executeUnclaimed(app, state, rescheduleSQL, dbx.Params{"priority": priority, "run_at": runAt})
	if err != nil {
		return fmt.Errorf("reschedule job %s: %w", id, err)
	}
	if !changed {
		return &StateError{ID: id, Status: state.Status, Wanted: rescheduled}
	}
	q.publishAfterCommit(app, state.change(state.Status), q.Wake)
	return nil
}

// BulkResult counts the jobs of a selection after SetStatusAll.
type BulkResult struct {
	Changed int `json:"changed"`
	Skipped int `json:"skipped"` // jobs that do not allow the change, and unknown ids
}

// bulkBatch is the number of jobs that one transaction changes. Other writers wait for the transaction.
const bulkBatch = 100

// SetStatusAll changes the status of all selected jobs, as SetStatus does. A selection without ids and
// without a status means the dead jobs if status is StatusPending, and the active jobs if it is
// StatusCancelled. It returns an *InvalidJob if the status or the kind of the selection is unknown. After
// any other error, the result counts the jobs that were changed before the error.
func (q *Queue) SetStatusAll(ctx context.Context, selection Selection, status Status) (BulkResult, error) {
	var total BulkResult
	if err := q.checkSelection(selection); err != nil {
		return total, err
	}
	var ids []string
	if err := selectedIDs(q.app, selection, status).WithContext(ctx).Column(&ids); err != nil {
		return total, fmt.Errorf("select jobs: %w", err)
	}
	total.Skipped = max(0, len(selection.IDs)-len(ids))
	for len(ids) > 0 {
		batch := ids[:min(bulkBatch, len(ids))]
		ids = ids[len(batch):]
		changed, err := q.setStatusOfBatch(ctx, batch, status)
		if err != nil {
			return total, err
		}
		total.Changed += changed
		total.Skipped += len(batch) - changed
	}
	return total, nil
}

// setStatusOfBatch changes the jobs in one transaction and returns how many it changed.
func (q *Queue) setStatusOfBatch(ctx context.Context, ids []string, status Status) (int, error) {
	changed := 0
	err := q.app.RunInTransaction(func(tx core.App) error {
		changed = 0 // PocketBase may retry the transaction
		for _, id := range ids {
			switch err := q.SetStatus(tx, id, status); {
			case err == nil:
				changed++
			case !isRefusal(err):
				return err
			}
		}
		return ctx.Err()
	})
	return changed, err
}

// isRefusal reports whether an error means that a job does not allow the change.
func isRefusal(err error) bool {
	_, state := errors.AsType[*StateError](err)
	_, invalid := errors.AsType[*InvalidJob](err)
	return state || invalid || errors.Is(err, ErrDuplicate) || errors.Is(err, sql.ErrNoRows)
}

// OnCancel sets the function that is called with the id of a job when a running job is cancelled or any
// job is deleted. It must not be called after Start.
func (q *Queue) OnCancel(stop func(jobID string)) { q.onCancel = stop }
