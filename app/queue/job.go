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
	Attempt     int // the current attempt; counts from 1
	MaxAttempts int
	WorkerID    string
	Started     time.Time
	Stage       string  // last reported by an earlier run
	Progress    float64 // last reported by an earlier run, from 0 to 1

	rowid   int64  // at the time of the claim; see updateRowID
	claim   int    // number of this claim among all claims of the job; identifies the run
	history string // earlier attempts as JSON
}

// Report publishes what a job is doing and its progress, from 0 to 1. Reports are throttled, but the last
// one is always recorded.
type Report func(stage string, progress float64)

// Handler runs one job of its kind. It must return soon after ctx ends, and it must be able to run again
// after a crash at any point. The result is stored with the job, as JSON of at most 16 KB. An error
// should be a *Failure or a *SnoozeError, which contain a message for the job's owner.
type Handler func(ctx context.Context, job Job, report Report) (result any, err error)
