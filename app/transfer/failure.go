package transfer

import (
	"errors"
	"strings"
	"syscall"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// StorageFull is what to tell the owner of a database that takes all the room it may.
const StorageFull = "Your storage is full. Delete recordings you no longer need, or ask the operator for more."

const (
	diskFullRetry = 10 * time.Minute
	busyRetry     = 10 * time.Second
)

// explain turns what Fathom, Loom or the disk said into a failure with a
// sentence for the owner. Other errors come back as they are.
func explain(err error) error {
	if err == nil {
		return nil
	}
	_, failed := errors.AsType[*queue.Failure](err)
	_, snoozed := errors.AsType[*queue.SnoozeError](err)
	if failed || snoozed {
		return err
	}
	if isDiskFull(err) {
		return diskFull(err)
	}
	if errors.Is(err, userdb.ErrFull) {
		return queue.Permanent(StorageFull, err)
	}
	if errors.Is(err, userdb.ErrBusy) || errors.Is(err, userdb.ErrClosed) {
		return queue.Snooze("The server is busy.", busyRetry)
	}
	if rejected, ok := errors.AsType[*loom.RejectedError](err); ok {
		return queue.Permanent(sentence(rejected.Error()), err)
	}
	if answer, ok := errors.AsType[*fathom.Error](err); ok {
		return explainFathom(answer, err)
	}
	if answer, ok := errors.AsType[*loom.Error](err); ok && answer.Temporary() {
		return queue.Temporary("Loom can't be reached.", err, answer.RetryAfter)
	}
	return err
}

func explainFathom(answer *fathom.Error, err error) error {
	switch answer.Kind {
	case fathom.KindUnauthorized:
		return queue.Permanent("Fathom refused your API key. Save a new one under Connections and try again.", err)
	case fathom.KindForbidden:
		return queue.Permanent("Fathom doesn't let you download this recording: it was shared with you with limited access. Ask its owner.", err)
	case fathom.KindNotFound:
		return queue.Permanent("Fathom no longer has this recording, or your key can't see it.", err)
	case fathom.KindUnprocessable:
		return queue.Permanent("This meeting has no video or audio at Fathom.", err)
	case fathom.KindRateLimited:
		return queue.Temporary("Fathom asks us to slow down.", err, answer.RetryAfter)
	case fathom.KindUnavailable:
		return queue.Temporary("Fathom can't be reached.", err, answer.RetryAfter)
	case fathom.KindMismatch:
		return queue.Temporary("The file from Fathom isn't the size Fathom announced.", err, 0)
	case fathom.KindRefused:
		return queue.Permanent("Fathom sent us to a download address that isn't safe to use. Tell the operator.", err)
	case fathom.KindInvalidResponse:
		return queue.Temporary("Fathom gave an answer we can't read.", err, answer.RetryAfter)
	default:
		return queue.Permanent("Fathom didn't accept our request. Tell the operator.", err)
	}
}

// explainSync is explain where no single recording is meant.
func explainSync(err error) error {
	if answer, ok := errors.AsType[*fathom.Error](err); ok {
		switch answer.Kind {
		case fathom.KindForbidden, fathom.KindNotFound, fathom.KindUnprocessable:
			return queue.Permanent("Fathom doesn't let this API key list meetings. Make a new one in Fathom's settings.", err)
		}
	}
	return explain(err)
}

// isDiskFull knows a full disk by its error number, and SQLite's by its words:
// a failed rollback after it hides the error itself.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		strings.Contains(err.Error(), "database or disk is full")
}

func diskFull(err error) error {
	return &queue.SnoozeError{
		Message: "The server's disk is full. Nothing is lost; it goes on when there is room.",
		Err:     err, After: diskFullRetry,
	}
}
