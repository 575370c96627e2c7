package queue

import (
	"context"
	"encoding/json"
	"time"
)

// Job is a claimed record of the global_queue collection.
type Job struct {
	ID          string
	UserID      string
	Kind        string
	Payload     json.RawMessage
	Attempt     int // 1 on the first run
	MaxAttempts int
	WorkerID    string
	Started     time.Time

	rowid   int64
	claim   int    // ever, of this job: tells this run from every other
	history string // of earlier attempts, JSON
}

// Report tells subscribers how far a job has come: what it is doing and the
// part done, 0 to 1. Reports are throttled; the last one always arrives.
type Report func(stage string, progress float64)

// Handler does the work of one kind of job. It must return soon after ctx ends,
// and must be able to run again from the start after a crash at any point. What
// it returns is stored as the job's result (JSON, at most 16 KB); an error
// should be a *Failure, so that the owner reads a sentence made for them.
type Handler func(ctx context.Context, job Job, report Report) (result any, err error)
