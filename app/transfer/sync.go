package transfer

import (
	"bytes"
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
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	// syncOverlap is the time before the newest known meeting at which an incremental sync starts.
	// Fathom may list a meeting some time after its creation.
	syncOverlap = 48 * time.Hour

	// maxSyncRun is the time after which a sync gives other syncs a turn.
	maxSyncRun = 5 * time.Minute

	// maxExactID is the largest integer that a PocketBase number field, like a JavaScript number,
	// holds exactly.
	maxExactID = 1<<53 - 1
)

// syncResult is the result of a sync job.
type syncResult struct {
	Meetings int `json:"meetings"` // saved or unchanged
	Added    int `json:"added"`
	Updated  int `json:"updated"`
}

// syncState is what one run of a sync passes on to the next, so that a sync that has to wait for Fathom
// continues with the page it stopped at.
type syncState struct {
	Source string     `json:"source"` // identifies the list that Cursor belongs to
	Cursor string     `json:"cursor"` // of the next page
	Pages  int        `json:"pages"`  // read so far
	Result syncResult `json:"result"`
	Newest time.Time  `json:"newest"` // creation time of the newest meeting

	First bool `json:"first"` // no earlier sync was complete

	skipped skippedMeetings // in this run
}

// syncMeetings copies the user's meetings from Fathom into their database.
func (s *Service) syncMeetings(
	ctx context.Context, db *userdb.Database, job queue.Job, payload syncPayload, report queue.Report,
) (any, error) {
	if err := db.Space.Check("meeting", rowOverhead); err != nil { // before Fathom is called
		return nil, err
	}
	account, connection, err := s.openAccount(db)
	if err != nil {
		return nil, err
	}
	query := fathom.MeetingQuery{IncludeActionItems: true}
	upTo := connection.GetDateTime("synced_up_to").Time()
	if !payload.Full && !upTo.IsZero() {
		query.CreatedAfter = upTo.Add(-syncOverlap)
	}
	after := query.CreatedAfter.UTC().Format(time.RFC3339)
	fresh := syncState{Source: fmt.Sprintf("%s %s %s", connection.Id, connection.GetString("last_four"), after)}
	fresh.First = upTo.IsZero()
	state := fresh
	if json.Unmarshal(job.State, &state) != nil || state.Source != fresh.Source {
		state = fresh
	}
	defer func() { state.skipped.log(s.logger, db.Name) }()
	resumed := state.Pages > 0
	err = s.savePages(ctx, db, account, query, &state, report)
	if failure, ok := errors.AsType[*fathom.Error](err); ok && resumed && failure.Kind == fathom.KindBadRequest {
		state = fresh // Fathom no longer accepts the cursor
		err = s.savePages(ctx, db, account, query, &state, report)
	}
	s.recordKeyUse(db, connection, err)
	if err != nil {
		return nil, withState(explainSync(err), state)
	}
	newest := state.Newest
	// Advance synced_up_to only after a complete sync: Fathom lists the newest meeting first, so a failed
	// sync misses older ones.
	err = updateConnection(db, connection, func(connection *core.Record) bool {
		connection.Set("synced_up_to", newest)
		return newest.After(upTo)
	})
	return state.Result, errors.Join(err, s.applyRules(ctx, db))
}

// withState adds the state of a sync to a snooze.
func withState(err error, state syncState) error {
	if snooze, ok := errors.AsType[*queue.SnoozeError](err); ok {
		raw, encodeErr := json.Marshal(state)
		if encodeErr != nil {
			return errors.Join(err, encodeErr)
		}
		snooze.State = raw
	}
	return err
}

// savePages saves the meetings of the pages that state doesn't contain yet, and updates state after each page.
// It snoozes after maxSyncRun, because other users' syncs may be waiting for the slot.
func (s *Service) savePages(
	ctx context.Context, db *userdb.Database, account *fathom.Account, query fathom.MeetingQuery, state *syncState,
	report queue.Report,
) error {
	if state.Pages == 0 {
		report("listing meetings", 0)
	}
	started := s.now()
	for page, err := range account.MeetingPages(ctx, query, state.Cursor) {
		if err != nil {
			return err
		}
		state.skipped.addUndecodable(page.Malformed)
		if err := s.saveMeetings(ctx, db, page.Items, state, report); err != nil {
			return err
		}
		state.Pages++
		state.Cursor = page.NextCursor
		switch {
		case !page.HasMore():
		case state.Pages >= fathom.MaxPages:
			return queue.Permanent("Fathom's list of meetings doesn't end. Contact the operator.", nil)
		case s.now().Sub(started) > maxSyncRun:
			return queue.Snooze("", 0)
		}
	}
	return nil
}

// saveMeetings saves the meetings of a page.
func (s *Service) saveMeetings(
	ctx context.Context, db *userdb.Database, meetings []fathom.Meeting, state *syncState, report queue.Report,
) error {
	result := &state.Result
	for _, meeting := range meetings {
		if meeting.RecordingID <= 0 || meeting.RecordingID > maxExactID {
			state.skipped.add(meeting.RecordingID, errIDOutOfRange)
			continue
		}
		added, changed, err := saveMeeting(ctx, db, meeting, state.First)
		if errors.Is(err, errMeetingDeleted) {
			continue
		}
		if _, invalid := errors.AsType[validation.Errors](err); invalid {
			state.skipped.add(meeting.RecordingID, err)
			continue
		}
		if err != nil {
			return err
		}
		result.Meetings++
		// A date in the future would make every later sync skip meetings.
		if meeting.CreatedAt.After(state.Newest) && !meeting.CreatedAt.After(s.now()) {
			state.Newest = meeting.CreatedAt
		}
		switch {
		case added:
			result.Added++
		case changed:
			result.Updated++
		}
		report(fmt.Sprintf("%d meetings read", result.Meetings), 0)
	}
	return nil
}

// saveMeeting inserts or updates a meeting by its recording id. It writes nothing if Fathom's data
// hasn't changed. It returns errMeetingDeleted if the owner has deleted the meeting.
func saveMeeting(ctx context.Context, db *userdb.Database, meeting fathom.Meeting, firstSync bool) (added, changed bool, err error) {
	// Most fields are stored twice: as received from Fathom and in columns of their own.
	space, err := db.Space.Reserve("meeting", 2*int64(len(meeting.Raw))+rowOverhead)
	if err != nil {
		return false, false, err
	}
	defer space.Release()
	err = db.App.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindFirstRecordByData(schema.Meetings, "recording_id", meeting.RecordingID)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			if err := requireNotDeleted(tx, meeting.RecordingID); err != nil {
				return err
			}
			collection, err := tx.FindCachedCollectionByNameOrId(schema.Meetings)
			if err != nil {
				return err
			}
			record, added = core.NewRecord(collection), true
			markForRules(record, firstSync)
		case err != nil:
			return err
		case record.GetString("raw") == compactJSON(meeting.Raw):
			return nil
		}
		changed = true
		setMeetingFields(record, meeting)
		return tx.SaveWithContext(ctx, record)
	})
	if err != nil {
		return false, false, fmt.Errorf("save meeting %d: %w", meeting.RecordingID, err)
	}
	return added, changed, nil
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
	record.Set("action_items", m.ActionItems)
	record.Set("raw", types.JSONRaw(compactJSON(m.Raw)))
}

// compactJSON returns JSON without insignificant space, the form in which it is stored and compared. It
// returns "null" for invalid JSON.
func compactJSON(raw json.RawMessage) string {
	var compacted bytes.Buffer
	if json.Compact(&compacted, raw) != nil {
		return "null"
	}
	return compacted.String()
}
