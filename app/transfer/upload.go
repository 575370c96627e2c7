package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// savedUpload is the unfinished upload of a recording's file to the storage, as the transfer's record keeps it.
type savedUpload struct {
	Source      string      `json:"source"`       // identifies the download at Fathom
	Recording   string      `json:"recording"`    // the id of the recording's future record
	ContentType string      `json:"content_type"` // as Fathom announced it
	Upload      blob.Upload `json:"upload"`
	Moved       bool        `json:"moved,omitempty"` // movers have stored parts of it
	Here        bool        `json:"here,omitempty"`  // it must not be offered to movers
}

// sourceOf returns a name for a download that is safe in paths and URLs, which an id from Fathom may not be.
func sourceOf(downloadID string) string {
	sum := sha256.Sum256([]byte(downloadID))
	return hex.EncodeToString(sum[:8])
}

// uploadOf returns the unfinished upload of a transfer, or nil.
func uploadOf(transfer *core.Record) (*savedUpload, error) {
	var saved *savedUpload
	if err := transfer.UnmarshalJSONField("upload", &saved); err != nil {
		return nil, fmt.Errorf("decode the upload of transfer %s: %w", transfer.Id, err)
	}
	return saved, nil
}

// openUpload returns the unfinished upload of a source, or begins one. It discards an upload of another source,
// because Fathom may have encoded the video again.
func (r *transferRun) openUpload(ctx context.Context, source string, file fathom.File) (*savedUpload, error) {
	saved, err := uploadOf(r.transfer)
	if err != nil {
		return nil, err
	}
	if saved != nil {
		if _, err := r.service.blobs.Of(saved.Upload.Engine); err == nil && saved.Source == source {
			return saved, nil
		}
		if err := r.discardUpload(); err != nil {
			return nil, err
		}
	}
	return r.beginUpload(ctx, source, file)
}

// beginUpload begins an upload and records it.
func (r *transferRun) beginUpload(ctx context.Context, source string, file fathom.File) (*savedUpload, error) {
	recording, err := r.recordingRecord(r.db.App)
	if err != nil {
		return nil, err
	}
	store := r.service.blobs.Default()
	if store.Engine() != blob.EngineDisk {
		r.removePartialFile(ctx)
	}
	upload, err := store.Begin(ctx, blob.Target{
		Database: r.db.Name, Recording: strconv.FormatInt(r.recordingID, 10), Source: source,
		Path: userdb.RecordingPath(recording, storedName(file.ContentType)),
		Size: max(file.Size, 0), MaxSize: r.service.maxRecordingSize,
	})
	if err != nil {
		return nil, fmt.Errorf("begin to store recording %d: %w", r.recordingID, err)
	}
	saved := &savedUpload{Source: source, Recording: recording.Id, ContentType: file.ContentType, Upload: upload, Here: r.here}
	return saved, r.saveUpload(saved)
}

// removePartialFile removes what a version without S3 has downloaded of the recording: no record names it, and the disk
// alone could continue it.
func (r *transferRun) removePartialFile(ctx context.Context) {
	err := r.service.blobs.Disk.DeleteUploads(ctx, r.db.Name, strconv.FormatInt(r.recordingID, 10))
	if err != nil { // a sweep will do it
		r.service.logger.WarnContext(ctx, "failed to remove a partial file",
			"database", r.db.Name, "recording", r.recordingID, "error", err)
	}
}

func (r *transferRun) saveUpload(saved *savedUpload) error {
	_, err := r.updateTransfer(func(transfer *core.Record) { transfer.Set("upload", saved) })
	return err
}

// discardUpload forgets the unfinished upload of the run's transfer and removes its bytes.
func (r *transferRun) discardUpload() error {
	var discarded *savedUpload
	_, err := r.updateTransfer(func(transfer *core.Record) { discarded = detachUpload(transfer) })
	if err == nil {
		r.service.abortUpload(r.db, discarded)
	}
	return err
}

// mustDiscardUpload reports whether the end of a transfer's job also ends its upload. status is what the job implies. A
// failed transfer keeps a complete upload, so that a retry needs no second download.
func mustDiscardUpload(transfer *core.Record, status Status) bool {
	switch status {
	case StatusCancelled:
		return true
	case StatusFailed:
		saved, err := uploadOf(transfer)
		return err != nil || saved != nil && !saved.Upload.Complete()
	default:
		return false
	}
}

// detachUpload removes the unfinished upload from a transfer and returns it. One that can't be read is nil: a sweep
// removes its bytes.
func detachUpload(transfer *core.Record) *savedUpload {
	saved, err := uploadOf(transfer)
	if err != nil {
		saved = nil
	}
	transfer.Set("upload", nil)
	return saved
}

// startOver makes the next run begin with an empty upload, because the storage no longer has the beginning of the file.
func (r *transferRun) startOver(err error) error {
	return queue.Temporary("The storage no longer has the beginning of this file.", errors.Join(err, r.discardUpload()), 0)
}

// storedName returns the name under which PocketBase finds the file of a recording.
func storedName(contentType string) string {
	return "recording" + fathom.File{ContentType: contentType}.Ext()
}
