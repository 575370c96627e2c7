package worker

import (
	"errors"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// OutcomeLost is the outcome of a run that lost its lease, which writes nothing.
const OutcomeLost queue.Outcome = "lost"

// unknownKind is what Config.Ended is told instead of a kind that this version doesn't have. Anything may be in a job of another one.
const unknownKind = "unknown"

// reportEnd tells Config.Ended how a run ended.
func (a *attempt) reportEnd(end ending, status queue.Status, took time.Duration) {
	kind := a.job.Kind
	if _, known := a.worker.handlers[kind]; !known {
		kind = unknownKind
	}
	a.worker.ended(kind, outcomeOf(end, status), took)
}

func outcomeOf(end ending, status queue.Status) queue.Outcome {
	if status != queue.StatusPending {
		return queue.Outcome(status)
	}
	if errors.Is(end.cause, queue.ErrDraining) {
		return queue.OutcomeReleased
	}
	if _, held := errors.AsType[*queue.HoldError](end.err); held {
		return queue.OutcomeHeld
	}
	return queue.OutcomeSnoozed
}
