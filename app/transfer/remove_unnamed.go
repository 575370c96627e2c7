package transfer

import (
	"context"

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

// removeUnnamed calls remove, which removes a blob or an upload that no record names any more, at once for the disk and
// in the background for S3. If it fails, a sweep removes the bytes later.
func (s *Service) removeUnnamed(db *userdb.Database, ref blob.Ref, remove func(context.Context, blob.Store) error) {
	defer db.StorageChanged()
	store, err := s.blobs.Of(ref.Engine)
	if err == nil && ref.Engine == blob.EngineS3 {
		s.cleanups.add(cleanupKey{db.Name, ref.Key}, 0, func(ctx context.Context) error {
			return s.cleanups.withS3(func() error {
				return withinRemovalTimeout(ctx, func(ctx context.Context) error { return remove(ctx, store) })
			})
		})
		return
	}
	if err == nil {
		err = remove(context.Background(), store)
	}
	if err != nil {
		s.logger.Warn("failed to remove a file that nothing refers to", "database", db.Name, "key", ref.Key, "error", err)
	}
}
