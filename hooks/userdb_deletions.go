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
		return d.deleteRecordingInBatch(e)
	}
	if err := d.Transfers.PrepareRecordingDeletion(e.Request.Context(), d.db, int64(recordingID)); err != nil {
		return d.deletionError(e, err)
	}
	return e.Next()
}

// deleteRecordingInBatch deletes the record of a recording, whose file is removed once the batch is committed.
func (d databaseHandlers) deleteRecordingInBatch(e *core.RecordRequestEvent) error {
	inTransfer, err := transfer.HasActiveTransfer(e.App, e.Record.GetInt("recording_id"))
	if err != nil {
		return e.InternalServerError("", err)
	}
	if inTransfer {
		return e.BadRequestError("This recording is being copied, so it can't be deleted in a batch.", nil)
	}
	deleted := e.Record
	e.App.TxInfo().OnComplete(func(txErr error) error {
		if txErr == nil {
			d.Transfers.RecordingDeleted(d.db, deleted)
		}
		return nil
	})
	return e.Next()
}

func (d databaseHandlers) deletionError(e *core.RecordRequestEvent, err error) error {
	if errors.Is(err, transfer.ErrTransferStopping) {
		e.Response.Header().Set("Retry-After", "5")
		const message = "The copy of this meeting is still stopping. Try again in a moment."
		return e.Error(http.StatusServiceUnavailable, message, nil)
	}
	return d.storageError(e.RequestEvent, err)
}

// meetingDeleted frees the space that the records of a meeting, such as a transcript, took.
func (d databaseHandlers) meetingDeleted(e *core.RecordEvent) error {
	d.Databases.ReclaimSpace(d.db)
	return e.Next()
}
