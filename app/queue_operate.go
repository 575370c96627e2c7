package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	bind := func(name string, run func(ctx context.Context, op queueOperation) (any, error)) {
		a.control.Items(name, func(ctx context.Context, request json.RawMessage, emit func(any) error) error {
			var op queueOperation
			if err := json.Unmarshal(request, &op); err != nil {
				return fmt.Errorf("read the request: %w", err)
			}
			if err := a.findUser(&op); err != nil {
				return err
			}
			answer, err := run(ctx, op)
			if err != nil {
				return err
			}
			return emit(answer)
		})
	}
	become := func(status string) func(context.Context, queueOperation) (any, error) {
		return func(ctx context.Context, op queueOperation) (any, error) {
			return a.Queue.BecomeAll(ctx, op.Selection, status)
		}
	}
	bind(opQueueRetry, become(queue.StatusPending))
	bind(opQueueCancel, become(queue.StatusCancelled))
	bind(opQueueList, func(ctx context.Context, op queueOperation) (any, error) {
		return a.Queue.List(ctx, op.Selection, op.Limit)
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
