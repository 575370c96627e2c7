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

// blank is a new database that lacks nothing but its owner: the folder, on the
// disk for good, and the same database in memory. One is always kept ready, so
// that whoever signs in for the first time waits for little more than a few pages
// to be written. Each is used once: nothing of one user is ever in another's.
type blank struct {
	folder  string
	draft   *sqlite.Draft
	content []byte // of data.db; auxiliary.db is made when something is logged
}

// makeBlank makes a blank or, for an owner, a database that lacks nothing.
func (s *Service) makeBlank(ctx context.Context, owner *core.Record) (*blank, error) {
	draft, err := s.template.draft(ctx)
	if err != nil {
		return nil, err
	}
	b := &blank{draft: draft}
	if owner != nil {
		err = insertOwner(draft, owner, s.now())
	}
	if err == nil {
		b.content, err = draft.Content(ctx)
	}
	if err == nil {
		b.folder, err = s.writeFolder(b.content)
	}
	if err != nil {
		return nil, errors.Join(err, draft.Close())
	}
	return b, nil
}

// writeFolder makes a folder under a scratch name with a data.db, for good.
func (s *Service) writeFolder(data []byte) (folder string, err error) {
	folder, err = os.MkdirTemp(s.dir, scratchPrefix+"blank-")
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

// personalise gives a blank its owner.
func (b *blank) personalise(ctx context.Context, owner *core.Record, now time.Time) error {
	if err := insertOwner(b.draft, owner, now); err != nil {
		return err
	}
	content, err := b.draft.Content(ctx)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(b.folder, sqlite.DataFile), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err = writeChanges(file, b.content, content); err == nil {
		err = durable.SyncData(file)
	}
	return errors.Join(err, file.Close())
}

// writeChanges makes a file of one content one of another, page by page.
func writeChanges(file *os.File, from, to []byte) error {
	const page = 4096
	for at := 0; at < len(to); at += page {
		end := min(at+page, len(to))
		if end <= len(from) && bytes.Equal(from[at:end], to[at:end]) {
			continue
		}
		if _, err := file.WriteAt(to[at:end], int64(at)); err != nil {
			return err
		}
	}
	return file.Truncate(int64(len(to)))
}

// discard drops a blank that nobody will use.
func (b *blank) discard() error { return errors.Join(b.draft.Close(), os.RemoveAll(b.folder)) }

// build makes the folder of a new database under a scratch name: of the blank that
// is ready or, in a rush, from the beginning.
func (s *Service) build(ctx context.Context, owner *core.Record) (folder string, size int64, err error) {
	defer s.prepareBlank()
	select {
	case b := <-s.blanks:
		if err := b.personalise(ctx, owner, s.now()); err != nil {
			return "", 0, errors.Join(err, b.discard())
		}
		return b.folder, int64(len(b.content)), b.draft.Close()
	default:
	}
	b, err := s.makeBlank(ctx, owner)
	if err != nil {
		return "", 0, err
	}
	return b.folder, int64(len(b.content)), b.draft.Close()
}

// prepareBlank makes a blank in the background unless one is there.
func (s *Service) prepareBlank() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.blanks) > 0 || s.preparing || s.lifetime.Err() != nil {
		return
	}
	s.preparing = true
	s.running.Go(func() {
		b, err := s.makeBlank(s.lifetime, nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.preparing = false
		if err == nil {
			s.blanks <- b // has room: only this puts one in
		} else if s.lifetime.Err() == nil {
			s.logger.Warn("prepare the next user database", "error", err)
		}
	})
}

func (s *Service) discardBlank() error {
	select {
	case b := <-s.blanks:
		return b.discard()
	default:
		return nil
	}
}
