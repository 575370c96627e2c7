package transfer

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	diskFullRetry = 10 * time.Minute
	storageRetry  = time.Minute
	busyRetry     = 10 * time.Second
	busyHold      = 30 * time.Second
	minBudgetWait = time.Second

	// unavailableRetry is the least time between two attempts while Fathom is down. Within an attempt, package
	// fathom retries for a few seconds only, because the job occupies a slot meanwhile.
	unavailableRetry = 30 * time.Second

	// elsewhereRetry is how long a job waits whose database is on another server: it may come back.
	elsewhereRetry = time.Minute
)

// explain turns an error of Fathom, Loom, a database or the disk into a *queue.Failure with a message for
// the user. It returns other errors unchanged.
func explain(err error) error {
	if err == nil {
		return nil
	}
	_, failed := errors.AsType[*queue.Failure](err)
	_, snoozed := errors.AsType[*queue.SnoozeError](err)
	_, held := errors.AsType[*queue.HoldError](err)
	if failed || snoozed || held {
		return err
	}
	if over, ok := errors.AsType[*ledger.QuotaError](err); ok {
		return queue.Permanent(over.Message(), err)
	}
	if tooLarge, ok := errors.AsType[*ledger.SizeError](err); ok {
		return queue.Permanent(tooLarge.Message(), err)
	}
	if isDiskFull(err) {
		return diskFull(err)
	}
	if disk.FaultOf(err) != disk.NoFault {
		return operatorMustAct("The server can't save anything at the moment.", err, storageRetry)
	}
	if errors.Is(err, userdb.ErrMissing) {
		return operatorMustAct("The files of your database are missing on the server. The operator can restore them from a backup.", err, diskFullRetry)
	}
	if errors.Is(err, userdb.ErrDeleting) {
		const message = "Your database is scheduled for deletion. Ask the operator to restore it, then try again."
		return queue.Permanent(message, err)
	}
	if errors.Is(err, registry.ErrNotFound) {
		return queue.Permanent("There is no database for your account. Sign in again, then try again.", err)
	}
	if errors.Is(err, registry.ErrElsewhere) {
		return queue.Snooze("Your database is on another server.", elsewhereRetry)
	}
	if errors.Is(err, userdb.ErrPreparing) {
		return queue.Snooze("Your database is being restored from its archive.", busyRetry)
	}
	if descriptors.IsExhausted(err) || errors.Is(err, userdb.ErrBusy) || errors.Is(err, userdb.ErrClosed) || errors.Is(err, blob.ErrBusy) {
		return queue.Snooze("The server is busy.", busyRetry)
	}
	if failure, ok := errors.AsType[*blob.Error](err); ok {
		return storageFailed(failure, err)
	}
	if rejected, ok := errors.AsType[*loom.RejectedError](err); ok {
		return queue.Permanent(sentence(rejected.Error()), err)
	}
	if delay, ok := errors.AsType[*loom.DelayError](err); ok {
		return &queue.SnoozeError{Message: delay.Message + " This continues automatically.", Err: err, After: max(cmp.Or(delay.After, unavailableRetry), minBudgetWait)}
	}
	if isKeyRefused(err) {
		return &queue.HoldError{Message: keyRefusedMessage, Err: err}
	}
	if failure, ok := errors.AsType[*fathom.Error](err); ok {
		return explainFathom(failure, err)
	}
	if failure, ok := errors.AsType[*loom.Error](err); ok && failure.Temporary() {
		return postponed("Loom", max(failure.RetryAfter, unavailableRetry), err)
	}
	if descriptors.IsExhausted(descriptors.Explain(err)) { // SQLite doesn't say why it couldn't open a file
		return queue.Snooze("The server is busy.", busyRetry)
	}
	return err
}

func explainFathom(failure *fathom.Error, err error) error {
	switch failure.Kind {
	case fathom.KindForbidden:
		return queue.Permanent("You can't download this recording, because it was shared with you with limited access. "+
			"Ask its owner for full access.", err)
	case fathom.KindNotFound:
		return queue.Permanent("Fathom no longer has this recording, or your API key can't access it.", err)
	case fathom.KindUnprocessable:
		return queue.Permanent("This meeting has no video or audio at Fathom.", err)
	case fathom.KindRateLimited:
		wait := max(failure.RetryAfter, minBudgetWait)
		return &queue.SnoozeError{
			Message: rateLimitMessage(failure),
			Err:     err, After: wait, HoldOthers: wait,
		}
	case fathom.KindUnavailable:
		return postponed("Fathom", max(failure.RetryAfter, unavailableRetry), err)
	case fathom.KindMismatch:
		return queue.Temporary("The file from Fathom is larger than announced.", err, 0)
	case fathom.KindRefused:
		return queue.Permanent(refused(err), err)
	case fathom.KindInvalidResponse:
		return queue.Temporary("Fathom sent an unreadable response.", err, failure.RetryAfter)
	default:
		return queue.Permanent("Fathom rejected the request. Contact the operator.", err)
	}
}

// rateLimitMessage says why a call to Fathom has to wait. Clients add when the job continues.
func rateLimitMessage(failure *fathom.Error) string {
	switch {
	case failure.PerMinute == 0:
		return "Fathom limits the number of requests per minute."
	case failure.PerMinute < fathom.DefaultLimits.Calls: // for texts or downloads
		return fmt.Sprintf("Fathom allows %d requests of this kind a minute.", failure.PerMinute)
	}
	return fmt.Sprintf("Fathom allows %d requests a minute.", failure.PerMinute)
}

// postponed returns a snooze until a service may be reachable again, which uses up no attempt.
func postponed(service string, wait time.Duration, err error) error {
	return &queue.SnoozeError{Message: unreachable(service, err) + " This continues automatically.", Err: err, After: wait}
}

// explainSync is like explain, for calls that don't concern a particular recording.
func explainSync(err error) error {
	if failure, ok := errors.AsType[*fathom.Error](err); ok && !isKeyRefused(err) {
		switch failure.Kind {
		case fathom.KindForbidden, fathom.KindNotFound, fathom.KindUnprocessable:
			return queue.Permanent("Fathom doesn't let this API key list the meetings of a team or person that you have chosen.", err)
		}
	}
	return explain(err)
}

// isDiskFull reports whether a write failed because the disk is full, or was refused to keep its reserve free.
func isDiskFull(err error) bool {
	_, refused := errors.AsType[*ledger.DiskError](err)
	return refused || disk.FaultOf(err) == disk.Full
}

func diskFull(err error) error {
	message := "The server's disk is full."
	if full, ok := errors.AsType[*ledger.DiskError](err); ok {
		message = full.Message()
	}
	return &queue.SnoozeError{
		Message: message + " Nothing is lost; this job continues when there is space within a day.",
		Err:     err, After: diskFullRetry,
	}
}

// operatorMustAct postpones a job until an operator has repaired something, so that no attempts are used up meanwhile.
func operatorMustAct(message string, err error, after time.Duration) error {
	return &queue.SnoozeError{Message: message + " This job continues when the operator has solved this.", Err: err, After: after}
}

// storageFailed postpones a job until the storage of recordings works again, because what it has stored is kept.
func storageFailed(failure *blob.Error, err error) error {
	after := storageRetry
	if !failure.Temporary() { // an operator must act first
		after = diskFullRetry
	}
	return &queue.SnoozeError{
		Message: failure.UserMessage() + " Nothing is lost; this job continues when the storage works again within a day.",
		Err:     err, After: after,
	}
}
