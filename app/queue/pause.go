package queue

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// AllKinds pauses every kind.
const AllKinds = "*"

// Pauses are the kinds of which nothing begins, sorted.
type Pauses []string

// Pause is one of them, as an operator has made it.
type Pause struct {
	Kind   string `db:"kind" json:"kind"`
	Reason string `db:"reason" json:"reason"`
	Since  string `db:"created" json:"since"` // as PocketBase writes dates
}

func (q *Queue) pauses(ctx context.Context) ([]Pause, error) {
	all := []Pause{}
	err := q.app.ConcurrentDB().Select("kind", "reason", "created").From(migrations.QueuePauses).OrderBy("kind").WithContext(ctx).All(&all)
	if err != nil {
		return nil, fmt.Errorf("read what is paused: %w", err)
	}
	return all, nil
}

// Has says whether a kind is paused, by itself or with all.
func (p Pauses) Has(kind string) bool {
	return slices.Contains(p, kind) || slices.Contains(p, AllKinds)
}

// Paused is what is paused now.
func (q *Queue) Paused() Pauses { return *q.paused.Load() }

// LoadPauses reads what is paused. Call it when a record of queue_pauses has
// changed.
func (q *Queue) LoadPauses(ctx context.Context) error {
	q.pausing.Lock() // or what was read first may be kept last
	defer q.pausing.Unlock()
	all, err := q.pauses(ctx)
	if err != nil {
		return err
	}
	kinds := Pauses{}
	for _, pause := range all {
		kinds = append(kinds, pause.Kind)
	}
	q.paused.Store(&kinds)
	q.changes.moved()
	q.Wake()
	return nil
}

// CheckPausable returns an error for the operator where nothing of that name can
// be paused.
func (q *Queue) CheckPausable(kind string) error {
	if _, ok := q.kinds[kind]; !ok && kind != AllKinds {
		return fmt.Errorf("there is no kind of job called %q: say one of %q, or %s for all", kind, q.Kinds(), AllKinds)
	}
	return nil
}

// Pause has no more jobs of a kind begin, or of all with AllKinds. What runs goes
// on. Pausing what is paused changes nothing.
func (q *Queue) Pause(ctx context.Context, kind, reason string) error {
	if err := q.CheckPausable(kind); err != nil {
		return err
	}
	if slices.Contains(q.Paused(), kind) {
		return nil
	}
	collection, err := q.app.FindCachedCollectionByNameOrId(migrations.QueuePauses)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Set("kind", kind)
	record.Set("reason", reason)
	if err := q.app.SaveWithContext(ctx, record); err != nil {
		return fmt.Errorf("pause %s: %w", kind, err)
	}
	return q.LoadPauses(ctx)
}

// Resume ends a pause. Resuming a kind doesn't end a pause of all; what isn't paused
// by itself can't be resumed.
func (q *Queue) Resume(ctx context.Context, kind string) error {
	if err := q.CheckPausable(kind); err != nil {
		return err
	}
	records, err := q.app.FindAllRecords(migrations.QueuePauses, dbx.HashExp{"kind": kind})
	if err != nil {
		return fmt.Errorf("resume %s: %w", kind, err)
	}
	if len(records) == 0 {
		return fmt.Errorf("%s isn't paused by itself; paused are: %v", kind, []string(q.Paused()))
	}
	for _, record := range records {
		if err := q.app.DeleteWithContext(ctx, record); err != nil {
			return fmt.Errorf("resume %s: %w", kind, err)
		}
	}
	return q.LoadPauses(ctx)
}
