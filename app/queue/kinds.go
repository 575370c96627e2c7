package queue

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

const (
	defaultAttempts = 5
	defaultTimeout  = time.Hour
	unlimited       = 1 << 30
)

// Kind describes the jobs a user may create.
type Kind struct {
	Name        string        // such as recording.transfer
	MaxAttempts int           // default 5
	Timeout     time.Duration // of one attempt, default 1h
	Limit       int           // of jobs running at once, over all workers; 0 means only the queue's own
	// Check validates a payload (a JSON object) and returns what makes a job of
	// this kind the same as another one of the same user: while one is active,
	// a second one with the same key is refused. The error is for the owner.
	Check func(payload json.RawMessage) (dedupe string, err error)
}

// Define makes a kind known. It must not be called once the queue is in use.
func (q *Queue) Define(kind Kind) {
	if kind.MaxAttempts == 0 {
		kind.MaxAttempts = defaultAttempts
	}
	if kind.Timeout == 0 {
		kind.Timeout = defaultTimeout
	}
	if limit, ok := q.kindLimits[kind.Name]; ok {
		kind.Limit = limit
	}
	q.kinds[kind.Name] = kind
}

// Kinds are the names of all that are known, sorted.
func (q *Queue) Kinds() []string { return slices.Sorted(maps.Keys(q.kinds)) }

// Timeout is how long one attempt at a job of a kind may take.
func (q *Queue) Timeout(kind string) time.Duration {
	if known, ok := q.kinds[kind]; ok {
		return known.Timeout
	}
	return defaultTimeout
}

// limitOf is how many jobs of a kind may run at once.
func (q *Queue) limitOf(kind string) int {
	if limit := q.kinds[kind].Limit; limit > 0 {
		return limit
	}
	return unlimited
}
