package userdb

import (
	"context"
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// checkDeletable returns an error if the recordings of a database can't be deleted at the moment: as long as nothing is
// gone, the database can be restored. It deletes nothing and may be repeated. The caller must have exclusive access.
func (s *Service) checkDeletable(ctx context.Context, entry registry.Entry) error {
	if s.blobs.S3 == nil && s.lastSizeInS3(ctx, entry.Name, entry.SizeInS3) > 0 {
		return ErrS3NotConfigured
	}
	if err := s.restoreStorageLink(ctx, entry.Name); err != nil {
		return err
	}
	if err := s.requireOwnStorage(ctx, entry.Name); err != nil || s.blobs.S3 == nil {
		return err
	}
	for _, err := range s.blobs.S3.List(ctx, entry.Name) {
		if err != nil {
			return fmt.Errorf("delete recordings in S3: %w", err)
		}
		break // it answers
	}
	return nil
}

// deleteRecordings deletes all recordings of a database, and what unfinished uploads have stored, wherever they are.
// It may be repeated. The caller must have exclusive access and have called checkDeletable.
func (s *Service) deleteRecordings(ctx context.Context, entry registry.Entry) error {
	if s.blobs.S3 != nil {
		if err := s.blobs.S3.DeleteAll(ctx, entry.Name); err != nil {
			return fmt.Errorf("delete recordings in S3: %w", err)
		}
	}
	if err := s.blobs.Disk.DeleteAll(ctx, entry.Name); err != nil {
		return fmt.Errorf("delete recordings on disk: %w", err)
	}
	return nil
}

// lastSizeInS3 returns what a database has in S3, in bytes. If its folder is missing or unreadable, this is what the
// registry has recorded.
func (s *Service) lastSizeInS3(ctx context.Context, name string, recorded int64) int64 {
	if found, err := hasData(s.Dir(name)); err != nil || !found {
		return recorded
	}
	size, err := folderSizeInS3(ctx, s.Dir(name))
	if err != nil {
		return recorded
	}
	return size
}

// restoreStorageLink recreates the folder of an archived database with nothing but the link to its storage folder, if
// the archive contains one: otherwise the recordings, which archiving left where they are, would outlive it.
func (s *Service) restoreStorageLink(ctx context.Context, name string) error {
	archived, err := exists(s.archivePath(name))
	if err != nil || !archived {
		return err
	}
	if found, err := exists(s.Dir(name)); err != nil || found {
		return err
	}
	target, err := durable.LinkTarget(ctx, s.archivePath(name), core.LocalStorageDirName)
	if err != nil { // nothing is known about what a damaged archive contained
		s.logger.WarnContext(ctx, "failed to read the archive of a user database before its deletion", "database", name, "error", err)
		return ctx.Err()
	}
	if target == "" {
		return nil
	}
	if err := os.Mkdir(s.Dir(name), 0o700); err != nil {
		return err
	}
	return os.Symlink(target, s.storageDir(name))
}
