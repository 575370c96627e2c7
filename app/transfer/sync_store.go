package transfer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// maxExactID is the largest integer that a PocketBase number field, like a JavaScript number,
// holds exactly.
const maxExactID = 1<<53 - 1

// savePage saves a page and how far the pass has come, in one transaction.
func (r *syncRun) savePage(ctx context.Context, p *pass, page fathom.Page[fathom.Meeting]) error {
	space, err := r.db.Space.Reserve("meeting", sizeOf(page))
	if err != nil {
		return err
	}
	defer space.Release()
	err = r.db.App.RunInTransaction(func(tx core.App) error {
		if err := r.saveMeetings(ctx, tx, page.Items); err != nil {
			return err
		}
		for _, item := range page.Unreadable {
			if err := r.setAside(ctx, tx, item.Raw, item.Err); err != nil {
				return err
			}
		}
		p.advance(page, r.service.now())
		return r.saveState(tx, time.Time{})
	})
	if err == nil {
		r.reportProgress()
	}
	return err
}

// sizeOf returns about how many bytes a page takes. Most fields are stored twice: as received from Fathom and in
// columns of their own.
func sizeOf(page fathom.Page[fathom.Meeting]) int64 {
	size := 0
	for _, meeting := range page.Items {
		size += 2*len(meeting.Raw) + rowOverhead
	}
	for _, item := range page.Unreadable {
		size += len(item.Raw) + rowOverhead
	}
	return int64(size)
}

// saveMeetings saves meetings and that Fathom lists them. Those that the database refuses are set aside.
func (r *syncRun) saveMeetings(ctx context.Context, tx core.App, meetings []fathom.Meeting) error {
	result := &r.state.Result
	var listed []int64
	for _, meeting := range meetings {
		change, err := r.saveMeeting(ctx, tx, meeting)
		if errors.Is(err, errMeetingDeleted) {
			continue
		}
		if _, invalid := errors.AsType[validation.Errors](err); invalid {
			err = r.setAside(ctx, tx, meeting.Raw, err)
			if err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("save meeting %d: %w", meeting.RecordingID, err)
		}
		listed = append(listed, meeting.RecordingID)
		result.Meetings++
		switch change {
		case meetingAdded:
			result.Added++
		case meetingUpdated:
			result.Updated++
		}
	}
	if err := recordListing(tx, listed, r.state.listing()); err != nil {
		return err
	}
	return removeSetAside(tx, listed)
}

// isNew reports whether a meeting that isn't stored yet is new, and not one that was there before the first sync.
func (r *syncRun) isNew(meeting fathom.Meeting) bool {
	isFirstSync := r.connection.GetDateTime("synced_up_to").IsZero()
	return !isFirstSync || meeting.CreatedAt.After(r.connection.GetDateTime("created").Time()) // the key may have been replaced
}

// meetingChange is what saving a meeting has changed.
type meetingChange int

const (
	meetingUnchanged meetingChange = iota
	meetingAdded
	meetingUpdated
)

// saveMeeting inserts or updates a meeting by its recording id. It writes nothing if Fathom's data
// hasn't changed. It returns errMeetingDeleted if the owner has deleted the meeting, and validation.Errors if it
// can't be stored. The rules apply to a new meeting that it inserts.
func (r *syncRun) saveMeeting(ctx context.Context, tx core.App, meeting fathom.Meeting) (change meetingChange, err error) {
	if meeting.RecordingID > maxExactID {
		return 0, validation.Errors{"recording_id": errors.New("the number is too large")}
	}
	record, err := tx.FindFirstRecordByData(schema.Meetings, "recording_id", meeting.RecordingID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if err := requireNotDeleted(tx, meeting.RecordingID); err != nil {
			return 0, err
		}
		collection, err := tx.FindCachedCollectionByNameOrId(schema.Meetings)
		if err != nil {
			return 0, err
		}
		record, change = core.NewRecord(collection), meetingAdded
		record.Set("rules_due", r.isNew(meeting))
	case err != nil:
		return 0, err
	case isUnchanged(record, meeting):
		return meetingUnchanged, nil
	default:
		change = meetingUpdated
	}
	setMeetingFields(record, meeting)
	record.Set("parts_due_at", r.service.now()) // who edits a meeting may have edited its summary
	record.Set("parts_tries", 0)
	return change, tx.SaveWithContext(ctx, record)
}

// isUnchanged reports whether a record has what Fathom lists.
func isUnchanged(record *core.Record, m fathom.Meeting) bool {
	return record.GetString("withdrawn_at") == "" &&
		withoutParts([]byte(record.GetString("raw"))) == withoutParts(m.Raw) &&
		(m.ActionItems == nil || record.GetString("action_items") == jsonOf(m.ActionItems)) &&
		(m.Highlights == nil || record.GetString("highlights") == jsonOf(m.Highlights))
}

func setMeetingFields(record *core.Record, m fathom.Meeting) {
	record.Set("recording_id", m.RecordingID)
	record.Set("title", sanitize.Truncate(sanitize.SingleLine(m.Title), 1000))
	record.Set("meeting_title", sanitize.Truncate(sanitize.SingleLine(m.MeetingTitle), 1000))
	record.Set("meeting_type", sanitize.Truncate(m.MeetingType, 200))
	record.Set("fathom_url", webURL(m.URL))
	record.Set("fathom_share_url", webURL(m.ShareURL))
	record.Set("meeting_url", webURL(m.MeetingURL))
	record.Set("recorded_at", m.RecordingStartTime)
	if m.RecordingStartTime.IsZero() {
		record.Set("recorded_at", m.CreatedAt)
	}
	record.Set("recording_end", m.RecordingEndTime)
	record.Set("scheduled_start", m.ScheduledStartTime)
	record.Set("scheduled_end", m.ScheduledEndTime)
	record.Set("fathom_created_at", m.CreatedAt)
	record.Set("duration", m.Duration().Seconds())
	record.Set("language", sanitize.Truncate(m.TranscriptLanguage, 50))
	record.Set("shared_with", sanitize.Truncate(m.SharedWith, 50))
	record.Set("invitees_type", sanitize.Truncate(m.DomainsType, 50))
	record.Set("invitees", m.CalendarInvitees)
	record.Set("recorded_by", m.RecordedBy)
	record.Set("raw", types.JSONRaw(withoutParts(m.Raw)))
	record.Set("withdrawn_at", "")
	// nil means that Fathom hasn't included them.
	if m.ActionItems != nil {
		record.Set("action_items", m.ActionItems)
	}
	if m.Highlights != nil {
		record.Set("highlights", m.Highlights)
	}
}

// withoutParts returns a meeting's JSON without the parts that have fields of their own, and that Fathom includes only
// in some lists. It returns "null" for anything but an object.
func withoutParts(raw json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return "null"
	}
	for _, part := range []string{"transcript", "default_summary", "action_items", "highlights"} {
		delete(object, part)
	}
	return jsonOf(object)
}

// jsonOf returns a value as PocketBase stores it, or "null" if that fails.
func jsonOf(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return "null"
	}
	return string(encoded)
}
