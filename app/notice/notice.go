// Package notice records what people should know, in the collection notices of their database. Each notice has a cause
// and is recorded in the transaction that changes the state it reports, so that neither exists without the other.
//
// The functions are safe for concurrent use. The package must not send anything: that is the task of package notify.
package notice

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Kind is what a notice is about.
type Kind string

// The kinds of notices.
const (
	TransferFailed   Kind = "transfer_failed"
	RefetchFailed    Kind = "refetch_failed" // of the file of a delivered recording
	YourTurn         Kind = "your_turn"      // the owner has to upload a recording to Loom
	LinkMismatch     Kind = "link_mismatch"  // found when a link that was saved without a check was checked
	SyncFailed       Kind = "sync_failed"
	KeyRefused       Kind = "key_refused"
	ScheduleStopped  Kind = "schedule_stopped"
	WebhookLost      Kind = "webhook_lost"
	ConnectionFailed Kind = "connection_failed" // the owner's mail server, webhook or Loom
	Digest           Kind = "digest"            // of a week
)

// The states of the fields mail and hook. A blank state means that the owner didn't want the notice that way.
const (
	Due     = "due"
	Sending = "sending" // may have arrived; never sent again
	Sent    = "sent"
	Skipped = "skipped" // there was no way to send it
	Failed  = "failed"
)

// Notice is a notice to record. Cause and Text are required.
type Notice struct {
	Cause       string // identifies the event, so that it is recorded once; at most 200 bytes
	Kind        Kind
	RecordingID int64  // that the notice is about; 0 for none
	Text        string // whole sentences for the owner; shortened to 500 characters
}

const (
	maxText = 500
	maxKept = 500
	maxAge  = 90 * 24 * time.Hour
)

// Add records a notice unless its cause was recorded before. app should be the transaction that changes the state.
func Add(app core.App, n Notice) error {
	_, err := app.FindFirstRecordByData(schema.Notices, "cause", n.Cause)
	if err == nil {
		return nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("find notice: %w", err)
	}
	collection, err := app.FindCachedCollectionByNameOrId(schema.Notices)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Set("cause", n.Cause)
	record.Set("kind", string(n.Kind))
	record.Set("recording_id", n.RecordingID)
	record.Set("text", sanitize.Truncate(sanitize.SingleLine(n.Text), maxText))
	if err := app.Save(record); err != nil {
		return fmt.Errorf("save notice: %w", err)
	}
	return prune(app)
}

// prune removes the oldest notices.
func prune(app core.App) error {
	oldest, err := types.ParseDateTime(time.Now().Add(-maxAge))
	if err != nil {
		return err
	}
	_, err = app.NonconcurrentDB().NewQuery("DELETE FROM {{" + schema.Notices + "}} WHERE [[created]] < {:oldest} OR [[rowid]] IN (" +
		"SELECT [[rowid]] FROM {{" + schema.Notices + "}} ORDER BY [[created]] DESC, [[rowid]] DESC LIMIT -1 OFFSET {:kept})").
		Bind(dbx.Params{"oldest": oldest.String(), "kept": maxKept}).Execute()
	if err != nil {
		return fmt.Errorf("remove old notices: %w", err)
	}
	return nil
}
