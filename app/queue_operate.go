package app

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// queueOperation is what a command asks of the queue.
type queueOperation struct {
	queue.Selection
	Email     string        `json:"email,omitempty"` // instead of Selection.UserID
	Limit     int           `json:"limit,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	OlderThan time.Duration `json:"older_than,omitempty"`
}

// Names of operations.
const (
	opQueueList   = "queue/list"
	opQueueRetry  = "queue/retry"
	opQueueCancel = "queue/cancel"
	opQueuePause  = "queue/pause"
	opQueueResume = "queue/resume"
	opQueuePurge  = "queue/purge"
	opQueueStats  = "queue/stats"
)

// purged is how many jobs a purge has deleted.
type purged struct {
	Deleted int `json:"deleted"`
}

// answerQueueCommands binds the operations of the queue.
func (a *App) answerQueueCommands() {
	items := func(name string, run func(ctx context.Context, op queueOperation, emit func(any) error) error) {
		a.control.Items(name, func(ctx context.Context, request json.RawMessage, emit func(any) error) error {
			op, err := decodeOperation[queueOperation](request)
			if err == nil {
				err = a.findUser(&op)
			}
			if err != nil {
				return err
			}
			return run(ctx, op, emit)
		})
	}
	bind := func(name string, run func(ctx context.Context, op queueOperation) (any, error)) {
		items(name, func(ctx context.Context, op queueOperation, emit func(any) error) error {
			answer, err := run(ctx, op)
			if err != nil {
				return err
			}
			return emit(answer)
		})
	}
	become := func(status queue.Status) func(context.Context, queueOperation) (any, error) {
		return func(ctx context.Context, op queueOperation) (any, error) {
			return a.Queue.SetStatusAll(ctx, op.Selection, status)
		}
	}
	bind(opQueueRetry, become(queue.StatusPending))
	bind(opQueueCancel, become(queue.StatusCancelled))
	items(opQueueList, func(ctx context.Context, op queueOperation, emit func(any) error) error {
		jobs, err := a.Queue.List(ctx, op.Selection, op.Limit)
		if err != nil {
			return err
		}
		return emitAll(jobs, emit)
	})
	bind(opQueuePause, func(ctx context.Context, op queueOperation) (any, error) {
		err := a.Queue.Pause(ctx, op.Kind, op.Reason)
		return a.Queue.Paused(), err
	})
	bind(opQueueResume, func(ctx context.Context, op queueOperation) (any, error) {
		err := a.Queue.Resume(ctx, op.Kind)
		return a.Queue.Paused(), err
	})
	bind(opQueuePurge, func(ctx context.Context, op queueOperation) (any, error) {
		deleted, err := a.Queue.Purge(ctx, op.Status, op.OlderThan)
		return purged{deleted}, err
	})
	bind(opQueueStats, func(ctx context.Context, _ queueOperation) (any, error) { return a.Queue.Stats(ctx) })
}

// findUser sets the id of the user that an operation names by e-mail address.
func (a *App) findUser(op *queueOperation) error {
	if op.Email == "" {
		return nil
	}
	user, err := a.FindFirstRecordByFilter(migrations.Users, "email = {:user} || id = {:user}", dbx.Params{"user": op.Email})
	if err != nil {
		return errors.New("there is no user " + op.Email)
	}
	op.UserID = user.Id
	return nil
}
