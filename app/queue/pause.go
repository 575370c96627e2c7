package queue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// AllKinds is the kind of a pause that applies to every kind.
const AllKinds = "*"

// Pauses lists the paused kinds, sorted. No job of a paused kind starts. It may contain AllKinds.
type Pauses []string

// Has reports whether a kind is paused, on its own or by a pause of all kinds.
func (p Pauses) Has(kind string) bool {
	return slices.Contains(p, kind) || slices.Contains(p, AllKinds)
}

// Pause is the record of a pause that an operator created.
type Pause struct {
	Kind   string `db:"kind" json:"kind"`
	Reason string `db:"reason" json:"reason"`
	Since  string `db:"created" json:"since"` // in PocketBase's date format
}

// pauses keeps the records of queue_pauses in memory, because every claim needs them.
type pauses struct {
	app     core.App
	kinds   *kinds
	changed func()

	loading sync.Mutex // prevents an earlier read from overwriting a later one
	current atomic.Pointer[Pauses]
}

func newPauses(app core.App, known *kinds, changed func()) *pauses {
	p := &pauses{app: app, kinds: known, changed: changed}
	p.current.Store(&Pauses{})
	return p
}

// Paused returns the current pauses.
func (p *pauses) Paused() Pauses { return *p.current.Load() }

// list returns a copy of the current pauses. It is never nil, because clients expect a JSON list.
func (p *pauses) list() Pauses { return append(Pauses{}, p.Paused()...) }

// LoadPauses reads the pauses again. It must be called after every change of a queue_pauses record.
func (p *pauses) LoadPauses(ctx context.Context) error {
	p.loading.Lock()
	defer p.loading.Unlock()
	records, err := p.read(ctx)
	if err != nil {
		return err
	}
	current := Pauses{}
	for _, pause := range records {
		current = append(current, pause.Kind)
	}
	p.current.Store(&current)
	p.changed()
	return nil
}

func (p *pauses) read(ctx context.Context) ([]Pause, error) {
	records := []Pause{}
	if err := p.app.ConcurrentDB().NewQuery(pausesSQL).WithContext(ctx).All(&records); err != nil {
		return nil, fmt.Errorf("read pauses: %w", err)
	}
	return records, nil
}

// CheckPausable returns an error unless kind is the name of a known kind or AllKinds.
func (p *pauses) CheckPausable(kind string) error {
	if kind != AllKinds && !p.kinds.has(kind) {
		return fmt.Errorf("unknown job kind %q: use one of %s, or %s for all kinds", kind, strings.Join(p.kinds.Kinds(), ", "), AllKinds)
	}
	return nil
}

// Pause keeps jobs of a kind, or of all kinds with AllKinds, from starting. Running jobs continue.
// Pausing a paused kind changes nothing.
func (p *pauses) Pause(ctx context.Context, kind, reason string) error {
	if err := p.CheckPausable(kind); err != nil {
		return err
	}
	if slices.Contains(p.Paused(), kind) {
		return nil
	}
	collection, err := p.app.FindCachedCollectionByNameOrId(migrations.QueuePauses)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Set("kind", kind)
	record.Set("reason", reason)
	if err := p.app.SaveWithContext(ctx, record); err != nil {
		return fmt.Errorf("pause %s: %w", kind, err)
	}
	return p.LoadPauses(ctx)
}

// Resume ends the pause of a kind. With AllKinds it ends only the pause of all kinds, not those of single
// kinds. It returns an error if there is no such pause.
func (p *pauses) Resume(ctx context.Context, kind string) error {
	if err := p.CheckPausable(kind); err != nil {
		return err
	}
	records, err := p.app.FindAllRecords(migrations.QueuePauses, dbx.HashExp{"kind": kind})
	if err != nil {
		return fmt.Errorf("resume %s: %w", kind, err)
	}
	if len(records) == 0 {
		return fmt.Errorf("%s is not paused; current pauses: %v", kind, []string(p.Paused()))
	}
	for _, record := range records {
		if err := p.app.DeleteWithContext(ctx, record); err != nil {
			return fmt.Errorf("resume %s: %w", kind, err)
		}
	}
	return p.LoadPauses(ctx)
}
