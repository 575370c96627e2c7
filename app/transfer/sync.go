package transfer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

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
	db, err := s.databases.AcquireOf(ctx, job.UserID)
	if err != nil {
		return nil, explain(err)
	}
	defer db.Release()
	account, connection, err := s.account(db.Database)
	if err != nil {
		return nil, err
	}

	query := fathom.MeetingQuery{IncludeActionItems: true}
	if !payload.Full {
		if query.CreatedAfter, err = syncedUpTo(db.App); err != nil {
			return nil, err
		}
	}
	var result syncResult
	report("listing meetings", 0)
	for meeting, err := range account.Meetings(ctx, query) {
		if err != nil {
			s.noteKey(db.Database, connection, err)
			return nil, explain(err)
		}
		if meeting.RecordingID <= 0 || meeting.RecordingID > maxExactID {
			s.logger.Warn("skip a meeting whose id is out of range", "database", db.Name, "recording", meeting.RecordingID)
			continue
		}
		added, changed, err := saveMeeting(ctx, db.Database, meeting)
		if err != nil {
			return nil, explain(err)
		}
		result.Meetings++
		switch {
		case added:
			result.Added++
		case changed:
			result.Updated++
		}
		report(fmt.Sprintf("%d meetings read", result.Meetings), 0)
	}
	s.noteKey(db.Database, connection, nil)
	return result, nil
}

// syncedUpTo is where an incremental sync begins; zero for a first one.
func syncedUpTo(app core.App) (time.Time, error) {
	var newest types.DateTime
	err := app.ConcurrentDB().Select("COALESCE(MAX(fathom_created_at), '')").From(schema.Meetings).Row(&newest)
	if err != nil {
		return time.Time{}, fmt.Errorf("find the newest meeting: %w", err)
	}
	if newest.IsZero() {
		return time.Time{}, nil
	}
	return newest.Time().Add(-syncOverlap), nil
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
		if err := fillMeeting(record, meeting); err != nil {
			return err
		}
		return tx.SaveWithContext(ctx, record)
	})
	if err != nil {
		return false, false, fmt.Errorf("save meeting %d: %w", meeting.RecordingID, err)
	}
	return added, changed, nil
}

func fillMeeting(record *core.Record, m fathom.Meeting) error {
	values := map[string]any{
		"recording_id":      m.RecordingID,
		"title":             clip(m.Title, 1000),
		"meeting_title":     clip(m.MeetingTitle, 1000),
		"meeting_type":      clip(m.MeetingType, 200),
		"fathom_url":        webURL(m.URL),
		"fathom_share_url":  webURL(m.ShareURL),
		"meeting_url":       webURL(m.MeetingURL),
		"recorded_at":       m.RecordingStartTime,
		"recording_end":     m.RecordingEndTime,
		"scheduled_start":   m.ScheduledStartTime,
		"scheduled_end":     m.ScheduledEndTime,
		"fathom_created_at": m.CreatedAt,
		"duration":          m.Duration().Seconds(),
		"language":          clip(m.TranscriptLanguage, 50),
		"shared_with":       clip(m.SharedWith, 50),
		"invitees_type":     clip(m.DomainsType, 50),
		"invitees":          m.CalendarInvitees,
		"recorded_by":       m.RecordedBy,
		"action_items":      m.ActionItems,
		"raw":               types.JSONRaw(compact(m.Raw)),
	}
	if m.RecordingStartTime.IsZero() {
		values["recorded_at"] = m.CreatedAt
	}
	for name, value := range values {
		record.Set(name, value)
	}
	return nil
}

// compact gives JSON the form in which it is stored and compared.
func compact(raw json.RawMessage) string {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return "null"
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return "null"
	}
	return string(encoded)
}
