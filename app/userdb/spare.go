package userdb

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// spare is a new database that only lacks its owner: a folder on disk, which is synced, and a copy of
// its data.db in memory. The service keeps a spare ready, so that the first sign-in of a user only has
// to write a few pages. Each spare becomes the database of one user.
type spare struct {
	folder  string
	draft   *sqlite.Draft
	content []byte // of data.db on disk; auxiliary.db is created when something is logged
}

// newSpare creates a spare. If owner is not nil, the result is the complete database of that user.
func (s *Service) newSpare(ctx context.Context, owner *core.Record) (*spare, error) {
	template, err := s.loadTemplate(ctx)
	if err != nil {
		return nil, err
	}
	draft, err := template.draft(ctx)
	if err != nil {
		return nil, err
	}
	created := &spare{draft: draft}
	if owner != nil {
		err = insertOwner(draft.DB, owner, s.now())
	}
	if err == nil {
		created.content, err = draft.Content(ctx)
	}
	if err == nil {
		created.folder, err = s.writeFolder(created.content)
	}
	if err != nil {
		return nil, errors.Join(err, draft.Close())
	}
	return created, nil
}

// writeFolder creates a scratch folder that contains data.db, and syncs it.
func (s *Service) writeFolder(data []byte) (folder string, err error) {
	folder, err = os.MkdirTemp(s.dir, sparePrefix)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	file, err := os.OpenFile(filepath.Join(folder, sqlite.DataFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	if _, err = file.Write(data); err == nil {
		err = durable.SyncData(file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	return folder, durable.SyncDir(folder)
}

// assignOwner makes a spare the database of a user.
func (s *spare) assignOwner(ctx context.Context, owner *core.Record, now time.Time) error {
	if err := insertOwner(s.draft.DB, owner, now); err != nil {
		return err
	}
	content, err := s.draft.Content(ctx)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(s.folder, sqlite.DataFile), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err = writeChangedPages(file, s.content, content); err == nil {
		err = durable.SyncData(file)
	}
	return errors.Join(err, file.Close())
}

// writeChangedPages replaces the content of a file, but writes only the pages that differ.
func writeChangedPages(file *os.File, from, to []byte) error {
	const pageSize = 4096
	for at := 0; at < len(to); at += pageSize {
		end := min(at+pageSize, len(to))
		if end <= len(from) && bytes.Equal(from[at:end], to[at:end]) {
			continue
		}
		if _, err := file.WriteAt(to[at:end], int64(at)); err != nil {
			return err
		}
	}
	return file.Truncate(int64(len(to)))
}

// remove deletes a spare that will not be used.
func (s *spare) remove() error { return errors.Join(s.draft.Close(), os.RemoveAll(s.folder)) }

// buildFolder builds the folder of a new database under a scratch name, from the spare if one is
// ready. It returns the folder and its size in bytes.
func (s *Service) buildFolder(ctx context.Context, owner *core.Record) (folder string, size int64, err error) {
	defer s.prepareSpare()
	var built *spare
	select {
	case built = <-s.spares:
		if err := built.assignOwner(ctx, owner, s.now()); err != nil {
			return "", 0, errors.Join(err, built.remove())
		}
	default: // several users sign in for the first time at the same moment
		if built, err = s.newSpare(ctx, owner); err != nil {
			return "", 0, err
		}
	}
	return built.folder, int64(len(built.content)), built.draft.Close()
}

// prepareSpare creates a spare in the background unless one is ready or being created.
func (s *Service) prepareSpare() {
	s.spareMu.Lock()
	defer s.spareMu.Unlock()
	if len(s.spares) > 0 || s.preparing {
		return
	}
	err := s.background.Go(func(ctx context.Context) {
		space, err := s.reserveNewDatabase()
		var prepared *spare
		if err == nil {
			prepared, err = s.newSpare(ctx, nil)
			space.Release()
		}
		s.spareMu.Lock()
		defer s.spareMu.Unlock()
		s.preparing = false
		if err == nil {
			s.spares <- prepared // never blocks: nothing else adds one
		} else if ctx.Err() == nil {
			s.logger.WarnContext(ctx, "failed to prepare the next user database", "error", err)
		}
	})
	s.preparing = err == nil // false once the service has stopped
}

// removeSpare deletes the spare that is ready, if any.
func (s *Service) removeSpare() error {
	select {
	case unused := <-s.spares:
		return unused.remove()
	default:
		return nil
	}
}
