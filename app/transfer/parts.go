package transfer

import (
	"encoding/json"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// partState is what is known about a part of a meeting: its summary, transcript, action items or highlights.
type partState string

const (
	partReady   partState = "ready"   // stored
	partWaiting partState = "waiting" // not ready at Fathom; it is requested again
	partNone    partState = "none"    // Fathom has none
)

// partStates are the states of a meeting's parts, kept in its field parts.
type partStates struct {
	Summary     partState `json:"summary"`
	Transcript  partState `json:"transcript"`
	ActionItems partState `json:"action_items"`
	Highlights  partState `json:"highlights"`
}

// partStatesOf returns the states of a meeting's parts. They are blank if Fathom hasn't been asked.
func partStatesOf(meeting *core.Record) (states partStates) {
	_ = json.Unmarshal([]byte(meeting.GetString("parts")), &states) // null leaves them blank
	return states
}

// isWaiting reports whether any part is requested again.
func (s partStates) isWaiting() bool {
	return s.Summary == partWaiting || s.Transcript == partWaiting || s.ActionItems == partWaiting || s.Highlights == partWaiting
}

// next returns the state of a part after a request for it. has reports whether the part is stored, and isFinal whether
// there is no point in requesting it again.
func (p partState) next(has, isFinal bool) partState {
	switch {
	case has:
		return partReady
	case isFinal, p == partNone:
		return partNone
	}
	return partWaiting
}

// partWaits are the times between the requests for the parts of a meeting. The last one repeats.
var partWaits = []time.Duration{
	2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

const (
	// minPartTries is the least number of requests before a part is given up, however old its meeting is.
	minPartTries = 3

	// itemsFor is the age from which a meeting that has a summary, but no action items or highlights, counts as having
	// none.
	itemsFor = 48 * time.Hour

	// partsChangeFor is the age up to which each pass over all meetings requests the parts of a meeting again,
	// because Fathom doesn't tell when a summary is edited.
	partsChangeFor = 30 * 24 * time.Hour
)

// partWait returns the time until the next request after a number of them. A random tenth keeps meetings apart that
// were found together.
func partWait(tries int) time.Duration {
	wait := partWaits[min(max(tries, 1), len(partWaits))-1]
	return wait - wait/10 + rand.N(wait/5)
}

// isOverdue reports whether the parts of a meeting that are still missing after a number of requests are given up.
func (s *Service) isOverdue(meeting *core.Record, tries int) bool {
	return s.partsFor == 0 || tries >= minPartTries && s.ageOf(meeting) > s.partsFor
}

// ageOf returns how long ago Fathom created a meeting or, if that is unknown, since when it is stored.
func (s *Service) ageOf(meeting *core.Record) time.Duration {
	created := meeting.GetDateTime("fathom_created_at").Time()
	if created.IsZero() {
		created = meeting.GetDateTime("created").Time()
	}
	return s.now().Sub(created)
}
