package queue

import (
	"maps"
	"sync"
)

// turns remember who was given a job last, by priority. What is forgotten at a
// restart only costs somebody one turn.
type turns struct {
	mu   sync.Mutex
	last map[int]string
}

func (t *turns) take(priority int, userID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last[priority] = userID
}

func (t *turns) of(priority int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last[priority]
}

func (t *turns) copy() map[int]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.last)
}
