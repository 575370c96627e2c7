package transfer

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// partsPayload is the payload of a job for the parts of meetings.
type partsPayload struct {
	RecordingID *int64 `json:"recording_id"` // nil means all meetings whose parts are due
}

// partsResult is the result of a job for the parts of meetings.
type partsResult struct {
	Waiting int `json:"waiting"` // meetings with parts that are requested again
}

func decodeParts(payload json.RawMessage) (p partsPayload, err error) {
	err = queue.DecodeStrict(payload, &p)
	if err != nil || p.RecordingID != nil && (*p.RecordingID <= 0 || *p.RecordingID > maxExactID) {
		return p, queue.Permanent(`The payload may contain only "recording_id", the number of a recording.`, nil)
	}
	return p, nil
}

// checkOwnersParts refuses a request of an owner for all parts, which the server makes by itself.
func checkOwnersParts(payload json.RawMessage) error {
	p, err := decodeParts(payload)
	if err == nil && p.RecordingID == nil {
		err = queue.Permanent(`The payload must contain "recording_id", the number of a recording.`, nil)
	}
	return err
}

// requestParts requests the parts of meetings that are due, or of the one in the payload.
func (s *Service) requestParts(
	ctx context.Context, db *userdb.Database, job queue.Job, payload partsPayload, report queue.Report,
) (any, error) {
	if err := db.Space.Check("transcript", rowOverhead); err != nil { // before Fathom is called
		return nil, err
	}
	account, connection, err := s.openAccount(db)
	if err != nil {
		return nil, err
	}
	state, err := loadSyncState(db.App, connection)
	if err != nil {
		return nil, err
	}
	r := &partsRun{service: s, db: db, account: account, noHighlights: state.NoHighlights, hasWaited: job.HasSnoozed()}
	if payload.RecordingID != nil {
		err = r.fetchAgain(ctx, *payload.RecordingID)
	} else {
		err = r.fetchDue(ctx, report)
	}
	s.recordKeyUse(ctx, db, connection, err)
	if err != nil {
		return nil, err
	}
	return s.scheduleParts(ctx, db)
}

// fetchAgain requests the parts of a meeting whose owner asked for it, also if they have been given up.
func (r *partsRun) fetchAgain(ctx context.Context, recordingID int64) error {
	result, err := r.db.App.NonconcurrentDB().Update(schema.Meetings,
		dbx.Params{"parts": nil, "parts_due_at": timestamp(r.service.now()), "parts_tries": 0}, dbx.HashExp{"recording_id": recordingID}).Execute()
	if err != nil {
		return fmt.Errorf("find meeting %d: %w", recordingID, err)
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return queue.Permanent("This recording isn't among your meetings. Sync your meetings and try again.", err)
	}
	return r.fetchFully(ctx, recordingID)
}

// fetchFully requests the parts of one meeting with a page of Fathom's list, which alone has action items and
// highlights, and what that lacks one by one.
func (r *partsRun) fetchFully(ctx context.Context, recordingID int64) error {
	meeting, err := r.db.App.FindFirstRecordByData(schema.Meetings, "recording_id", recordingID)
	if err != nil {
		return fmt.Errorf("find meeting %d: %w", recordingID, err)
	}
	_, err = r.fetchPage(ctx, dueMeeting{recordingID, meeting.GetDateTime("fathom_created_at").Time()})
	if err != nil && !r.isStuck(err) {
		return err
	}
	if meeting, err = r.db.App.FindFirstRecordByData(schema.Meetings, "recording_id", recordingID); err != nil {
		return fmt.Errorf("find meeting %d: %w", recordingID, err)
	}
	if states := partStatesOf(meeting); states.Summary == partReady && states.Transcript == partReady {
		return nil
	}
	return r.fetchOne(ctx, recordingID)
}

// scheduleParts schedules the next job for the parts of a user's meetings, if any are requested again.
func (s *Service) scheduleParts(ctx context.Context, db *userdb.Database) (result partsResult, err error) {
	var next types.DateTime
	err = db.App.DB().Select("COUNT(*)", "COALESCE(MIN([[parts_due_at]]), '')").From(schema.Meetings).
		Where(dbx.NewExp("[[parts_due_at]] != ''")).Row(&result.Waiting, &next)
	if err != nil {
		return result, fmt.Errorf("find the parts of meetings that are due next: %w", err)
	}
	if result.Waiting == 0 || s.partsFor == 0 {
		return result, nil
	}
	return result, s.queue.ScheduleAt(ctx, s.global, db.UserID, KindParts, "{}", next.Time())
}

// startParts creates the job for parts that are due now, if there are any.
func (s *Service) startParts(ctx context.Context, db *userdb.Database) error {
	due, err := countPartsDue(db.App, s.now())
	if err != nil || due == 0 || s.partsFor == 0 {
		return err
	}
	_, err = s.queue.AddWith(ctx, s.global, db.UserID, KindParts, "{}", queue.AddOptions{Again: true})
	return err
}

// requestChangedParts makes the parts of recent meetings due again, because Fathom doesn't tell when they change.
func requestChangedParts(app core.App, now time.Time) error {
	_, err := app.NonconcurrentDB().Update(schema.Meetings, dbx.Params{"parts_due_at": timestamp(now), "parts_tries": 0},
		dbx.NewExp("[[parts_due_at]] = '' AND [[fathom_created_at]] > {:recent} AND [[withdrawn_at]] = ''",
			dbx.Params{"recent": timestamp(now.Add(-partsChangeFor))})).Execute()
	if err != nil {
		return fmt.Errorf("make the parts of recent meetings due: %w", err)
	}
	return nil
}
