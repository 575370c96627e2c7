package loomupload

import (
	"context"
	"fmt"
)

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
