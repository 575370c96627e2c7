package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// TransferChanged records a notice if a transfer has failed or waits for its owner, if its file could not be fetched
// again, or if its link turns out to lead to another video. app is the transaction that saves the transfer.
func (s *Service) TransferChanged(app core.App, transfer *core.Record) error {
	before, status := transfer.Original(), transfer.GetString("status")
	id, job := int64(transfer.GetInt("recording_id")), transfer.GetString("job")
	switch {
	case isMismatch(before, transfer):
		return notice.Add(app, notice.Notice{
			Cause: fmt.Sprintf("link:%d:%s", id, digestOf(transfer.GetString("share_url"))), Kind: notice.LinkMismatch, RecordingID: id,
			Text: fmt.Sprintf("The Loom link of “%s” may lead to another video. %s", titleOf(app, id), transfer.GetString("error")),
		})
	case status == before.GetString("status"):
		return nil
	}
	switch status {
	case "delivered":
		return s.refetched(app, before, transfer)
	case "failed":
		return notice.Add(app, notice.Notice{
			Cause: fmt.Sprintf("failed:%d:%s:%d", id, job, transfer.GetInt("attempts")), Kind: notice.TransferFailed, RecordingID: id,
			Text: fmt.Sprintf("There is a problem with “%s”. %s", titleOf(app, id), transfer.GetString("error")),
		})
	case "awaiting_share_url":
		return notice.Add(app, notice.Notice{
			Cause: fmt.Sprintf("turn:%d:%s", id, job), Kind: notice.YourTurn, RecordingID: id,
			Text: fmt.Sprintf("“%s” is ready. Upload it to Loom and paste the link.", titleOf(app, id)),
		})
	}
	return nil
}

// isMismatch reports whether a link that could not be checked when it was saved has been checked and leads to another
// video.
func isMismatch(before, transfer *core.Record) bool {
	return before.GetString("unchecked") != "" && transfer.GetString("unchecked") == "" && !transfer.GetBool("verified") &&
		transfer.GetString("error") != "" && transfer.GetString("share_url") == before.GetString("share_url")
}

// refetched records a notice if a delivered transfer became active to fetch its file again, and its job is dead.
func (s *Service) refetched(app core.App, before, transfer *core.Record) error {
	if before.GetDateTime("delivered_at").IsZero() {
		return nil
	}
	job, err := s.queue.Find(transfer.GetString("job"))
	if err != nil || job.GetString("status") != string(queue.StatusDead) {
		return sqlite.IgnoreNoRows(err)
	}
	id := int64(transfer.GetInt("recording_id"))
	return notice.Add(app, notice.Notice{
		Cause: fmt.Sprintf("refetch:%d:%s:%d", id, job.Id, job.GetInt("attempts")), Kind: notice.RefetchFailed, RecordingID: id,
		Text: fmt.Sprintf("The file of “%s” could not be fetched again. The video at Loom is not affected. %s", titleOf(app, id), job.GetString("error")),
	})
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

// ConnectionChanged records a notice if a connection that was in use stops working, or uploading. While one is being checked for the
// first time, its owner sees the result on the page. app is the transaction that has saved the connection, so that the
// notice isn't sent through it.
func (s *Service) ConnectionChanged(app core.App, connection *core.Record) error {
	before := connection.Original()
	if status := before.GetString("status"); status == "invalid" || status == "checking" {
		return nil
	}
	refused := connection.GetString("status") == "valid" && s.losesUpload(before, connection)
	if connection.GetString("status") != "invalid" && !refused {
		return nil
	}
	n := notice.Notice{Kind: notice.ConnectionFailed}
	switch connection.GetString("provider") {
	case ProviderFathom:
		n = notice.Notice{
			Cause: "key:" + digestOf(connection.GetString("secret")), Kind: notice.KeyRefused,
			Text: "Fathom refused your API key. Syncs and copies continue when you have saved a new one under Settings.",
		}
	case ProviderSMTP:
		n.Text = "Your mail server doesn't work any more. " + connection.GetString("reason") + " Save it again under Settings."
	case ProviderWebhook:
		n.Text = "Your webhook doesn't work any more. " + connection.GetString("reason") + " Save it again under Settings."
	case providerLoom:
		if refused {
			n.Text = "Your connection to Loom can't upload any more. " + s.withoutLoom(before) + " " + connection.GetString("reason")
			break
		}
		n.Text = "Your connection to Loom doesn't work any more. " + s.withoutLoom(before) + " " + connection.GetString("reason")
	default:
		return nil
	}
	if n.Cause == "" { // the same settings may work again, and fail later for another reason
		n.Cause = "connection:" + connection.Id + ":" + digestOf(connection.GetString("secret")+before.GetString("checked_at"))
	}
	return notice.Add(app, n)
}

// losesUpload reports whether the server can't upload any more through a connection to Loom that may still be read through.
// A new secret is the owner's choice, who sees what it can do.
func (s *Service) losesUpload(before, connection *core.Record) bool {
	return connection.GetString("provider") == providerLoom && !s.handOver && connection.GetString("secret") == before.GetString("secret") &&
		canUpload(before) && !canUpload(connection)
}

func canUpload(connection *core.Record) bool {
	return slices.Contains(connection.GetStringSlice("abilities"), "upload")
}

// withoutLoom says what happens while a connection to Loom doesn't work, as it was when it did.
func (s *Service) withoutLoom(working *core.Record) string {
	switch {
	case s.loomRequired:
		return "Uploads to Loom fail until it works again."
	case canUpload(working) && !s.handOver:
		return "Until it works again, recordings wait for you to upload them."
	}
	return "Until it works again, the videos that you upload are not found automatically."
}

// digestOf returns a hash of a text, to make it part of a cause.
func digestOf(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:16])
}
