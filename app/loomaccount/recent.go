package loomaccount

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

var _ loom.Lister = (*Service)(nil)

// maxRecentPages limits how much of a library Recent reads. A page has up to 50 videos, and those that this server has
// uploaded are among them.
const maxRecentPages = 20

// Recent implements loom.Lister. It expects the newest videos first, as Loom lists them; videos without a date count as
// recent.
func (s *Service) Recent(ctx context.Context, owner string, since time.Time) (recent []loom.ListedVideo, complete bool, err error) {
	db, err := s.databases.Acquire(ctx, owner)
	if err != nil {
		return nil, false, err
	}
	defer db.Release()
	connection, account, err := s.reader(db.Database)
	if err != nil {
		return nil, false, err
	}
	cursor := ""
	for range maxRecentPages {
		videos, next, err := s.uploads.List(ctx, account, cursor)
		if err != nil {
			s.recordFailure(ctx, db.Database, connection, account, err)
			if _, _, ended := s.reader(db.Database); errors.Is(ended, loom.ErrNotFound) {
				return nil, false, loom.ErrNotFound
			}
			return nil, false, explainList(err)
		}
		isOld := func(video loomupload.Video) bool { return !video.CreatedAt.IsZero() && video.CreatedAt.Before(since) }
		recent = append(recent, s.listed(slices.DeleteFunc(slices.Clone(videos), isOld))...)
		allOld := len(videos) > 0 && !slices.ContainsFunc(videos, func(video loomupload.Video) bool { return !isOld(video) })
		if cursor = next; cursor == "" || allOld {
			return recent, true, nil
		}
	}
	return recent, false, nil
}

// explainList is explainLibrary for lists, whose refusals are not about a video.
func explainList(err error) error {
	explained := explainLibrary(err)
	if problem, ok := errors.AsType[*loomupload.Problem](err); ok && errors.Is(explained, loom.ErrNotFound) {
		return &loom.ListRefusedError{Message: strings.TrimSpace(problem.Message + " " + problem.Advice)}
	}
	return explained
}

// listed returns the videos that have a link.
func (s *Service) listed(videos []loomupload.Video) (listed []loom.ListedVideo) {
	for _, video := range videos {
		share, err := s.loom.ParseShareURL(video.ShareURL)
		if err != nil {
			continue
		}
		listed = append(listed, loom.ListedVideo{
			Video: loom.Video{Title: video.Title, Duration: video.Duration}, Share: share, CreatedAt: video.CreatedAt,
		})
	}
	return listed
}
