package queue

import (
	"errors"
	"time"
)

var (
	// ErrLeaseLost means that the job is no longer the caller's: its lease ran
	// out and another worker may hold it. The caller must stop and write nothing.
	ErrLeaseLost = errors.New("the lease on the job was lost")

	// ErrCancelled is the cause of a job's context when its end was asked for.
	ErrCancelled = errors.New("the job was cancelled")

	// ErrTimeout is the cause of a job's context when it has run for as long as its
	// kind may.
	ErrTimeout = errors.New("the job took too long")

	// ErrDraining is the cause of a job's context when the server stops. The job
	// goes back to pending without having spent an attempt.
	ErrDraining = errors.New("the server is stopping")
)

// Failure is an error of a handler: what the owner reads, what the operator
// reads, and whether trying again can help.
type Failure struct {
	Message    string        // sentences for the owner; whether it is tried again is added
	Err        error         // the cause, for the log; may be nil
	Permanent  bool          // trying again can't help: dead at once
	RetryAfter time.Duration // at least this long before the next attempt
	Snooze     bool          // not a failure: run again after RetryAfter, attempt not counted
}

// Error implements error with the cause where there is one.
func (f *Failure) Error() string {
	if f.Err != nil {
		return f.Err.Error()
	}
	return f.Message
}

func (f *Failure) Unwrap() error { return f.Err }

// Permanent is a failure that trying again can't mend.
func Permanent(message string, err error) *Failure {
	return &Failure{Message: message, Err: err, Permanent: true}
}

// Temporary is a failure worth another attempt, after at least retryAfter.
func Temporary(message string, err error, retryAfter time.Duration) *Failure {
	return &Failure{Message: message, Err: err, RetryAfter: retryAfter}
}

// Snooze asks for another run after a while that doesn't count as an attempt.
func Snooze(message string, after time.Duration) *Failure {
	return &Failure{Message: message, RetryAfter: after, Snooze: true}
}

const unexpected = "Something went wrong on our side. If it stays so, tell the operator."

// failureOf turns any error of a handler into a Failure.
func failureOf(err error) *Failure {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure
	}
	return &Failure{Message: unexpected, Err: err}
}
