package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// TransferChanged records a notice if a transfer has failed, or waits for its owner. app is the transaction that saves
// the transfer.
func (s *Service) TransferChanged(app core.App, transfer *core.Record) error {
	status := transfer.GetString("status")
	if status == transfer.Original().GetString("status") {
		return nil
	}
	id, job := int64(transfer.GetInt("recording_id")), transfer.GetString("job")
	switch status {
	case "failed":
		return notice.Add(app, notice.Notice{
			Cause: fmt.Sprintf("failed:%d:%s:%d", id, job, transfer.GetInt("attempts")), Kind: notice.TransferFailed, RecordingID: id,
			Text: fmt.Sprintf("“%s” could not be transferred. %s", titleOf(app, id), transfer.GetString("error")),
		})
	case "awaiting_share_url":
		return notice.Add(app, notice.Notice{
			Cause: fmt.Sprintf("turn:%d:%s", id, job), Kind: notice.YourTurn, RecordingID: id,
			Text: fmt.Sprintf("“%s” is ready. Upload it to Loom and paste the link.", titleOf(app, id)),
		})
	}
	return nil
}

// maxTitle is how many characters of a title a notice quotes.
const maxTitle = 100

func titleOf(app core.App, recordingID int64) string {
	meeting, err := app.FindFirstRecordByData(schema.Meetings, "recording_id", recordingID)
	if err != nil || meeting.GetString("title") == "" {
		return "Untitled meeting"
	}
	return truncate(meeting.GetString("title"), maxTitle)
}

// ConnectionChanged records a notice if a key that was in use is refused. While a key is being checked for the first
// time, its owner sees the result on the page. app is the transaction that saves the connection.
func (s *Service) ConnectionChanged(app core.App, connection *core.Record) error {
	before := connection.Original().GetString("status")
	if connection.GetString("provider") != "fathom" || connection.GetString("status") != "invalid" || before == "invalid" || before == "checking" {
		return nil
	}
	key := sha256.Sum256([]byte(connection.GetString("secret")))
	return notice.Add(app, notice.Notice{
		Cause: "key:" + hex.EncodeToString(key[:16]), Kind: notice.KeyRefused,
		Text: "Fathom refused your API key. Syncs and transfers continue when you have saved a new one under Connections.",
	})
}

// ScheduleStopped creates the job that reports a schedule that was stopped because its runs failed. app is the
// transaction that stops it.
func (s *Service) ScheduleStopped(ctx context.Context, app core.App, schedule *core.Record) error {
	work := payload{Schedule: schedule.Id, Run: schedule.GetString("last_job")}
	_, err := s.queue.AddWith(ctx, app, schedule.GetString("user"), KindSend, work.encode(), queue.AddOptions{})
	return err
}

// reportSchedule records the notice of a stopped schedule, unless it runs again.
func (s *Service) reportSchedule(db *userdb.Database, work payload) error {
	schedule, err := s.app.FindFirstRecordByFilter(migrations.JobSchedules, "id = {:id} && user = {:user}",
		map[string]any{"id": work.Schedule, "user": db.UserID})
	if err != nil || schedule.GetString("stopped") == "" {
		return ignoreNoRows(err)
	}
	name := "The automatic " + schedule.GetString("kind")
	if schedule.GetString("kind") == "fathom.sync" {
		name = "The automatic sync"
	}
	return notice.Add(db.App, notice.Notice{
		Cause: "schedule:" + work.Schedule + ":" + work.Run, Kind: notice.ScheduleStopped,
		Text: name + " has stopped. " + schedule.GetString("stopped"),
	})
}
