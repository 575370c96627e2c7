package queue

import (
	"maps"
	"sync"
)

// turn identifies a round: users take turns within each lane and priority.
type turn struct {
	lane     Lane
	priority int
}

// roundRobin remembers which user had the last turn in each round. Users take turns in the order of
// their ids. A restart forgets the turns, which costs a user at most one turn. Safe for concurrent use.
type roundRobin struct {
	mu   sync.Mutex
	last map[turn]string // user ids
}

func newRoundRobin() roundRobin { return roundRobin{last: map[turn]string{}} }

func (r *roundRobin) setLast(t turn, userID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last[t] = userID
}

// lastUser returns the id of the user who had the last turn, or "".
func (r *roundRobin) lastUser(t turn) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last[t]
}

// lastUsers returns the ids of the users who had the last turns.
func (r *roundRobin) lastUsers() map[turn]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.last)
}
