package transfer

import (
	"context"
	"sync"
)

// transferKey identifies the transfers of one recording.
type transferKey struct {
	database    string
	recordingID int64
}

// runningTransfers knows which transfers are running in this process, so that a deletion can wait for their end.
// Safe for concurrent use. It must be created with newRunningTransfers.
type runningTransfers struct {
	mu    sync.Mutex
	byKey map[transferKey]*transferRuns
}

// transferRuns are the runs of one recording: usually one, more only after a job that didn't stop.
type transferRuns struct {
	count int
	ended chan struct{} // closed when count reaches 0
}

func newRunningTransfers() *runningTransfers {
	return &runningTransfers{byKey: map[transferKey]*transferRuns{}}
}

// begin registers a run until end is called. It reports whether the run is the only one.
func (r *runningTransfers) begin(key transferKey) (end func(), only bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	runs := r.byKey[key]
	if runs == nil {
		runs = &transferRuns{ended: make(chan struct{})}
		r.byKey[key] = runs
	}
	runs.count++
	end = func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if runs.count--; runs.count == 0 {
			delete(r.byKey, key)
			close(runs.ended)
		}
	}
	return end, runs.count == 1
}

// wait waits until no run is registered, or returns the cause of ctx.
func (r *runningTransfers) wait(ctx context.Context, key transferKey) error {
	r.mu.Lock()
	runs := r.byKey[key]
	r.mu.Unlock()
	if runs == nil {
		return nil
	}
	select {
	case <-runs.ended:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
