package queue

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

// Actions of a Change, named as in PocketBase's realtime messages.
const (
	ActionCreate = "create"
	ActionUpdate = "update"
	ActionDelete = "delete"
)

// deliveryInterval is the minimum time between two deliveries to observers. If a job changes more often,
// only its latest state is delivered.
const deliveryInterval = 50 * time.Millisecond

// Change describes what happened to one job since the last delivery.
type Change struct {
	ID, UserID, Kind string
	Status           Status       // the latest known status; the other fields must be read from the job
	Action           string       // ActionCreate, ActionUpdate or ActionDelete
	Updated          bool         // with ActionCreate: the job was also updated since
	Record           *core.Record // with ActionDelete: the last state of the job
}

// change describes an update of a claimed job.
func (j Job) change(status Status) Change {
	return Change{ID: j.ID, UserID: j.UserID, Kind: j.Kind, Status: status, Action: ActionUpdate}
}

// Observer receives the changes since the last delivery: one for each job, in the order in which the
// jobs first changed. changes is empty if only a pause changed. All observers run on one goroutine, so
// an Observer must not wait for anything slow.
type Observer func(ctx context.Context, changes []Change)

// events collects changes and delivers them to observers.
type events struct {
	mu         sync.Mutex
	order      []string          // ids of the changed jobs, in the order of their first change
	byID       map[string]Change // since the last delivery
	general    bool              // whether publishGeneral was called since the last delivery
	generation uint64            // incremented by every change

	observers []Observer
	wake      background.Wake
	started   bool
	group     background.Group
}

func newEvents() events {
	return events{byID: map[string]Change{}, wake: background.NewWake()}
}

// OnChange adds an observer. It must not be called after Start.
func (q *Queue) OnChange(observer Observer) {
	q.events.observers = append(q.events.observers, observer)
}

// RecordChanged publishes a change that PocketBase made. It must be called after a record was created or
// deleted, with ActionCreate or ActionDelete.
func (q *Queue) RecordChanged(action string, job *core.Record) {
	change := Change{
		ID: job.Id, UserID: job.GetString("user"), Kind: job.GetString("kind"), Status: Status(job.GetString("status")), Action: action,
	}
	if action == ActionDelete {
		change.Record = job.Fresh()
	}
	q.events.publish(change)
	switch action {
	case ActionCreate:
		q.created.count(change.UserID)
		q.Wake()
	case ActionDelete: // the job may be running, for example if its user was deleted
		q.onCancel(job.Id)
	}
}

// publishAfterCommit publishes a change and calls then, which may be nil. If app is a transaction, both
// happen after its commit.
func (q *Queue) publishAfterCommit(app core.App, change Change, then func()) {
	publish := func() {
		q.events.publish(change)
		if then != nil {
			then()
		}
	}
	tx := app.TxInfo()
	if tx == nil {
		publish()
		return
	}
	tx.OnComplete(func(err error) error {
		if err == nil {
			publish()
		}
		return nil
	})
}

// publish adds a change to the next delivery.
func (e *events) publish(change Change) {
	e.mu.Lock()
	e.generation++
	if len(e.observers) > 0 {
		earlier, ok := e.byID[change.ID]
		switch {
		case !ok:
			e.order = append(e.order, change.ID)
		case earlier.Action == ActionDelete: // nothing follows a deletion
			change = earlier
		case change.Action == ActionCreate: // the worker was faster than PocketBase's hook
			change.Status, change.Updated = earlier.Status, true
		case change.Action == ActionUpdate && earlier.Action == ActionCreate:
			change.Action, change.Updated = ActionCreate, true
		}
		e.byID[change.ID] = change
	}
	e.mu.Unlock()
	e.wake.Signal()
}

// publishGeneral publishes a change that does not concern a single job, such as a pause.
func (e *events) publishGeneral() {
	e.mu.Lock()
	e.generation++
	e.general = true
	e.mu.Unlock()
	e.wake.Signal()
}

// count returns the number of changes published so far.
func (e *events) count() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.generation
}

func (e *events) start(ctx context.Context) error {
	e.started = true
	e.group.Start(ctx)
	return e.group.Go(e.deliver)
}

func (e *events) stop(ctx context.Context) error {
	if !e.started {
		return nil
	}
	if err := e.group.Stop(ctx); err != nil {
		return fmt.Errorf("wait for the observers of jobs: %w", err)
	}
	return nil
}

// deliver delivers changes until ctx ends, and once more after that. Observers get a context that does
// not end with ctx, so that the last changes are not lost.
func (e *events) deliver(ctx context.Context) {
	interval := time.NewTimer(deliveryInterval)
	defer interval.Stop()
	for {
		select {
		case <-e.wake.C():
		case <-ctx.Done():
			e.deliverOnce(context.WithoutCancel(ctx))
			return
		}
		e.deliverOnce(context.WithoutCancel(ctx))
		interval.Reset(deliveryInterval)
		select {
		case <-interval.C:
		case <-ctx.Done():
		}
	}
}

func (e *events) deliverOnce(ctx context.Context) {
	changes, ok := e.takePending()
	if !ok {
		return
	}
	for _, observe := range e.observers {
		observe(ctx, changes)
	}
}

// takePending returns the changes since the last call. ok is false if nothing was published; a general
// change alone makes it true.
func (e *events) takePending() (changes []Change, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ok = e.general || len(e.order) > 0
	e.general = false
	changes = make([]Change, 0, len(e.order))
	for _, id := range e.order {
		changes = append(changes, e.byID[id])
	}
	e.order = e.order[:0]
	clear(e.byID)
	return changes, ok
}
