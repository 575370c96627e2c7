package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const maxNote = 1000 // characters, the limit of the field

// savedDelivery is how far the delivery of a file is, as the transfer's record keeps it until there is a link. It outlives
// failed and cancelled jobs, so that the next one continues the upload instead of creating a second video.
type savedDelivery struct {
	Uploader string          `json:"uploader"`
	SHA256   string          `json:"sha256"`          // of the file
	State    json.RawMessage `json:"state,omitempty"` // as the uploader saved it

	// HandedOver says that the recording has been handed over to its owner, who may have uploaded it since.
	HandedOver bool `json:"handed_over,omitempty"`
}

// deliveryState returns what an uploader saved about the recording, or nil. otherFile means that it is about a file that
// was replaced since, because it was fetched again.
func deliveryState(transfer, stored *core.Record, uploader loom.Uploader) (state json.RawMessage, otherFile bool, err error) {
	var saved *savedDelivery
	if err := transfer.UnmarshalJSONField("delivery", &saved); err != nil {
		return nil, false, fmt.Errorf("decode the delivery of transfer %s: %w", transfer.Id, err)
	}
	if saved == nil || saved.State == nil || saved.Uploader != uploader.Name() {
		return nil, false, nil
	}
	return saved.State, saved.SHA256 != stored.GetString("sha256"), nil
}

// uploader returns what delivers the recording: by hand, if the job asks for that.
func (r *transferRun) uploader() loom.Uploader {
	if r.byHand {
		return loom.Handover{}
	}
	return r.service.uploader
}

// uploaderOf is uploader, except that one which has begun with the recording ends what it began: only it knows whether
// Loom has the video already.
func (r *transferRun) uploaderOf(stored *core.Record) (loom.Uploader, error) {
	begun, _, err := deliveryState(r.transfer, stored, r.service.uploader)
	if err != nil || begun != nil {
		return r.service.uploader, err
	}
	return r.uploader(), nil
}

// deliver passes the stored file to the uploader and records the outcome. A file that Loom would not accept, because it
// has no video, stays where it is.
func (r *transferRun) deliver(ctx context.Context, stored *core.Record) error {
	uploader, err := r.uploaderOf(stored)
	if err != nil {
		return err
	}
	options := r.options.Or(preferences.LoomOptions(r.db.App)).Resolved()
	_, err = r.updateTransfer(func(transfer *core.Record) {
		setFile(transfer, stored)
		setStatus(transfer, StatusUploading)
		transfer.Set("uploader", uploader.Name())
		transfer.Set("visibility", options.Visibility)
	})
	if err != nil {
		return err
	}
	r.report("delivering", progressDownload)
	if ended, err := r.endIfFound(ctx, stored); ended || err != nil {
		return err
	}
	outcome, err := r.upload(ctx, uploader, options, stored)
	if errors.Is(err, loom.ErrAudioOnly) {
		return r.endStored(stored)
	}
	if err != nil {
		return err
	}
	if outcome.AwaitShareURL {
		return r.handOver(ctx, outcome.Note, handoverUnable)
	}
	return r.recordDelivered(ctx, outcome)
}

// upload runs the uploader. A recording that it can't deliver, but a person can, is handed over with a note.
func (r *transferRun) upload(ctx context.Context, uploader loom.Uploader, options loom.Options, stored *core.Record) (outcome loom.Outcome, err error) {
	state, otherFile, err := deliveryState(r.transfer, stored, uploader)
	if err != nil {
		return outcome, err
	}
	delivery := loom.Delivery{
		Recording: loom.Recording{
			FileName: stored.GetString("file_name"),
			Title:    r.meeting.GetString("title"),
			Size:     int64(stored.GetInt("size")),
			Duration: durationOf(stored),
			Measured: stored.GetBool("measured"),
		},
		Options: options, Owner: r.db.Name, ByHand: r.byHand, State: state, OtherFile: otherFile,
		Progress: func(sent int64) {
			r.report("uploading", progressDownload+(1-progressDownload)*float64(sent)/float64(max(stored.GetInt("size"), 1)))
		},
	}
	delivery.Save = func(state json.RawMessage) error {
		delivery.State, delivery.OtherFile = state, false // for another call in this run
		return r.saveDelivery(uploader, stored, state)
	}
	_, err = r.withFile(stored, func(file blob.Ref) (err error) {
		delivery.Recording.Open = func(ctx context.Context) (io.ReadSeekCloser, error) { return r.service.blobs.Open(ctx, file) }
		outcome, err = uploader.Upload(ctx, delivery)
		return err
	})
	if rejected, ok := errors.AsType[*loom.RejectedError](err); ok && loom.CheckUpload(delivery.Recording) == nil {
		return loom.Outcome{AwaitShareURL: true, Note: sentence(rejected.Error())}, nil
	}
	return outcome, err
}

// saveDelivery is the Save of the run's delivery.
func (r *transferRun) saveDelivery(uploader loom.Uploader, stored *core.Record, state json.RawMessage) error {
	_, err := r.updateTransfer(func(transfer *core.Record) {
		var saved savedDelivery
		if state != nil {
			saved = savedDelivery{Uploader: uploader.Name(), SHA256: stored.GetString("sha256"), State: state}
		}
		saved.HandedOver = wasHandedOver(transfer)
		transfer.Set("delivery", saved)
	})
	return err
}

// handOver leaves the upload to the recording's owner. The state of an upload that was begun is kept: if its outcome is
// unclear, another transfer finds out before it creates a video.
func (r *transferRun) handOver(ctx context.Context, note string, reason handoverReason) error {
	if r.claimed {
		reason = handoverChosen
	}
	_, err := r.updateTransfer(func(transfer *core.Record) {
		setStatus(transfer, StatusAwaitingShareURL)
		transfer.Set("handover", string(reason))
		transfer.Set("uploader", loom.Handover{}.Name())
		transfer.Set("visibility", "")
		setNote(transfer, note)
		setHandedOver(transfer)
	})
	if err != nil {
		return err
	}
	return r.service.searchVideos(ctx, r.db)
}

// recordDelivered records that the uploader has delivered the recording. Its link is right even if it can't be checked now;
// a video that differs is reported like one whose link is checked later.
func (r *transferRun) recordDelivered(ctx context.Context, outcome loom.Outcome) error {
	share, err := r.service.loom.ParseShareURL(outcome.ShareURL)
	if err != nil {
		return fmt.Errorf("read the link of the uploaded video: %w", err)
	}
	if err := requireUnusedLink(ctx, r.db, r.transfer.Id, share); err != nil {
		if refused, ok := errors.AsType[*ShareURLRefusedError](err); ok {
			return r.handOver(ctx, "The upload returned a link that belongs to another meeting of yours. "+refused.Message, handoverUnable)
		}
		return err
	}
	if !outcome.Verified {
		err = r.service.verifyLink(ctx, r.db, r.transfer, share)
	}
	refused, ok := errors.AsType[*ShareURLRefusedError](err)
	if err != nil && !ok {
		return err
	}
	transfer, err := r.updateTransfer(func(transfer *core.Record) {
		r.service.setAccepted(transfer, share, refused)
		if refused != nil && refused.unchecked() == "" {
			transfer.Set("error", refused.Message)
		}
		transfer.Set("visibility", outcome.Visibility) // the wanted one is no promise
		setNote(transfer, outcome.Note)
	})
	if err != nil {
		return err
	}
	return LinkMeeting(r.db.App, transfer)
}

// setNote sets what the owner should know about a delivery.
func setNote(transfer *core.Record, note string) {
	transfer.Set("note", sanitize.Truncate(sanitize.SingleLine(note), maxNote))
}
