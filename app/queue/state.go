package queue

import "slices"

// Status is the state of a job. docs/jobs.md has the diagram.
type Status string

// The statuses of a job.
const (
	StatusPending    Status = "pending"    // waits for a slot or for its run_at
	StatusProcessing Status = "processing" // a worker holds its lease
	StatusFailed     Status = "failed"     // will be retried at run_at
	StatusCompleted  Status = "completed"
	StatusDead       Status = "dead"      // failed, and will not be retried automatically
	StatusCancelled  Status = "cancelled" // by its owner or an operator
)

// transitions holds every allowed change of a status. transitionSQL rejects all others.
var transitions = map[Status][]Status{
	StatusPending:    {StatusProcessing, StatusCancelled},
	StatusProcessing: {StatusCompleted, StatusFailed, StatusDead, StatusPending, StatusCancelled},
	StatusFailed:     {StatusPending, StatusCancelled},
	StatusDead:       {StatusPending},
	StatusCancelled:  {StatusPending},
	StatusCompleted:  {},
}

// Statuses returns all statuses, in the order in which a job may go through them.
func Statuses() []Status {
	return []Status{StatusPending, StatusProcessing, StatusFailed, StatusCompleted, StatusDead, StatusCancelled}
}

// IsFinished reports whether a job with this status has ended. Only a retry can start it again.
func (s Status) IsFinished() bool {
	return s == StatusCompleted || s == StatusDead || s == StatusCancelled
}

func (s Status) canBecome(to Status) bool { return slices.Contains(transitions[s], to) }
