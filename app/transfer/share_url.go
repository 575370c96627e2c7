package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// The reasons why a delivered link is not checked, in the field unchecked.
const (
	uncheckedPrivate     = "private"     // Loom shows the video only to some people
	uncheckedUnreachable = "unreachable" // Loom didn't respond
)

// AcceptShareURL checks with Loom that a pasted text contains a link to the recording of a transfer, and marks the
// transfer as delivered. If confirmed is set, it accepts a video that seems to be another one, and a link that Loom
// doesn't let it check. The caller saves the transfer and calls LinkMeeting in one transaction. It returns a
// *ShareURLRefusedError for a link that is not accepted.
func (s *Service) AcceptShareURL(ctx context.Context, db *userdb.Database, transfer *core.Record, text string, confirmed bool) error {
	switch statusOf(transfer) {
	case StatusAwaitingShareURL, StatusDelivered:
	default:
		return &ShareURLRefusedError{Code: codeNotWaiting, Message: "This meeting isn't waiting for a link yet."}
	}
	share, err := s.loom.ParseShareURL(text)
	if err != nil {
		return refuseShareURL(err)
	}
	if err := requireUnusedLink(ctx, db, transfer.Id, share); err != nil {
		return err
	}
	err = s.verifyLink(ctx, db, transfer, share)
	refused, _ := errors.AsType[*ShareURLRefusedError](err)
	if err != nil && !(refused != nil && confirmed && refused.canConfirm()) {
		return err
	}
	s.setAccepted(transfer, share, refused)
	return nil
}

// setAccepted marks a transfer as delivered with a link. refused is the result of its check, or nil.
func (s *Service) setAccepted(transfer *core.Record, share loom.ShareURL, refused *ShareURLRefusedError) {
	setDelivered(transfer, share.String(), s.now())
	transfer.Set("error", "")
	transfer.Set("note", "")
	s.setChecked(transfer, refused, 0)
}

// setChecked records the result of verifyLink in a delivered transfer. checks is how many earlier checks failed.
func (s *Service) setChecked(transfer *core.Record, refused *ShareURLRefusedError, checks int) {
	transfer.Set("verified", refused == nil)
	transfer.Set("unchecked", refused.unchecked())
	transfer.Set("link_checks", 0)
	transfer.Set("link_check_at", nil)
	if refused.unchecked() == "" {
		return
	}
	transfer.Set("link_checks", checks)
	if checks < maxLinkChecks {
		transfer.Set("link_check_at", s.now().Add(linkCheckDelay(checks)))
	}
}

// requireUnusedLink returns an error if a transfer has the link, except for the one with the given id.
func requireUnusedLink(ctx context.Context, db *userdb.Database, id string, share loom.ShareURL) error {
	var others int
	err := db.App.ConcurrentDB().Select("COUNT(*)").From(schema.Transfers).
		Where(dbx.NewExp("share_url = {:url} AND id != {:id}", dbx.Params{"url": share.String(), "id": id})).
		WithContext(ctx).Row(&others)
	if err != nil {
		return fmt.Errorf("find other transfers with the link: %w", err)
	}
	if others > 0 {
		return &ShareURLRefusedError{Code: codeTaken, Message: "This link already belongs to another meeting of yours."}
	}
	return nil
}

// verifyLink returns nil if a link leads to the recording of a transfer. Whatever Loom says against it is a
// *ShareURLRefusedError.
func (s *Service) verifyLink(ctx context.Context, db *userdb.Database, transfer *core.Record, share loom.ShareURL) error {
	expected, err := s.expectationOf(ctx, db, transfer)
	if err != nil {
		return err
	}
	video, err := s.videoOf(ctx, db, share)
	if err == nil {
		err = expected.Verify(video)
	}
	if err == nil {
		err = requireOwnName(ctx, db, expected, video)
	}
	return refuseShareURL(err)
}

// videoOf looks up a video: one that the public can't see through the owner's connection to Loom, if there is one.
func (s *Service) videoOf(ctx context.Context, db *userdb.Database, share loom.ShareURL) (loom.Video, error) {
	video, err := s.loom.Video(ctx, share)
	if errors.Is(err, loom.ErrNotFound) && s.library != nil {
		return s.library.Video(ctx, db.Name, share)
	}
	return video, err
}

// expectationOf describes the video that the link of a transfer should lead to.
func (s *Service) expectationOf(ctx context.Context, db *userdb.Database, transfer *core.Record) (loom.Expectation, error) {
	meeting, err := db.App.FindRecordById(schema.Meetings, transfer.GetString("meeting"))
	if err != nil {
		return loom.Expectation{}, fmt.Errorf("find the meeting of transfer %s: %w", transfer.Id, err)
	}
	expected := loom.Expectation{Title: meeting.GetString("title"), FileName: transfer.GetString("file_name"), Duration: durationOf(meeting)}
	recording, err := db.App.FindFirstRecordByData(schema.Recordings, "recording_id", transfer.GetInt("recording_id"))
	if errors.Is(err, sql.ErrNoRows) { // the owner has deleted the file
		return expected, nil
	}
	if err != nil {
		return expected, fmt.Errorf("find the recording of transfer %s: %w", transfer.Id, err)
	}
	if err := s.measure(ctx, db, recording, meeting); err != nil {
		return expected, err
	}
	if recording.GetBool("measured") {
		expected.Duration, expected.Measured = durationOf(recording), true
	}
	return expected, nil
}

// requireOwnName returns an error if Loom shows the name of another recording's file: calls of one day may have the
// same title and nearly the same length.
func requireOwnName(ctx context.Context, db *userdb.Database, expected loom.Expectation, video loom.Video) error {
	if video.Title == "" || video.Title == expected.UploadTitle() {
		return nil
	}
	var others int
	err := db.App.ConcurrentDB().Select("COUNT(*)").From(schema.Transfers).
		Where(dbx.NewExp("file_name LIKE {:name} || '.%' ESCAPE '\\'", dbx.Params{"name": likeEscaper.Replace(video.Title)})).
		WithContext(ctx).Row(&others)
	if err != nil {
		return fmt.Errorf("find the recording with the name of a video: %w", err)
	}
	if others > 0 {
		return &loom.MismatchError{Got: video, Want: expected, Title: loom.Differs}
	}
	return nil
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

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
