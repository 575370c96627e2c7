package queue

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// What happened to a job, as PocketBase's realtime messages say it.
const (
	ActionCreate = "create"
	ActionUpdate = "update"
	ActionDelete = "delete"
)

// tellEvery is the least time between two rounds of telling observers. What
// changes more often is told once, as it is then.
const tellEvery = 50 * time.Millisecond

// Change says that a job is not what it was.
type Change struct {
	ID, UserID, Kind string
	Status           string // the last one known; read the job for the rest
	Action           string
	Updated          bool         // an update after the create, in the same round
	Record           *core.Record // as it was, of a job that was deleted
}

// Observer is told of changes, each job once in a round, in the order in which
// they came; of none where only a pause has changed. It runs on the one goroutine
// that tells all of them and must not wait for anything slow.
type Observer func(ctx context.Context, changes []Change)

// changes are those that observers have yet to be told of.
type changes struct {
	mu         sync.Mutex
	order      []string // ids
	byID       map[string]Change
	generation uint64 // how many there were
	stirred    bool   // something else has changed

	observers []Observer
	noted     chan struct{}
	end       context.CancelFunc
	ended     chan struct{}
}

func newChanges() changes {
	return changes{byID: map[string]Change{}, noted: make(chan struct{}, 1)}
}

// OnChange adds an observer. It must not be called after Start.
func (q *Queue) OnChange(observer Observer) {
	q.changes.observers = append(q.changes.observers, observer)
}

// Noted tells the queue of a change that PocketBase made for somebody: a record
// that was created or deleted.
func (q *Queue) Noted(action string, job *core.Record) {
	change := Change{
		ID: job.Id, UserID: job.GetString("user"), Kind: job.GetString("kind"), Status: job.GetString("status"), Action: action,
	}
	if action == ActionDelete {
		change.Record = job.Fresh()
	}
	q.note(change)
	switch action {
	case ActionCreate:
		q.Wake()
	case ActionDelete: // with its user, say
		q.onCancel(job.Id)
	}
}

func (q *Queue) note(change Change) { q.changes.note(change) }

// noteAfter notes a change once the transaction it is part of has been committed.
func (q *Queue) noteAfter(app core.App, change Change, also func()) {
	note := func() {
		q.note(change)
		if also != nil {
			also()
		}
	}
	if tx := app.TxInfo(); tx != nil {
		tx.OnComplete(func(err error) error {
			if err == nil {
				note()
			}
			return nil
		})
		return
	}
	note()
}

func (c *changes) note(change Change) {
	c.mu.Lock()
	c.generation++
	if len(c.observers) > 0 {
		before, ok := c.byID[change.ID]
		switch {
		case !ok:
			c.order = append(c.order, change.ID)
		case before.Action == ActionDelete: // the last there is to say
			change = before
		case change.Action == ActionCreate: // somebody has been at it before that was said
			change.Status, change.Updated = before.Status, true
		case change.Action == ActionUpdate && before.Action == ActionCreate:
			change.Action, change.Updated = ActionCreate, true
		}
		c.byID[change.ID] = change
	}
	c.mu.Unlock()
	c.wake()
}

// moved counts a change that is of no single job, such as a pause.
func (c *changes) moved() {
	c.mu.Lock()
	c.generation++
	c.stirred = true
	c.mu.Unlock()
	c.wake()
}

func (c *changes) wake() {
	select {
	case c.noted <- struct{}{}:
	default:
	}
}

// count is how many changes there ever were.
func (c *changes) count() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.generation
}

func (c *changes) taken() (all []Change, some bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	some = c.stirred || len(c.order) > 0
	c.stirred = false
	all = make([]Change, 0, len(c.order))
	for _, id := range c.order {
		all = append(all, c.byID[id])
	}
	c.order = c.order[:0]
	clear(c.byID)
	return all, some
}

func (c *changes) start() {
	ctx, end := context.WithCancel(context.Background())
	c.end, c.ended = end, make(chan struct{})
	go c.tell(ctx)
}

func (c *changes) stop(ctx context.Context) error {
	if c.end == nil {
		return nil
	}
	c.end()
	select {
	case <-c.ended:
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("observers of jobs are still busy"), ctx.Err())
	}
}

// tell runs the rounds until ctx ends, and a last one then.
func (c *changes) tell(ctx context.Context) {
	defer close(c.ended)
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-c.noted:
		case <-ctx.Done():
			c.round(context.WithoutCancel(ctx))
			return
		}
		c.round(ctx)
		pause.Reset(tellEvery)
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}
}

func (c *changes) round(ctx context.Context) {
	all, some := c.taken()
	if !some {
		return
	}
	for _, observe := range c.observers {
		observe(ctx, all)
	}
}
