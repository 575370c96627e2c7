package transfer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	// rowOverhead is about what a record takes beyond its large fields, in bytes.
	rowOverhead = 2 << 10

	// largeRow is the size in bytes from which a record is worth emptying the write-ahead log, which keeps a
	// second copy until then.
	largeRow = 1 << 20
)

func (r *transferRun) fetchSummary(ctx context.Context) error {
	if r.meeting.GetString("summary") != "" {
		return nil
	}
	summary, err := r.account.Summary(ctx, r.recordingID)
	if isMissing(err) || (err == nil && summary == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	markdown := sanitize.Truncate(summary.Markdown, 1<<20)
	space, err := r.db.Space.Reserve("summary", int64(len(markdown))+rowOverhead)
	if err != nil {
		return err
	}
	defer space.Release()
	return r.db.App.RunInTransaction(func(tx core.App) error {
		meeting, err := tx.FindRecordById(schema.Meetings, r.meeting.Id)
		if err != nil {
			return fmt.Errorf("find meeting %d: %w", r.recordingID, err)
		}
		meeting.Set("summary", markdown)
		meeting.Set("summary_template", sanitize.Truncate(summary.TemplateName, 500))
		if err := tx.SaveWithContext(ctx, meeting); err != nil {
			return fmt.Errorf("save the summary of meeting %d: %w", r.recordingID, err)
		}
		r.meeting = meeting
		return nil
	})
}

func (r *transferRun) fetchTranscript(ctx context.Context) error {
	_, err := r.db.App.FindFirstRecordByData(schema.Transcripts, "recording_id", r.recordingID)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	items, err := r.account.Transcript(ctx, r.recordingID)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	collection, err := r.db.App.FindCachedCollectionByNameOrId(schema.Transcripts)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(items)
	if err != nil {
		return fmt.Errorf("encode the transcript of meeting %d: %w", r.recordingID, err)
	}
	text := sanitize.Truncate(transcriptText(items), 16<<20)
	bytes := int64(len(encoded)+len(text)) + rowOverhead
	space, err := r.db.Space.Reserve("transcript", bytes)
	if err != nil {
		return err
	}
	defer space.Release()
	transcript := core.NewRecord(collection)
	transcript.Set("meeting", r.meeting.Id)
	transcript.Set("recording_id", r.recordingID)
	transcript.Set("items", types.JSONRaw(encoded))
	transcript.Set("text", text)
	if err := r.db.App.SaveWithContext(ctx, transcript); err != nil {
		return fmt.Errorf("save the transcript of meeting %d: %w", r.recordingID, err)
	}
	if bytes > largeRow {
		r.service.databases.ShrinkLog(r.db)
	}
	return nil
}
