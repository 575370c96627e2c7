package queue

import (
	"fmt"
	"slices"
	"strings"
)

// Status of a job.
const (
	StatusPending    = "pending"    // waits for its turn, or for its run_at
	StatusProcessing = "processing" // a worker holds its lease
	StatusCompleted  = "completed"
	StatusFailed     = "failed"    // will be retried at run_at
	StatusDead       = "dead"      // given up; kept for a person to look at
	StatusCancelled  = "cancelled" // withdrawn by its owner or the operator
)

// transitions is every way from one status to another; docs/jobs.md has the
// picture. Whatever writes a status asks canBecome.
var transitions = map[string][]string{
	StatusPending:    {StatusProcessing, StatusCancelled},
	StatusProcessing: {StatusCompleted, StatusFailed, StatusDead, StatusPending, StatusCancelled},
	StatusFailed:     {StatusPending, StatusCancelled},
	StatusDead:       {StatusPending},
	StatusCancelled:  {StatusPending},
	StatusCompleted:  {},
}

// Statuses are all there are, in the order of a job's life.
func Statuses() []string {
	return []string{StatusPending, StatusProcessing, StatusFailed, StatusCompleted, StatusDead, StatusCancelled}
}

// canBecome says whether a job may go from one status to another.
func canBecome(from, to string) bool { return slices.Contains(transitions[from], to) }

// IsFinished says whether a job of that status is nobody's to work on any more.
func IsFinished(status string) bool {
	return status == StatusCompleted || status == StatusDead || status == StatusCancelled
}

// rescheduled is what is wanted of a job that is to run at another time.
const rescheduled = "rescheduled"

// StateError means that a job can't become what was wanted of it. Its text is
// for whoever asked.
type StateError struct {
	ID, Status, Wanted string // Status is what it is
}

func (e *StateError) Error() string {
	switch {
	case e.Wanted == rescheduled:
		return fmt.Sprintf("Priority and run_at can be changed only while a job waits: it is %s.", e.Status)
	case e.Wanted == StatusCancelled && IsFinished(e.Status):
		return fmt.Sprintf("The job has ended already: it is %s.", e.Status)
	case e.Wanted == StatusPending && e.Status == StatusCompleted:
		return "The job is completed. Create a new one to do it again."
	case e.Wanted == StatusPending:
		return fmt.Sprintf("The job is %s already.", e.Status)
	}
	return fmt.Sprintf("A job that is %s can't become %s: ask for pending or cancelled.", e.Status, e.Wanted)
}

// move is the UPDATE that takes a job from one status to another. set and where
// go on from what every transition has; the last parameter of set is ?1.
func move(from, to, set, where string) string {
	if !canBecome(from, to) {
		panic(fmt.Sprintf("queue: a job can't go from %s to %s", from, to))
	}
	if to != StatusProcessing { // it is nobody's
		set += ", worker_id = '', claimed_at = '', lease_expires_at = ''"
	}
	if to != StatusPending {
		set += ", ready = FALSE"
	}
	return "UPDATE global_queue SET status = '" + to + "', " + strings.TrimPrefix(set, ", ") +
		" WHERE status = '" + from + "' AND " + where
}
