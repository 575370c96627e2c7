package transfer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	// rowOverhead is about what a record takes beyond its large fields, in bytes.
	rowOverhead = 2 << 10

	// largeRow is the size in bytes from which a record is worth emptying the write-ahead log, which keeps a
	// second copy until then.
	largeRow = 1 << 20
)

// receivedParts are the parts of a meeting in a response of Fathom. What is empty there is empty here.
type receivedParts struct {
	summary     *fathom.Summary
	transcript  []fathom.TranscriptItem
	actionItems []fathom.ActionItem
	highlights  []fathom.Highlight

	isUnreadable bool // Fathom's response could not be read, so nothing is known
}

// storeParts stores the parts of a meeting, and when Fathom is asked for it next. An empty part never replaces a
// stored one. A meeting that has been deleted is left alone.
func (s *Service) storeParts(ctx context.Context, db *userdb.Database, recordingID int64, received receivedParts) error {
	w, err := newPartsWriter(s, recordingID, received)
	if err != nil {
		return err
	}
	space, err := db.Space.Reserve("transcript", w.size())
	if err != nil {
		return err
	}
	defer space.Release()
	err = db.App.RunInTransaction(func(tx core.App) error { return w.write(ctx, tx) })
	if _, invalid := errors.AsType[validation.Errors](err); invalid {
		s.logger.WarnContext(ctx, "left out parts of a meeting that can't be stored", "database", db.Name, "recording", recordingID, "error", err)
		w = partsWriter{service: s, recordingID: recordingID}
		err = db.App.RunInTransaction(func(tx core.App) error { return w.write(ctx, tx) })
	}
	if err != nil {
		return fmt.Errorf("store the parts of meeting %d: %w", recordingID, err)
	}
	if w.size() > largeRow {
		s.databases.ShrinkLog(db)
	}
	return nil
}

// partsWriter writes the parts of one meeting.
type partsWriter struct {
	service     *Service
	recordingID int64
	received    receivedParts
	items, text string // of the transcript; blank if that is empty
}

func newPartsWriter(s *Service, recordingID int64, received receivedParts) (partsWriter, error) {
	w := partsWriter{service: s, recordingID: recordingID, received: received}
	if len(received.transcript) == 0 {
		return w, nil
	}
	encoded, err := json.Marshal(received.transcript)
	if err != nil {
		return w, fmt.Errorf("encode the transcript of meeting %d: %w", recordingID, err)
	}
	w.items, w.text = string(encoded), sanitize.Truncate(transcriptText(received.transcript), 16<<20)
	return w, nil
}

// size returns about how many bytes are written.
func (w partsWriter) size() int64 {
	size := len(w.items) + len(w.text) + rowOverhead
	if w.received.summary != nil {
		size += len(w.received.summary.Markdown)
	}
	return int64(size)
}

func (w partsWriter) write(ctx context.Context, tx core.App) error {
	meeting, err := tx.FindFirstRecordByData(schema.Meetings, "recording_id", w.recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	hasTranscript, newTranscript, err := w.writeTranscript(ctx, tx, meeting)
	if err != nil {
		return err
	}
	changed := w.setParts(meeting)
	tries := meeting.GetInt("parts_tries") + 1
	isFinal := !w.received.isUnreadable && w.service.isOverdue(meeting, tries)
	before := partStatesOf(meeting)
	states := partStates{
		Summary:    before.Summary.next(meeting.GetString("summary") != "", isFinal),
		Transcript: before.Transcript.next(hasTranscript, isFinal),
	}
	// Many meetings have none, and Fathom finds them at about the time when it writes the summary.
	isFinal = isFinal || states.Summary == partReady && w.service.ageOf(meeting) > itemsFor
	states.ActionItems = before.ActionItems.next(!isEmptyJSON(meeting, "action_items"), isFinal)
	states.Highlights = before.Highlights.next(!isEmptyJSON(meeting, "highlights"), isFinal)

	due := time.Time{}
	if states.isWaiting() && w.service.partsFor > 0 {
		due = w.service.now().Add(partWait(tries))
	}
	if changed || newTranscript || states != before {
		meeting.Set("parts", states)
		meeting.Set("parts_due_at", due)
		meeting.Set("parts_tries", tries)
		return tx.SaveWithContext(ctx, meeting)
	}
	return setPartsDue(tx, meeting.Id, due, tries) // clients needn't be told
}

// setParts sets the parts that a meeting's record has, and reports whether any has changed.
func (w partsWriter) setParts(meeting *core.Record) (changed bool) {
	set := func(field, value string) {
		if value != "" && meeting.GetString(field) != value {
			meeting.Set(field, value)
			changed = true
		}
	}
	if summary := w.received.summary; summary != nil && summary.Markdown != "" {
		set("summary", sanitize.Truncate(summary.Markdown, 1<<20))
		set("summary_template", sanitize.Truncate(summary.TemplateName, 500))
	}
	if items := w.received.actionItems; len(items) > 0 && meeting.GetString("action_items") != jsonOf(items) {
		meeting.Set("action_items", items)
		changed = true
	}
	if items := w.received.highlights; len(items) > 0 && meeting.GetString("highlights") != jsonOf(items) {
		meeting.Set("highlights", items)
		changed = true
	}
	return changed
}

// writeTranscript saves the transcript unless it is empty or stored. It reports whether one is stored now, and whether
// it is a new one.
func (w partsWriter) writeTranscript(ctx context.Context, tx core.App, meeting *core.Record) (has, isNew bool, err error) {
	transcript, err := tx.FindFirstRecordByData(schema.Transcripts, "recording_id", w.recordingID)
	switch {
	case errors.Is(err, sql.ErrNoRows) && w.items == "":
		return false, false, nil
	case errors.Is(err, sql.ErrNoRows):
		collection, err := tx.FindCachedCollectionByNameOrId(schema.Transcripts)
		if err != nil {
			return false, false, err
		}
		transcript = core.NewRecord(collection)
	case err != nil:
		return false, false, err
	case w.items == "" || transcript.GetString("items") == w.items:
		return !isEmptyJSON(transcript, "items"), false, nil
	}
	transcript.Set("meeting", meeting.Id)
	transcript.Set("recording_id", w.recordingID)
	transcript.Set("items", types.JSONRaw(w.items))
	transcript.Set("text", w.text)
	return true, true, tx.SaveWithContext(ctx, transcript)
}

// isEmptyJSON reports whether a field has an empty list or nothing.
func isEmptyJSON(record *core.Record, field string) bool {
	switch record.GetString(field) {
	case "", "null", "[]":
		return true
	}
	return false
}

// setPartsDue sets when Fathom is asked for the parts of a meeting after a number of requests. It bypasses PocketBase.
func setPartsDue(app core.App, meetingID string, due time.Time, tries int) error {
	at := ""
	if !due.IsZero() {
		at = timestamp(due)
	}
	_, err := app.NonconcurrentDB().Update(schema.Meetings, dbx.Params{"parts_due_at": at, "parts_tries": tries},
		dbx.HashExp{"id": meetingID}).Execute()
	if err != nil {
		return fmt.Errorf("record when the parts of meeting %s are due: %w", meetingID, err)
	}
	return nil
}

// postponeParts makes the parts of a meeting due later, as after a request without them.
func (s *Service) postponeParts(app core.App, recordingID int64) error {
	meeting, err := app.FindFirstRecordByData(schema.Meetings, "recording_id", recordingID)
	if err != nil {
		return fmt.Errorf("find meeting %d: %w", recordingID, err)
	}
	tries := meeting.GetInt("parts_tries") + 1
	return setPartsDue(app, meeting.Id, s.now().Add(partWait(tries)), tries)
}
