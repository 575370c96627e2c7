package queue

import "context"

// Overview is the queue as one user sees it.
type Overview struct {
	Running   int            `json:"running"`   // jobs of all users
	Waiting   int            `json:"waiting"`   // ready jobs of all users
	Paused    Pauses         `json:"paused"`    // kinds of which no job of the user starts
	Pauses    []OwnPause     `json:"pauses"`    // why
	Holds     []OwnHold      `json:"holds"`     // kinds of which no job that has never run starts
	Positions map[string]int `json:"positions"` // of all ready jobs of the user, by id

	// Lags reports whether jobs have changed since the queue was read. A later Overview contains these changes.
	Lags bool `json:"-"`
}

// OwnPause is a pause in an Overview.
type OwnPause struct {
	Kinds  Pauses `json:"kinds"`
	Source Source `json:"source"`
	Reason string `json:"reason"` // for the user; blank if an operator created the pause
	Since  string `json:"since"`  // in PocketBase's date format
}

// OwnHold keeps jobs from starting, in an Overview, because one of the same kind found that they would have to wait.
type OwnHold struct {
	Kind   string `json:"kind"`
	Reason string `json:"reason"` // whole sentences for the user; may be blank
	Until  string `json:"until"`  // in PocketBase's date format
}

// Overview returns the queue as a user sees it.
func (r *reader) Overview(ctx context.Context, userID string) (Overview, error) {
	s, err := r.snapshot(ctx)
	if err != nil {
		return Overview{}, err
	}
	places, err := r.placesOf(ctx, s, userID)
	if err != nil {
		return Overview{}, err
	}
	overview := Overview{
		Running: s.running, Waiting: s.ready, Paused: r.pauses.PausedFor(userID), Pauses: r.pauses.of(userID),
		Holds: r.holds.of(userID, r.now()), Positions: make(map[string]int, len(places)), Lags: r.lags(s.changes),
	}
	for id, place := range places {
		if !r.pauses.isPausedFor(userKind{userID, place.kind}) {
			overview.Positions[id] = place.position
		}
	}
	return overview, nil
}

// of returns the pauses that apply to a user. It is never nil.
func (p *pauses) of(userID string) []OwnPause {
	state, found := p.current.Load(), []OwnPause{}
	for _, pause := range state.list {
		if pause.UserID != "" { // those of single users follow
			break
		}
		found = append(found, p.own(pause))
	}
	for _, pause := range state.own[userID] {
		found = append(found, p.own(pause))
	}
	return found
}

func (p *pauses) own(pause Pause) OwnPause {
	own := OwnPause{Kinds: p.affected(pause), Source: pause.Source, Reason: pause.Reason, Since: pause.Since}
	if pause.Source == SourceOperator {
		own.Reason = "" // it is meant for other operators
	}
	return own
}
