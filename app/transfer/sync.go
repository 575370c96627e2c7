package transfer

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	// syncOverlap is how far an incremental sync looks back behind the newest
	// meeting it knows: Fathom may list one some time after it was held.
	syncOverlap = 48 * time.Hour

	// maxExactID is the largest integer a PocketBase number field, and with it
	// JavaScript, holds exactly.
	maxExactID = 1<<53 - 1
)

// syncResult is what a sync job leaves in its record.
type syncResult struct {
	Meetings int `json:"meetings"` // how many Fathom listed
	Added    int `json:"added"`
	Updated  int `json:"updated"`
}

// sync reads the user's meetings from Fathom into their database.
func (s *Service) sync(ctx context.Context, job queue.Job, report queue.Report) (any, error) {
	payload, err := decodeSync(job.Payload)
	if err != nil {
		return nil, queue.Permanent(err.Error(), err)
	}
	db, err := s.databases.AcquireForUser(ctx, job.UserID)
	if err != nil {
		return nil, explain(err)
	}
	defer db.Release()
	account, connection, err := s.account(db.Database)
	if err != nil {
		return nil, err
	}

	query := fathom.MeetingQuery{IncludeActionItems: true}
	upTo := connection.GetDateTime("synced_up_to").Time()
	if !payload.Full && !upTo.IsZero() {
		query.CreatedAfter = upTo.Add(-syncOverlap)
	}
	result, newest, err := s.readMeetings(ctx, db.Database, account.Meetings(ctx, query), report)
	if err != nil {
		s.noteKey(db.Database, connection, err)
		return nil, explainSync(err)
	}
	s.noteKey(db.Database, connection, nil)
	// Only now, after the whole walk: Fathom lists the newest first, and a sync
	// that broke off in between has not seen what is older.
	err = changeConnection(db.Database, connection, func(connection *core.Record) bool {
		connection.Set("synced_up_to", newest)
		return newest.After(upTo)
	})
	if err != nil {
		return nil, explain(err)
	}
	return result, nil
}

// readMeetings stores meetings as they come and returns when the newest of them
// was made.
func (s *Service) readMeetings(
	ctx context.Context, db *userdb.Database, meetings iter.Seq2[fathom.Meeting, error], report queue.Report,
) (result syncResult, newest time.Time, err error) {
	report("listing meetings", 0)
	for meeting, err := range meetings {
		if err != nil {
			return result, newest, err
		}
		if meeting.RecordingID <= 0 || meeting.RecordingID > maxExactID {
			s.logger.Warn("skip a meeting whose id is out of range", "database", db.Name, "recording", meeting.RecordingID)
			continue
		}
		if err := s.databases.CheckQuota(db, 0); err != nil {
			return result, newest, err
		}
		added, changed, err := saveMeeting(ctx, db, meeting)
		if _, invalid := errors.AsType[validation.Errors](err); invalid {
			s.logger.Warn("skip a meeting that can't be stored", "database", db.Name, "recording", meeting.RecordingID, "error", err)
			continue
		}
		if err != nil {
			return result, newest, err
		}
		result.Meetings++
		if meeting.CreatedAt.After(newest) && !meeting.CreatedAt.After(s.now()) { // no odd date may end all later syncs
			newest = meeting.CreatedAt
		}
		switch {
		case added:
			result.Added++
		case changed:
			result.Updated++
		}
		report(fmt.Sprintf("%d meetings read", result.Meetings), 0)
	}
	return result, newest, nil
}

// saveMeeting inserts or updates a meeting by its recording id. It writes
// nothing where Fathom says what it said before.
func saveMeeting(ctx context.Context, db *userdb.Database, meeting fathom.Meeting) (added, changed bool, err error) {
	err = db.App.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindFirstRecordByData(schema.Meetings, "recording_id", meeting.RecordingID)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			collection, err := tx.FindCachedCollectionByNameOrId(schema.Meetings)
			if err != nil {
				return err
			}
			record, added = core.NewRecord(collection), true
		case err != nil:
			return err
		case record.GetString("raw") == compact(meeting.Raw):
			return nil
		}
		changed = true
		fillMeeting(record, meeting)
		return tx.SaveWithContext(ctx, record)
	})
	if err != nil {
		return false, false, fmt.Errorf("save meeting %d: %w", meeting.RecordingID, err)
	}
	return added, changed, nil
}

func fillMeeting(record *core.Record, m fathom.Meeting) {
	record.Set("recording_id", m.RecordingID)
	record.Set("title", clip(oneLine(m.Title), 1000))
	record.Set("meeting_title", clip(oneLine(m.MeetingTitle), 1000))
	record.Set("meeting_type", clip(m.MeetingType, 200))
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
	record.Set("language", clip(m.TranscriptLanguage, 50))
	record.Set("shared_with", clip(m.SharedWith, 50))
	record.Set("invitees_type", clip(m.DomainsType, 50))
	record.Set("invitees", m.CalendarInvitees)
	record.Set("recorded_by", m.RecordedBy)
	record.Set("action_items", m.ActionItems)
	record.Set("raw", types.JSONRaw(compact(m.Raw)))
}

// compact gives JSON the form in which it is stored and compared.
func compact(raw json.RawMessage) string {
	var compacted bytes.Buffer
	if json.Compact(&compacted, raw) != nil {
		return "null"
	}
	return compacted.String()
}
