package hooks

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindDeletions() {
	bind(d.db.App.OnRecordDeleteRequest(schema.Meetings), "deleteMeeting", d.deleteMeeting)
	bind(d.db.App.OnRecordDeleteRequest(schema.Recordings), "deleteRecording", d.deleteRecording)
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Meetings), "meetingDeleted", d.meetingDeleted)
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Recordings), "recordingDeleted", d.recordingDeleted)
}

// deleteMeeting deletes a meeting with everything that belongs to it, whatever state its transfer is in.
// PocketBase deletes the records, which refer to the meeting, in the same transaction.
func (d databaseHandlers) deleteMeeting(e *core.RecordRequestEvent) error {
	if e.App.IsTransactional() { // the database must not stay locked until the transfer has stopped
		return e.BadRequestError("A meeting can't be deleted in a batch.", nil)
	}
	if err := d.Transfers.PrepareMeetingDeletion(e.Request.Context(), d.db, e.Record); err != nil {
		return d.deletionError(e, err)
	}
	return e.Next()
}

// deleteRecording deletes the file of a recording, and cancels its transfer if that is active.
func (d databaseHandlers) deleteRecording(e *core.RecordRequestEvent) error {
	recordingID := e.Record.GetInt("recording_id")
	if e.App.IsTransactional() {
		inTransfer, err := transfer.HasActiveTransfer(e.App, recordingID)
		if err != nil {
			return e.InternalServerError("", err)
		}
		if inTransfer {
			return e.BadRequestError("This recording is being transferred, so it can't be deleted in a batch.", nil)
		}
		return e.Next()
	}
	if err := d.Transfers.PrepareRecordingDeletion(e.Request.Context(), d.db, int64(recordingID)); err != nil {
		return d.deletionError(e, err)
	}
	return e.Next()
}

func (d databaseHandlers) deletionError(e *core.RecordRequestEvent, err error) error {
	if errors.Is(err, transfer.ErrTransferStopping) {
		e.Response.Header().Set("Retry-After", "5")
		return e.Error(http.StatusServiceUnavailable, "The transfer of this meeting is still stopping. Try again in a moment.", nil)
	}
	return d.storageError(e.RequestEvent, err)
}

// meetingDeleted frees the space that the records of a meeting, such as a transcript, took.
func (d databaseHandlers) meetingDeleted(e *core.RecordEvent) error {
	d.Databases.ReclaimSpace(d.db)
	return e.Next()
}

// recordingDeleted removes the files of a recording that was deleted in a batch. Otherwise they are gone already.
func (d databaseHandlers) recordingDeleted(e *core.RecordEvent) error {
	if err := d.Transfers.RemoveFile(e.Context, d.db, e.Record); err != nil {
		d.Log.Error("failed to remove the files of a deleted recording", "database", d.db.Name, "recording", e.Record.Id, "error", err)
	}
	return e.Next()
}
