package loomaccount

import (
	"context"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

var _ loom.Lister = (*Service)(nil)

// maxRecentPages limits how much of a library Recent reads. A page has up to 50 videos.
const maxRecentPages = 4

// Recent implements loom.Lister. It expects the newest videos first, as Loom lists them; videos without a date count as
// recent.
func (s *Service) Recent(ctx context.Context, owner string, since time.Time) ([]loom.ListedVideo, error) {
	db, err := s.databases.Acquire(ctx, owner)
	if err != nil {
		return nil, err
	}
	defer db.Release()
	connection, account, err := s.reader(db.Database)
	if err != nil {
		return nil, err
	}
	var recent []loom.ListedVideo
	cursor := ""
	for range maxRecentPages {
		videos, next, err := s.uploads.List(ctx, account, cursor)
		if err != nil {
			s.recordFailure(ctx, db.Database, connection, account, err)
			return nil, explainLibrary(err)
		}
		found := s.sinceThen(videos, since)
		recent = append(recent, found...)
		if cursor = next; cursor == "" || len(found) == 0 {
			break
		}
	}
	return recent, nil
}

// sinceThen returns the videos that were created since a time and have a link.
func (s *Service) sinceThen(videos []loomupload.Video, since time.Time) (recent []loom.ListedVideo) {
	for _, video := range videos {
		share, err := s.loom.ParseShareURL(video.ShareURL)
		if err != nil || !video.CreatedAt.IsZero() && video.CreatedAt.Before(since) {
			continue
		}
		recent = append(recent, loom.ListedVideo{
			Video: loom.Video{Title: video.Title, Duration: video.Duration}, Share: share, CreatedAt: video.CreatedAt,
		})
	}
	return recent
}
