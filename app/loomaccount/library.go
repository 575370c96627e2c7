package loomaccount

import (
	"context"
	"errors"

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
	account, err := s.reader(db.Database)
	if err != nil {
		return loom.Video{}, err
	}
	video, err := s.uploads.Get(ctx, account, share.String())
	if err != nil {
		return loom.Video{}, explainLibrary(err)
	}
	return loom.Video{Title: video.Title, Duration: video.Duration}, nil
}

// Newest implements loom.Library. It lists the first page of videos.
func (s *Service) Newest(ctx context.Context, owner string) ([]loom.LibraryVideo, error) {
	db, err := s.databases.Acquire(ctx, owner)
	if err != nil {
		return nil, err
	}
	defer db.Release()
	account, err := s.reader(db.Database)
	if err != nil {
		return nil, err
	}
	listed, _, err := s.uploads.List(ctx, account, "")
	if err != nil {
		return nil, explainLibrary(err)
	}
	videos := make([]loom.LibraryVideo, len(listed))
	for i, video := range listed {
		videos[i] = loom.LibraryVideo{Video: loom.Video{Title: video.Title, Duration: video.Duration}, ShareURL: video.ShareURL}
	}
	return videos, nil
}

// reader returns the access of a person whose connection can probably read, and otherwise loom.ErrNotFound.
func (s *Service) reader(db *userdb.Database) (loomupload.Account, error) {
	connection, account, err := s.open(db)
	if errors.Is(err, ErrNotConnected) {
		return account, loom.ErrNotFound
	}
	if err != nil {
		return account, explainLibrary(err)
	}
	if connection.GetString("status") == "invalid" {
		return account, loom.ErrNotFound
	}
	return account, nil
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
	_, account, err := s.open(db)
	if err != nil {
		return nil, err
	}
	folders, err := s.uploads.Folders(ctx, account)
	if folders == nil {
		folders = []loomupload.Folder{}
	}
	return folders, err
}
