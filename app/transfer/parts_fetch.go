package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// partsRun requests the parts of meetings from Fathom.
type partsRun struct {
	service      *Service
	db           *userdb.Database
	account      *fathom.Account
	noHighlights bool // Fathom refuses to include them
	hasWaited    bool // the run before this one ended with a wait
}

// dueMeeting is a meeting whose parts are due.
type dueMeeting struct {
	recordingID int64
	createdAt   time.Time
}

// fetchDue requests all parts that are due, newest meeting first. It snoozes after maxSyncRun, because other users'
// jobs may be waiting for the slot.
func (r *partsRun) fetchDue(ctx context.Context, report queue.Report) error {
	started := r.service.now()
	for {
		meeting, err := r.newestDue()
		if err != nil || meeting == nil {
			return err
		}
		left, err := countPartsDue(r.db.App, r.service.now())
		if err != nil {
			return err
		}
		report(fmt.Sprintf("texts of %d meetings left", left), 0)
		if r.service.now().Sub(started) > maxSyncRun {
			return queue.Snooze("", 0)
		}
		covered, err := r.fetchPage(ctx, *meeting)
		if err == nil && !covered || r.isStuck(err) {
			err = r.fetchOne(ctx, meeting.recordingID)
		}
		if r.isStuck(err) {
			err = errors.Join(err, r.service.postponeParts(r.db.App, meeting.recordingID))
		}
		if err != nil {
			return err
		}
	}
}

// isStuck reports whether Fathom has failed again to answer a request that this job has waited with. It must not keep
// the job from the other meetings.
func (r *partsRun) isStuck(err error) bool {
	failure, ok := errors.AsType[*fathom.Error](err)
	return ok && failure.Kind == fathom.KindUnavailable && r.hasWaited
}

// newestDue returns the newest meeting whose parts are due, or nil.
func (r *partsRun) newestDue() (*dueMeeting, error) {
	var id int64
	var created types.DateTime
	err := r.db.App.DB().Select("recording_id", "fathom_created_at").From(schema.Meetings).Where(partsDue(r.service.now())).
		OrderBy("fathom_created_at DESC").Limit(1).Row(&id, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find a meeting whose parts are due: %w", err)
	}
	return &dueMeeting{id, created.Time()}, nil
}

func partsDue(now time.Time) dbx.Expression {
	return dbx.NewExp("[[parts_due_at]] != '' AND ([[parts_due_at]] <= {:now} OR [[parts_due_at]] > {:latest})", dueParams(now))
}

func countPartsDue(app core.App, now time.Time) (count int, err error) {
	if err = app.DB().Select("COUNT(*)").From(schema.Meetings).Where(partsDue(now)).Row(&count); err != nil {
		return 0, fmt.Errorf("count the meetings whose parts are due: %w", err)
	}
	return count, nil
}

// fetchPage requests the page of Fathom's list that starts with a meeting: it has the parts of that one and of the
// nine before it, for the price of one. covered reports whether the meeting is on it. It isn't if Fathom lists it only
// for its team or host, and there may be no page if Fathom refuses it or it is too large.
func (r *partsRun) fetchPage(ctx context.Context, meeting dueMeeting) (covered bool, err error) {
	if meeting.createdAt.IsZero() {
		return false, nil
	}
	page, err := r.account.ListMeetings(ctx, fathom.MeetingQuery{
		CreatedBefore:  meeting.createdAt.Add(time.Second), // others may have been created in the same second
		IncludeSummary: true, IncludeTranscript: true, IncludeActionItems: true, IncludeHighlights: !r.noHighlights,
	}, "")
	if isUnusable(err) || isMissing(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, m := range page.Items {
		isDue, err := r.isDue(m.RecordingID)
		if err != nil {
			return false, err
		}
		if !isDue {
			continue
		}
		covered = covered || m.RecordingID == meeting.recordingID
		received := receivedParts{summary: m.DefaultSummary, transcript: m.Transcript, actionItems: m.ActionItems, highlights: m.Highlights}
		if err := r.service.storeParts(ctx, r.db, m.RecordingID, received); err != nil {
			return false, err
		}
	}
	return covered, nil
}

// isDue reports whether the parts of a recording are due now or later.
func (r *partsRun) isDue(recordingID int64) (bool, error) {
	count, err := r.db.App.CountRecords(schema.Meetings, dbx.HashExp{"recording_id": recordingID}, dbx.NewExp("[[parts_due_at]] != ''"))
	if err != nil {
		return false, fmt.Errorf("find meeting %d: %w", recordingID, err)
	}
	return count > 0, nil
}

// fetchOne requests the summary and the transcript of one meeting.
func (r *partsRun) fetchOne(ctx context.Context, recordingID int64) error {
	var received receivedParts
	var err error
	if received.summary, err = r.account.Summary(ctx, recordingID); err != nil && !isMissing(err) && !isUnusable(err) {
		return err
	}
	received.isUnreadable = isUnusable(err)
	if received.transcript, err = r.account.Transcript(ctx, recordingID); err != nil && !isMissing(err) && !isUnusable(err) {
		return err
	}
	received.isUnreadable = received.isUnreadable || isUnusable(err)
	return r.service.storeParts(ctx, r.db, recordingID, received)
}

// isMissing reports whether Fathom doesn't have what was requested, such as a part of a meeting, or doesn't give it to
// this key.
func isMissing(err error) bool {
	failure, ok := errors.AsType[*fathom.Error](err)
	return ok && (failure.Kind == fathom.KindNotFound || failure.Kind == fathom.KindForbidden || failure.Kind == fathom.KindUnprocessable)
}

// isUnusable reports whether a request must be replaced by another one: Fathom refuses it, or its response can't be
// read.
func isUnusable(err error) bool {
	failure, ok := errors.AsType[*fathom.Error](err)
	return ok && (failure.Kind == fathom.KindBadRequest || failure.Kind == fathom.KindInvalidResponse)
}

// fetchTexts requests the summary and the transcript before a transfer, unless that has been done.
func (r *transferRun) fetchTexts(ctx context.Context) error {
	if !r.needsTexts() {
		return nil
	}
	r.report("fetching details", 0)
	parts := partsRun{service: r.service, db: r.db, account: r.account}
	err := parts.fetchOne(ctx, r.recordingID)
	failure, ok := errors.AsType[*fathom.Error](err)
	if ok && failure.Kind != fathom.KindUnauthorized && r.service.partsFor > 0 {
		return nil // they are requested again after the transfer
	}
	return err
}

func (r *transferRun) needsTexts() bool {
	if r.service.partsFor > 0 {
		due := r.meeting.GetDateTime("parts_due_at").Time()
		return !due.IsZero() && !due.After(r.service.now())
	}
	states := partStatesOf(r.meeting)
	return states.Summary != partReady || states.Transcript != partReady
}
