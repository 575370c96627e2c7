package loomaccount

import (
	"context"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

var _ loom.Library = (*Service)(nil)

// Video implements loom.Library.
func (s *Service) Video(ctx context.Context, owner string, share loom.ShareURL) (loom.Video, error) {
	db, err := s.databases.Acquire(ctx, owner)
	if err != nil {
		return loom.Video{}, err
	}
	defer db.Release()
	connection, account, err := s.reader(db.Database)
	if err != nil {
		return loom.Video{}, err
	}
	video, err := s.uploads.Get(ctx, account, share.String())
	if err != nil {
		s.recordFailure(ctx, db.Database, connection, account, err)
		return loom.Video{}, explainLibrary(err)
	}
	return loom.Video{Title: video.Title, Duration: video.Duration}, nil
}

// reader returns a person's connection that can probably read and the access to Loom, and otherwise loom.ErrNotFound.
func (s *Service) reader(db *userdb.Database) (*core.Record, loomupload.Account, error) {
	connection, account, err := s.open(db)
	if errors.Is(err, ErrNotConnected) {
		return nil, account, loom.ErrNotFound
	}
	if err != nil {
		s.recordUnusable(db, connection, err)
		return connection, account, explainLibrary(err)
	}
	if connection.GetString("status") == "invalid" {
		return connection, account, loom.ErrNotFound
	}
	return connection, account, nil
}

// explainLibrary turns a problem into what loom.Library returns.
func explainLibrary(err error) error {
	problem, ok := errors.AsType[*loomupload.Problem](err)
	switch {
	case !ok:
		return err
	case problem.Temporary():
		return &loom.Error{Op: "look up loom video through atlassian", RetryAfter: problem.RetryAfter, Detail: string(problem.Kind)}
	}
	return loom.ErrNotFound
}

// Folders returns the folders of a person at Loom. Its errors are ErrNotConnected, a *loomupload.Problem, or that of ctx.
func (s *Service) Folders(ctx context.Context, db *userdb.Database) ([]loomupload.Folder, error) {
	connection, account, err := s.open(db)
	if err != nil {
		s.recordUnusable(db, connection, err)
		return nil, err
	}
	folders, err := s.uploads.Folders(ctx, account)
	s.recordFailure(ctx, db, connection, account, err)
	if folders == nil {
		folders = []loomupload.Folder{}
	}
	return folders, err
}
