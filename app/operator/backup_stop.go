package operator

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// RestoreUserOrStop runs RestoreUser. If ctx ends, it asks the server to stop and waits for the answer: it returns ctx.Err only if
// nothing was replaced, and otherwise how the restore ended.
func RestoreUserOrStop(ctx context.Context, client *control.Client, request RestoreUserRequest) (backup.RestoredUser, error) {
	request.ID = rand.Text()
	call, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	stopped := make(chan bool, 1)
	unregister := context.AfterFunc(ctx, func() {
		answer, err := StopRestore.One(call, client, StopRestoreRequest{request.ID})
		if err != nil { // the server is gone, or an earlier version that can't answer
			abandon()
		}
		stopped <- err != nil || answer.Stopped
	})
	result, err := RestoreUser.One(call, client, request)
	if !unregister() && <-stopped && err != nil {
		return backup.RestoredUser{}, ctx.Err()
	}
	return result, err
}

// runningRestores are the calls of RestoreUser that a client may stop.
type runningRestores struct {
	mu    sync.Mutex
	calls map[string]*restoreCall
}

type restoreCall struct {
	cancel  context.CancelFunc
	ended   chan struct{}
	stopped bool // may be read once ended is closed
}

// run runs a restore that stop may cancel.
func (r *runningRestores) run(
	ctx context.Context, id string, restore func(context.Context) (backup.RestoredUser, error),
) (result backup.RestoredUser, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	call := &restoreCall{cancel: cancel, ended: make(chan struct{})}
	r.mu.Lock()
	r.calls[id] = call
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.calls, id)
		r.mu.Unlock()
		call.stopped = errors.Is(err, context.Canceled)
		close(call.ended)
	}()
	return restore(ctx)
}

// stop cancels a restore and waits until it has ended. A restore that has begun to replace the database completes.
func (r *runningRestores) stop(ctx context.Context, request StopRestoreRequest) (StoppedRestore, error) {
	r.mu.Lock()
	call := r.calls[request.ID]
	r.mu.Unlock()
	if call == nil { // it has ended
		return StoppedRestore{}, nil
	}
	call.cancel()
	select {
	case <-call.ended:
		return StoppedRestore{Stopped: call.stopped}, nil
	case <-ctx.Done():
		return StoppedRestore{}, ctx.Err()
	}
}
