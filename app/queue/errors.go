package queue

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrDuplicate is returned when a job can't become active again because another active one does the same work.
	ErrDuplicate = errors.New("duplicate of an active job")

	// ErrLeaseLost is returned to a worker that no longer holds the job: its lease expired, and another
	// worker may have claimed the job. The worker must stop the job; all its writes are rejected.
	ErrLeaseLost = errors.New("job lease lost")

	// ErrCancelled is the cause of a job's context when an owner or an operator cancelled the job.
	ErrCancelled = errors.New("job cancelled")

	// ErrTimeout is the cause of a job's context when the attempt exceeded its kind's timeout.
	ErrTimeout = errors.New("job timed out")

	// ErrDraining is the cause of a job's context when the server stops. The job becomes pending again,
	// and the attempt does not count.
	ErrDraining = errors.New("server is stopping")
)

// InvalidJob explains to a client why a job, a schedule or a selection was refused.
type InvalidJob struct {
	Field   string // the field of the record or the selection
	Message string // whole sentences

	full bool
}

// IsFull reports whether a job was refused because its user has the maximum number of active jobs.
func IsFull(err error) bool {
	invalid, ok := errors.AsType[*InvalidJob](err)
	return ok && invalid.full
}

// Error implements error.
func (e *InvalidJob) Error() string { return e.Field + ": " + e.Message }

// rescheduled is not a status of jobs. In StateError.Wanted it means a change of run_at and priority.
const rescheduled Status = "rescheduled"

// StateError means that the status of a job does not allow a change. Its text is for the client.
type StateError struct {
	ID     string // of the job
	Status Status // the current status
	Wanted Status
}

// Error implements error.
func (e *StateError) Error() string {
	switch {
	case e.Wanted == rescheduled:
		return fmt.Sprintf("The priority and run_at of a job can be changed only while it waits. This job is %s.", e.Status)
	case e.Wanted == StatusCancelled && e.Status.IsFinished():
		return fmt.Sprintf("The job has already ended. It is %s.", e.Status)
	case e.Wanted == StatusPending && e.Status == StatusCompleted:
		return "The job is completed. Create a new one to run it again."
	case e.Wanted == StatusPending:
		return fmt.Sprintf("The job is already %s.", e.Status)
	}
	return fmt.Sprintf("The status of a job can't be changed from %s to %s. Set it to pending or cancelled.", e.Status, e.Wanted)
}

// handlerError is implemented by the errors that determine what happens to a job: *Failure, *SnoozeError and
// *HoldError.
type handlerError interface {
	error
	decidesJob()
}

// Failure is the error of a handler whose attempt failed.
type Failure struct {
	Message    string        // whole sentences for the owner; the queue appends whether the job will be retried
	Err        error         // the cause, for the log; may be nil
	Permanent  bool          // a retry cannot succeed, so the job becomes dead without further attempts
	RetryAfter time.Duration // minimum time before the next attempt
}

// Error returns the cause, or the message if there is none.
func (f *Failure) Error() string {
	if f.Err != nil {
		return f.Err.Error()
	}
	return f.Message
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

func (f *Failure) decidesJob() {}

// Permanent returns a Failure that a retry cannot fix.
func Permanent(message string, err error) *Failure {
	return &Failure{Message: message, Err: err, Permanent: true}
}

// Temporary returns a Failure that a retry may fix, after at least retryAfter.
func Temporary(message string, err error, retryAfter time.Duration) *Failure {
	return &Failure{Message: message, Err: err, RetryAfter: retryAfter}
}

// SnoozeError is the error of a handler that cannot continue yet but has not failed. The job releases its
// slot and runs again later, and the attempt does not count. A job that does nothing but snooze for longer
// than Kind.MaxWait becomes dead.
type SnoozeError struct {
	Message string        // whole sentences for the owner; empty if the job's stage says enough
	Err     error         // the reason, for the log; may be nil
	After   time.Duration // how long to wait, at most an hour

	// HoldOthers is positive if the owner's other jobs of this kind would have to wait as well. Those that have
	// not run yet don't start for that long, unless a job of the kind ends.
	HoldOthers time.Duration
	HoldReason string // why, in whole sentences for the owner of the others; blank if the message says it
}

// Error returns the reason, or the message if there is none.
func (e *SnoozeError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return e.Message
}

// Unwrap returns the reason.
func (e *SnoozeError) Unwrap() error { return e.Err }

func (e *SnoozeError) decidesJob() {}

// Snooze returns a SnoozeError without a reason for the log.
func Snooze(message string, after time.Duration) *SnoozeError {
	return &SnoozeError{Message: message, After: after}
}

// HoldError is the error of a handler that met the cause of a pause. The job returns to the queue, where the pause
// holds it. The attempt does not count, and the time until the pause ends doesn't count towards Kind.MaxWait.
type HoldError struct {
	Message string // whole sentences for the owner
	Err     error  // the reason, for the log; may be nil
}

// Error returns the reason, or the message if there is none.
func (e *HoldError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return e.Message
}

// Unwrap returns the reason.
func (e *HoldError) Unwrap() error { return e.Err }

func (e *HoldError) decidesJob() {}

// Hold returns a HoldError without a reason for the log. The handler must have created the pause (see
// Queue.AddPause); without one, the job runs again after some seconds.
func Hold(message string) *HoldError { return &HoldError{Message: message} }

const unexpected = "Something went wrong on our side. If this keeps happening, contact the operator."
