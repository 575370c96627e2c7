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

// needPrefix starts the kind of a pause of everything that needs a service.
const needPrefix = "needs:"

// Needing returns the kind of a pause that applies to every kind with this Kind.Needs.
func Needing(need string) string { return needPrefix + need }

// Source is who creates a pause, and therefore when it ends. One kind may have a pause from each source.
type Source string

// The sources of pauses.
const (
	SourceOperator Source = "operator"
	SourceProvider Source = "provider" // the server, while a service can't be reached
	SourceKey      Source = "key"      // the server, because a service refused a user's key
)

// Pauses lists the paused kinds, sorted. No job of a paused kind starts. It may contain AllKinds.
type Pauses []string

// Has reports whether a kind is paused, on its own or by a pause of all kinds.
func (p Pauses) Has(kind string) bool {
	return slices.Contains(p, kind) || slices.Contains(p, AllKinds)
}

// Pause is a record of queue_pauses. There is at most one with the same kind, user and source.
type Pause struct {
	Kind   string `db:"kind" json:"kind"`           // the name of a kind, Needing(a service) or AllKinds
	UserID string `db:"user" json:"user,omitempty"` // blank means all users
	Email  string `db:"-" json:"email,omitempty"`   // of the user; set by Stats only
	Source Source `db:"source" json:"source"`       // blank means SourceOperator
	Reason string `db:"reason" json:"reason"`       // for other operators, or from the server: sentences for users
	Since  string `db:"created" json:"since"`       // in PocketBase's date format
}

// pauses keeps the records of queue_pauses in memory, because every claim needs them.
type pauses struct {
	app     core.App
	kinds   *kinds
	changed func(ctx context.Context, ended bool) // ended is false if pauses were only added

	loading sync.Mutex // prevents an earlier read from overwriting a later one
	current atomic.Pointer[pauseState]
}

// pauseState holds all pauses at one moment. It never changes.
type pauseState struct {
	list   []Pause            // sorted by user, so that those for all users come first
	kinds  Pauses             // paused for all users
	byUser map[userKind]bool  // kinds paused for single users
	own    map[string][]Pause // for single users, by user
}

func newPauses(app core.App, known *kinds, changed func(context.Context, bool)) *pauses {
	p := &pauses{app: app, kinds: known, changed: changed}
	p.current.Store(&pauseState{kinds: Pauses{}})
	return p
}

// Paused returns the kinds that are paused for all users.
func (p *pauses) Paused() Pauses { return p.current.Load().kinds }

// PausedFor returns the kinds of which no job of a user starts. A blank user means all users. The result is never
// nil, because clients expect a JSON list.
func (p *pauses) PausedFor(userID string) Pauses {
	state := p.current.Load()
	paused := append(Pauses{}, state.kinds...)
	for _, pause := range state.own[userID] {
		paused = append(paused, p.affected(pause)...)
	}
	slices.Sort(paused)
	return slices.Compact(paused)
}

// isPausedFor reports whether a kind is paused for a single user. A claim calls it for each candidate.
func (p *pauses) isPausedFor(key userKind) bool {
	byUser := p.current.Load().byUser
	return len(byUser) > 0 && byUser[key]
}

// affected returns the kinds that a pause applies to. For all users, AllKinds also covers kinds that are not
// defined.
func (p *pauses) affected(pause Pause) []string {
	need, isNeed := strings.CutPrefix(pause.Kind, needPrefix)
	switch {
	case isNeed:
		return p.kinds.needing(need)
	case pause.Kind == AllKinds && pause.UserID != "":
		return p.kinds.Kinds()
	}
	return []string{pause.Kind}
}

// LoadPauses reads the pauses again. It must be called after every change of a queue_pauses record, and without
// holding a transaction.
func (p *pauses) LoadPauses(ctx context.Context) error {
	p.loading.Lock()
	defer p.loading.Unlock()
	state := pauseState{kinds: Pauses{}, byUser: map[userKind]bool{}, own: map[string][]Pause{}}
	if err := p.app.ConcurrentDB().NewQuery(pausesSQL).WithContext(ctx).All(&state.list); err != nil {
		return fmt.Errorf("read pauses: %w", err)
	}
	for _, pause := range state.list {
		affected := p.affected(pause)
		if pause.UserID == "" {
			state.kinds = append(state.kinds, affected...)
			continue
		}
		state.own[pause.UserID] = append(state.own[pause.UserID], pause)
		for _, kind := range affected {
			state.byUser[userKind{pause.UserID, kind}] = true
		}
	}
	slices.Sort(state.kinds)
	state.kinds = slices.Compact(state.kinds)
	before := p.current.Swap(&state)
	remaining := make(map[Pause]bool, len(state.list))
	for _, pause := range state.list {
		remaining[pause] = true
	}
	p.changed(ctx, slices.ContainsFunc(before.list, func(pause Pause) bool { return !remaining[pause] }))
	return nil
}

// CheckPausable returns an error unless kind is the name of a known kind, Needing a service that one of them needs,
// or AllKinds.
func (p *pauses) CheckPausable(kind string) error {
	need, isNeed := strings.CutPrefix(kind, needPrefix)
	if kind == AllKinds || p.kinds.has(kind) || isNeed && len(p.kinds.needing(need)) > 0 {
		return nil
	}
	known := append(p.kinds.Kinds(), p.kinds.needs()...)
	return fmt.Errorf("unknown job kind %q: use one of %s, or %s for all kinds", kind, strings.Join(known, ", "), AllKinds)
}

// Pause is AddPause by an operator, for all users.
func (p *pauses) Pause(ctx context.Context, kind, reason string) error {
	return p.AddPause(ctx, Pause{Kind: kind, Reason: reason})
}

// AddPause keeps jobs from starting. Running jobs continue. If there is such a pause already, AddPause changes
// nothing.
func (p *pauses) AddPause(ctx context.Context, pause Pause) error {
	if err := p.CheckPausable(pause.Kind); err != nil {
		return err
	}
	if pause.Source == "" {
		pause.Source = SourceOperator
	}
	if p.exists(pause) {
		return nil
	}
	collection, err := p.app.FindCachedCollectionByNameOrId(migrations.QueuePauses)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Set("kind", pause.Kind)
	record.Set("user", pause.UserID)
	record.Set("source", string(pause.Source))
	record.Set("reason", pause.Reason)
	saveErr := p.app.SaveWithContext(ctx, record)
	if err := p.LoadPauses(ctx); err != nil {
		return err
	}
	if saveErr != nil && !p.exists(pause) { // otherwise another caller has created the same pause
		return fmt.Errorf("pause %s: %w", pause.Kind, saveErr)
	}
	return nil
}

func (p *pauses) exists(pause Pause) bool {
	return slices.ContainsFunc(p.current.Load().list, func(other Pause) bool {
		return other.Kind == pause.Kind && other.UserID == pause.UserID && other.Source == pause.Source
	})
}

// Resume ends the pauses of a kind from all sources, for a user or, if that is blank, for all users. Other pauses
// remain, also if they apply to the same jobs. It returns an error if there is no such pause.
func (p *pauses) Resume(ctx context.Context, kind, userID string) error {
	if err := p.CheckPausable(kind); err != nil {
		return err
	}
	removed, err := p.RemovePauses(ctx, kind, userID, "")
	if err == nil && removed == 0 {
		names := []string{}
		for _, pause := range p.current.Load().list {
			if pause.UserID == userID {
				names = append(names, pause.Kind)
			}
		}
		err = fmt.Errorf("%s is not paused; current pauses: %v", kind, names)
	}
	return err
}

// RemovePauses ends the pauses of a kind for a user, or for all users if that is blank, and returns how many there
// were. A blank source means all sources.
func (p *pauses) RemovePauses(ctx context.Context, kind, userID string, source Source) (int, error) {
	where := dbx.HashExp{"kind": kind, "user": userID}
	if source != "" {
		where["source"] = string(source)
	}
	records, err := p.app.FindAllRecords(migrations.QueuePauses, where)
	if err != nil {
		return 0, fmt.Errorf("resume %s: %w", kind, err)
	}
	for _, record := range records {
		if err := p.app.DeleteWithContext(ctx, record); err != nil {
			return 0, fmt.Errorf("resume %s: %w", kind, err)
		}
	}
	if len(records) == 0 {
		return 0, nil
	}
	return len(records), p.LoadPauses(ctx)
}
