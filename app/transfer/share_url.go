package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// ShareRefused says why a pasted link was not accepted, in words for the owner.
type ShareRefused struct {
	Message   string
	Temporary bool // Loom could not be asked; the same link may pass later
	err       error
}

func (e *ShareRefused) Error() string { return e.Message }

func (e *ShareRefused) Unwrap() error { return e.err }

// AcceptShareURL checks by Loom's oEmbed that a pasted link leads to the
// recording of a transfer, and sets what follows from that in the transfer,
// which the caller saves together with LinkMeeting. It returns a *ShareRefused where
// the link is not accepted.
func (s *Service) AcceptShareURL(ctx context.Context, db *userdb.Database, transfer *core.Record, raw string) error {
	switch transfer.GetString("status") {
	case StatusAwaitingShareURL, StatusDelivered:
	default:
		return &ShareRefused{Message: "This transfer isn't waiting for a link yet."}
	}
	meeting, err := db.App.FindRecordById(schema.Meetings, transfer.GetString("meeting"))
	if err != nil {
		return fmt.Errorf("find the meeting of transfer %s: %w", transfer.Id, err)
	}
	share, err := s.loom.Verify(ctx, raw, loom.Expectation{
		Title:    meeting.GetString("title"),
		Duration: seconds(meeting.GetFloat("duration")),
	})
	if err != nil {
		return refusal(err)
	}
	var elsewhere int
	err = db.App.ConcurrentDB().Select("COUNT(*)").From(schema.Transfers).
		Where(dbx.NewExp("share_url = {:url} AND id != {:id}", dbx.Params{"url": share.String(), "id": transfer.Id})).
		WithContext(ctx).Row(&elsewhere)
	if err != nil {
		return fmt.Errorf("look for the link elsewhere: %w", err)
	}
	if elsewhere > 0 {
		return &ShareRefused{Message: "This link already belongs to another meeting of yours."}
	}
	transfer.Set("share_url", share.String())
	transfer.Set("status", StatusDelivered)
	transfer.Set("delivered_at", types.NowDateTime())
	transfer.Set("error", "")
	return nil
}

// LinkMeeting shows a delivered transfer's link on its meeting.
func LinkMeeting(app core.App, transfer *core.Record) error {
	return app.RunInTransaction(func(tx core.App) error {
		meeting, err := tx.FindRecordById(schema.Meetings, transfer.GetString("meeting"))
		if err != nil {
			return fmt.Errorf("find the meeting of transfer %s: %w", transfer.Id, err)
		}
		meeting.Set("loom_url", transfer.GetString("share_url"))
		if err := tx.Save(meeting); err != nil {
			return fmt.Errorf("link meeting %s: %w", meeting.Id, err)
		}
		return nil
	})
}

func refusal(err error) error {
	if answer, ok := errors.AsType[*loom.Error](err); ok {
		if answer.Temporary() {
			return &ShareRefused{Message: "Loom can't be reached to check this link. Try again in a minute.", Temporary: true, err: err}
		}
		return &ShareRefused{Message: "Loom didn't tell us about this link. Check that it opens in a private window.", err: err}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, loom.ErrNotFound) {
		err = loom.ErrNotFound // without what was being done, which is for a log
	}
	return &ShareRefused{Message: sentence(err.Error()), err: err}
}
