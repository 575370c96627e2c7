package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// build makes the folder of a new database under a scratch name and returns its
// size: data.db, synced. auxiliary.db is made when something is logged.
func (s *Service) build(ctx context.Context, scratch string, user *core.Record) (int64, error) {
	var data []byte
	var file *os.File
	var group errgroup.Group
	group.Go(func() (err error) {
		data, err = s.clone(ctx, user)
		return err
	})
	group.Go(func() (err error) {
		if err := os.RemoveAll(scratch); err != nil {
			return fmt.Errorf("remove an unfinished folder: %w", err)
		}
		if err := os.Mkdir(scratch, 0o700); err != nil {
			return err
		}
		file, err = os.OpenFile(filepath.Join(scratch, sqlite.DataFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		return err
	})
	err := group.Wait()
	if err == nil {
		_, err = file.Write(data)
	}
	if err == nil {
		err = file.Sync()
	}
	if file != nil {
		err = errors.Join(err, file.Close())
	}
	return int64(len(data)), err
}

// clone returns the data.db of a new user.
func (s *Service) clone(ctx context.Context, user *core.Record) ([]byte, error) {
	draft, err := s.nextDraft(ctx)
	if err != nil {
		return nil, err
	}
	if err := insertOwner(draft, user, s.now()); err != nil {
		return nil, errors.Join(err, draft.Close())
	}
	return draft.Content(ctx)
}

// nextDraft returns the draft that was prepared, and has the next one prepared
// while this one is written to the disk. Each is used once: nothing of one user
// is ever in another's.
func (s *Service) nextDraft(ctx context.Context) (*sqlite.Draft, error) {
	defer s.prepareDraft()
	select {
	case draft := <-s.drafts:
		return draft, nil
	default:
		return s.template.draft(ctx)
	}
}

// prepareDraft makes a draft in the background unless one is there.
func (s *Service) prepareDraft() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.drafts) > 0 || s.drafting || s.lifetime.Err() != nil {
		return
	}
	s.drafting = true
	s.running.Go(func() {
		draft, err := s.template.draft(s.lifetime)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.drafting = false
		if err == nil {
			s.drafts <- draft // has room: only this puts one in
		}
	})
}

func (s *Service) dropDraft() error {
	select {
	case draft := <-s.drafts:
		return draft.Close()
	default:
		return nil
	}
}
