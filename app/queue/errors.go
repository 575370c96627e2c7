package queue

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrDuplicate is returned when a job for the same work is already active.
	ErrDuplicate = errors.New("duplicate of an active job")

	// ErrLeaseLost is returned to a worker that no longer holds the job: its lease expired, and another
	// worker may have claimed the job. The worker must stop; whatever it writes is rejected.
	ErrLeaseLost = errors.New("job lease lost")

	// ErrCancelled is the cause of a job's context when somebody cancelled the job.
	ErrCancelled = errors.New("job cancelled")

	// ErrTimeout is the cause of a job's context when the attempt exceeded its kind's timeout.
	ErrTimeout = errors.New("job timed out")

	// ErrDraining is the cause of a job's context when the server stops. The job becomes pending again,
	// and the attempt isn't counted.
	ErrDraining = errors.New("server is stopping")
)

// InvalidJob explains to a client why a job, a schedule or a selection was refused.
type InvalidJob struct {
	Field   string // of the record
	Message string
}

// Error implements error.
func (e *InvalidJob) Error() string { return e.Field + ": " + e.Message }

// rescheduled stands for a change of run_at and priority in StateError.Wanted.
const rescheduled Status = "rescheduled"

// StateError reports that the status of a job doesn't allow a change. Its text is for the client.
type StateError struct {
	ID     string
	Status Status // the current one
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

// handlerError is implemented by the errors with which a handler decides what happens to its job.
type handlerError interface {
	error
	decidesJob()
}

// Failure is the error of a handler whose attempt failed.
type Failure struct {
	Message    string        // whole sentences for the owner; the queue appends whether the job will be retried
	Err        error         // the cause, for the log; may be nil
	Permanent  bool          // a retry can't succeed, so the job becomes dead at once
	RetryAfter time.Duration // the least time before the next attempt
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

// Permanent returns a Failure that a retry can't fix.
func Permanent(message string, err error) *Failure {
	return &Failure{Message: message, Err: err, Permanent: true}
}

// Temporary returns a Failure that a retry may fix, after at least retryAfter.
func Temporary(message string, err error, retryAfter time.Duration) *Failure {
	return &Failure{Message: message, Err: err, RetryAfter: retryAfter}
}

// SnoozeError asks for the job to be run again later without counting the attempt: it hasn't failed,
// but can't continue yet.
type SnoozeError struct {
	Message string // whole sentences for the owner
	Err     error  // the reason, for the log; may be nil
	After   time.Duration
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

const unexpected = "Something went wrong on our side. If this keeps happening, contact the operator."
