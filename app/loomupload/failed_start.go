package loomupload

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// failedStartWait is the wait after the first start without an answer; the next one is twice as long.
const failedStartWait = 5 * time.Minute

// createFailed returns the error that ends a run whose first step has failed.
func (r *run) createFailed(ctx context.Context, failure error) error {
	if ctx.Err() != nil {
		return failure
	}
	unclear := isUnclear(failure)
	if unclear {
		r.state.FailedStarts++
	} else { // certainly nothing was created
		r.state.Stage = StageNone
	}
	if err := r.save(); err != nil {
		return err
	}
	if unclear && r.state.FailedStarts >= maxFailedStarts && isKind(failure, KindBusy, KindUnavailable) {
		return &Problem{
			Kind: KindUnclear, err: failure, Advice: handOverAdvice, Link: loomPage,
			Message: fmt.Sprintf("Loom's upload was begun %d times without a usable answer.", r.state.FailedStarts),
		}
	}
	if problem, ok := errors.AsType[*Problem](failure); ok && unclear { // an outage should be over before the next start
		problem.RetryAfter = max(problem.RetryAfter, time.Duration(r.state.FailedStarts)*failedStartWait)
	}
	return failure
}

// notAccepted ends a run in which the upload host didn't accept a new address, too.
func (r *run) notAccepted(expired *expiredError) error {
	if err := r.save(); err != nil {
		return err
	}
	if r.state.FailedStarts >= maxFailedStarts {
		return refusedWith(expired.status, expired)
	}
	return &Problem{
		Kind: KindUnavailable, err: expired,
		Message: "The host of the upload doesn't accept the address that Atlassian has given.",
	}
}
