package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// removalTimeout limits how long the removal of one recording's files may take. Somebody may be waiting for it.
const removalTimeout = 5 * time.Second

// withinRemovalTimeout calls remove with a context that ends after removalTimeout. If remove is too slow, the error
// is a *blob.Error.
func withinRemovalTimeout(ctx context.Context, remove func(ctx context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, removalTimeout)
	defer cancel()
	err := remove(limited)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return &blob.Error{Op: "remove recording", Kind: blob.KindSlow}
	}
	return err
}

// removeFiles removes the stored file of a recording and what its uploads have left. It asks S3 only if the records say
// that something is there, so that meetings can be deleted while S3 is unavailable.
func (s *Service) removeFiles(ctx context.Context, db *userdb.Database, recordingID int64) error {
	defer db.StorageChanged()
	stores := []blob.Store{s.blobs.Disk}
	if inS3, err := isInS3(db.App, recordingID); err != nil {
		return err
	} else if inS3 {
		stores = s.blobs.All()
	}
	if err := s.abortSaved(ctx, db, recordingID); err != nil {
		return err
	}
	for _, store := range stores {
		if err := store.DeleteUploads(ctx, db.Name, strconv.FormatInt(recordingID, 10)); err != nil {
			return fmt.Errorf("remove the uploads of recording %d: %w", recordingID, err)
		}
	}
	recording, err := db.App.FindFirstRecordByData(schema.Recordings, "recording_id", recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find recording %d: %w", recordingID, err)
	}
	if recording.GetString("file") == "" {
		return nil
	}
	// PocketBase would remove only files on disk, only after the record is deleted and without waiting for it, so that
	// a crash would leave them behind.
	if err := s.blobs.Delete(ctx, userdb.RecordingBlob(db.Name, recording)); err != nil {
		return fmt.Errorf("remove the file of recording %d: %w", recordingID, err)
	}
	return nil
}

// inS3SQL selects whether S3 contains the file of a recording, an unfinished upload of it or a copy to be moved there.
const inS3SQL = "SELECT EXISTS (SELECT 1 FROM {{" + schema.Recordings + "}}" +
	" WHERE [[recording_id]] = {:id} AND ([[blob]] != ''" +
	" OR CASE WHEN json_valid([[move]]) THEN [[move]] ->> '$.engine' END = {:s3}))" +
	" OR EXISTS (SELECT 1 FROM {{" + schema.Transfers + "}} WHERE [[recording_id]] = {:id}" +
	" AND CASE WHEN json_valid([[upload]]) THEN [[upload]] ->> '$.upload.engine' END = {:s3})"

// isInS3 reports whether S3 contains anything of a recording, as far as its records know.
func isInS3(app core.App, recordingID int64) (inS3 bool, err error) {
	params := dbx.Params{"id": recordingID, "s3": string(blob.EngineS3)}
	if err := app.ConcurrentDB().NewQuery(inS3SQL).Bind(params).Row(&inS3); err != nil {
		return false, fmt.Errorf("find out whether recording %d is in S3: %w", recordingID, err)
	}
	return inS3, nil
}

// abortSaved removes the bytes of the unfinished upload that the transfer of a recording names, and then its name.
// Some services find an upload only by its ID.
func (s *Service) abortSaved(ctx context.Context, db *userdb.Database, recordingID int64) error {
	transfer, err := db.App.FindFirstRecordByData(schema.Transfers, "recording_id", recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the transfer of recording %d: %w", recordingID, err)
	}
	saved, err := uploadOf(transfer)
	if err != nil || saved == nil { // a sweep removes the bytes of an upload whose state can't be read
		return nil
	}
	if store, findErr := s.blobs.Of(saved.Upload.Engine); findErr == nil {
		err = store.Abort(ctx, saved.Upload)
	}
	if err != nil {
		return fmt.Errorf("remove the upload of recording %d: %w", recordingID, err)
	}
	// Only this field, because others may have changed since the record was read.
	_, err = db.App.NonconcurrentDB().Update(schema.Transfers, dbx.Params{"upload": "null"}, dbx.NewExp(
		"[[id]] = {:id} AND [[upload]] ->> '$.upload.key' = {:key}", dbx.Params{"id": transfer.Id, "key": saved.Upload.Key},
	)).Execute()
	if err != nil {
		return fmt.Errorf("forget the upload of recording %d: %w", recordingID, err)
	}
	return nil
}
