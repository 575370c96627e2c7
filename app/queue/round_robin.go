package queue

import (
	"maps"
	"sync"
)

// roundRobin remembers which user had the last turn at each priority. Users take turns in the order of
// their ids. A restart forgets the turns, which costs a user at most one turn. Safe for concurrent use.
type roundRobin struct {
	mu   sync.Mutex
	last map[int]string // user ids by priority
}

func newRoundRobin() roundRobin { return roundRobin{last: map[int]string{}} }

func (r *roundRobin) setLast(priority int, userID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last[priority] = userID
}

// lastUser returns the id of the user who had the last turn, or "".
func (r *roundRobin) lastUser(priority int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last[priority]
}

// lastUsers returns the ids of the users who had the last turns, by priority.
func (r *roundRobin) lastUsers() map[int]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.last)
}
