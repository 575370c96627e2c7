package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// ShareURLRefusedError means that a pasted link was not accepted.
type ShareURLRefusedError struct {
	Message   string // for the user
	Temporary bool   // Loom could not be reached, so the same link may be accepted later
	err       error
}

// Error returns the message.
func (e *ShareURLRefusedError) Error() string { return e.Message }

// Unwrap returns the cause, or nil.
func (e *ShareURLRefusedError) Unwrap() error { return e.err }

// AcceptShareURL checks with Loom that a pasted link leads to the recording of a transfer, and marks the
// transfer as delivered. The caller saves the transfer and calls LinkMeeting in one transaction. It returns a
// *ShareURLRefusedError for a link that is not accepted.
func (s *Service) AcceptShareURL(ctx context.Context, db *userdb.Database, transfer *core.Record, raw string) error {
	switch statusOf(transfer) {
	case StatusAwaitingShareURL, StatusDelivered:
	default:
		return &ShareURLRefusedError{Message: "This transfer isn't waiting for a link yet."}
	}
	meeting, err := db.App.FindRecordById(schema.Meetings, transfer.GetString("meeting"))
	if err != nil {
		return fmt.Errorf("find the meeting of transfer %s: %w", transfer.Id, err)
	}
	share, err := s.loom.Verify(ctx, raw, loom.Expectation{
		Title:    meeting.GetString("title"),
		Duration: meetingDuration(meeting),
	})
	if err != nil {
		return explainShareURL(err)
	}
	var others int
	err = db.App.ConcurrentDB().Select("COUNT(*)").From(schema.Transfers).
		Where(dbx.NewExp("share_url = {:url} AND id != {:id}", dbx.Params{"url": share.String(), "id": transfer.Id})).
		WithContext(ctx).Row(&others)
	if err != nil {
		return fmt.Errorf("find other transfers with the link: %w", err)
	}
	if others > 0 {
		return &ShareURLRefusedError{Message: "This link already belongs to another meeting of yours."}
	}
	setDelivered(transfer, share.String(), s.now())
	transfer.Set("error", "")
	return nil
}

// LinkMeeting saves the Loom link of a delivered transfer in its meeting.
func LinkMeeting(app core.App, transfer *core.Record) error {
	return app.RunInTransaction(func(tx core.App) error {
		meeting, err := tx.FindRecordById(schema.Meetings, transfer.GetString("meeting"))
		if err != nil {
			return fmt.Errorf("find the meeting of transfer %s: %w", transfer.Id, err)
		}
		meeting.Set("loom_url", transfer.GetString("share_url"))
		if err := tx.Save(meeting); err != nil {
			return fmt.Errorf("set the link of meeting %s: %w", meeting.Id, err)
		}
		return nil
	})
}

func explainShareURL(err error) error {
	if failure, ok := errors.AsType[*loom.Error](err); ok {
		if failure.Temporary() {
			return &ShareURLRefusedError{
				Message: "Loom can't be reached to check this link. Try again in a minute.", Temporary: true, err: err,
			}
		}
		return &ShareURLRefusedError{
			Message: "Loom gave no information about this link. Check that it opens in a private browser window.", err: err,
		}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	message := sentence(err.Error())
	if errors.Is(err, loom.ErrNotFound) {
		message = "Loom shows no public video at this link. " +
			"Check that its upload has finished and that anyone with the link can view it."
	}
	return &ShareURLRefusedError{Message: message, err: err}
}
