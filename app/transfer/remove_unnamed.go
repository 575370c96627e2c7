package transfer

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// RecordingDeleted removes the file of a recording whose record was deleted without PrepareRecordingDeletion: at once
// from the disk, and in the background from S3.
func (s *Service) RecordingDeleted(db *userdb.Database, recording *core.Record) {
	if recording.GetString("file") == "" {
		return
	}
	s.removeFile(db, userdb.RecordingBlob(db.Name, recording))
}

// removeFile removes the file of a recording that no record names any more.
func (s *Service) removeFile(db *userdb.Database, file blob.Ref) {
	s.removeUnnamed(db, file, func(ctx context.Context, store blob.Store) error { return store.Delete(ctx, file.Key) })
}

// abortUpload removes the bytes of an upload that no record names any more: at once from the disk, and in the
// background from S3. saved may be nil.
func (s *Service) abortUpload(db *userdb.Database, saved *savedUpload) {
	if saved == nil {
		return
	}
	u := saved.Upload
	s.removeUnnamed(db, blob.Ref{Engine: u.Engine, Key: u.Key}, func(ctx context.Context, store blob.Store) error {
		// Without the list of its parts, which is large and which Abort doesn't need.
		return store.Abort(ctx, blob.Upload{Engine: u.Engine, Key: u.Key, ID: u.ID, PartSize: u.PartSize})
	})
}

// diskRemovalTimeout limits how long the caller of removeUnnamed waits, for instance for a run that still writes.
const diskRemovalTimeout = 100 * time.Millisecond

// removeUnnamed calls remove, which removes a blob or an upload that no record names any more: at once for the disk, and
// in the background for S3 and if it fails at once. If it never succeeds, a sweep removes the bytes.
func (s *Service) removeUnnamed(db *userdb.Database, ref blob.Ref, remove func(context.Context, blob.Store) error) {
	defer db.StorageChanged()
	store, err := s.blobs.Of(ref.Engine)
	if err != nil {
		s.logger.Warn("failed to remove a file that nothing refers to",
			"database", db.Name, "key", ref.Key, "error", err)
		return
	}
	if ref.Engine == blob.EngineDisk {
		ctx, cancel := context.WithTimeout(context.Background(), diskRemovalTimeout)
		defer cancel()
		if remove(ctx, store) == nil {
			return
		}
	}
	s.cleanups.add(cleanupKey{db.Name, ref.Key}, 0, func(ctx context.Context) error {
		if ref.Engine == blob.EngineDisk {
			return remove(ctx, store)
		}
		return s.cleanups.withS3(func() error {
			return withinRemovalTimeout(ctx, func(ctx context.Context) error { return remove(ctx, store) })
		})
	})
}
