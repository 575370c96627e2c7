package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// KindFindVideos is the kind of jobs that look for recordings, which people have uploaded themselves, in their library
// at Loom.
const KindFindVideos = "loom.find_videos"

const (
	abilityRead   = "read" // of a connection to Loom
	abilityUpload = "upload"

	firstVideoSearch = 20 * time.Second    // after a hand-over
	videoSearchDays  = 14 * 24 * time.Hour // after a hand-over, nobody expects the video any more
	earlierVideos    = time.Hour           // clocks differ, and the file may have been downloaded before
)

// searchVideos schedules a search for the videos of waiting transfers, if the owner has a connection that can read.
func (s *Service) searchVideos(ctx context.Context, db *userdb.Database) error {
	if s.lister == nil {
		return nil
	}
	connections, err := db.App.FindRecordsByFilter(schema.Connections, "provider = {:provider} && status != {:invalid}", "", 1, 0,
		dbx.Params{"provider": ProviderLoom, "invalid": string(ConnectionInvalid)})
	if err != nil {
		return fmt.Errorf("find the connection to loom: %w", err)
	}
	if len(connections) == 0 || !slices.Contains(connections[0].GetStringSlice("abilities"), abilityRead) {
		return nil
	}
	return s.queue.ScheduleAt(ctx, s.global, db.UserID, KindFindVideos, "{}", s.now().Add(firstVideoSearch))
}

// videoSearchDelay returns the time until the next search, given the time since the latest hand-over.
func videoSearchDelay(age time.Duration) time.Duration {
	switch {
	case age < 2*time.Minute:
		return 30 * time.Second
	case age < 10*time.Minute:
		return 2 * time.Minute
	case age < time.Hour:
		return 5 * time.Minute
	case age < 6*time.Hour:
		return 20 * time.Minute
	}
	return time.Hour
}

// findVideosResult is the result of a search.
type findVideosResult struct {
	Found int `json:"found"`
}

// findVideos saves the links of videos that leave no doubt, notes the others in their transfers, and schedules the next
// search while a recent transfer waits.
func (s *Service) findVideos(ctx context.Context, db *userdb.Database, _ queue.Job, _ struct{}, _ queue.Report) (any, error) {
	result := findVideosResult{}
	if err := s.queue.ForgetCompleted(ctx, db.UserID, KindFindVideos); err != nil { // so that the owner sees one search
		return result, err
	}
	waiting, latest, err := s.handedOver(ctx, db)
	if err != nil || len(waiting) == 0 || s.lister == nil {
		return result, err
	}
	delay := videoSearchDelay(s.now().Sub(latest))
	videos, _, err := s.lister.Recent(ctx, db.Name, s.now().Add(-videoSearchDays-earlierVideos))
	if errors.Is(err, loom.ErrNotFound) {
		return result, nil // the next hand-over with a connection starts again
	}
	if failed, ok := errors.AsType[*loom.Error](err); ok {
		s.logger.InfoContext(ctx, "failed to list videos at loom", "database", db.Name, "error", err)
		return result, s.queue.ScheduleAt(ctx, s.global, db.UserID, KindFindVideos, "{}", s.now().Add(max(delay, failed.RetryAfter)))
	}
	if err != nil {
		return result, err
	}
	if result.Found, err = s.matchVideos(ctx, db, videos, waiting); err != nil || result.Found == len(waiting) {
		return result, err
	}
	return result, s.queue.ScheduleAt(ctx, s.global, db.UserID, KindFindVideos, "{}", s.now().Add(delay))
}

// handedOver returns the transfers that were handed over within videoSearchDays, and when the latest was.
func (s *Service) handedOver(ctx context.Context, db *userdb.Database) (recent []waitingTransfer, latest time.Time, err error) {
	waiting, err := waitingTransfers(ctx, db)
	if err != nil || len(waiting) == 0 {
		return nil, latest, err
	}
	for _, transfer := range waiting {
		if s.now().Sub(transfer.changed) < videoSearchDays {
			recent = append(recent, transfer)
			latest = later(latest, transfer.changed)
		}
	}
	return recent, latest, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// matchVideos compares videos with transfers by the rules of pasted links, and returns how many links were saved.
func (s *Service) matchVideos(ctx context.Context, db *userdb.Database, videos []loom.ListedVideo, waiting []waitingTransfer) (matched int, err error) {
	found, ranks, err := rankListed(ctx, db, videos, waiting)
	if err != nil {
		return 0, err
	}
	taken := map[int]bool{}
	for i, video := range found {
		j, ok := onlyMatch(ranks, i)
		if !ok {
			continue
		}
		err := s.deliverLink(ctx, db, waiting[j].Transfer, video.share)
		if errors.Is(err, errNotWaiting) {
			continue
		}
		if err != nil {
			return matched, fmt.Errorf("save the link of a video that was found: %w", err)
		}
		taken[j] = true
		matched++
		ranks[i] = make([]linkRank, len(waiting))
	}
	for i, video := range found {
		if err := s.noteDoubtful(ctx, db, video, waiting, ranks[i], taken); err != nil {
			return matched, err
		}
	}
	return matched, nil
}

// rankListed compares transfers with those videos that don't belong to any yet.
func rankListed(ctx context.Context, db *userdb.Database, videos []loom.ListedVideo, waiting []waitingTransfer) (found []foundVideo, ranks [][]linkRank, err error) {
	created := map[string]time.Time{}
	for _, video := range videos {
		err := requireUnusedLink(ctx, db, "", video.Share)
		if _, used := errors.AsType[*ShareURLRefusedError](err); used {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		found = append(found, foundVideo{video.Video, video.Share})
		created[video.Share.ID] = video.CreatedAt
	}
	ranks = rankAll(found, waiting)
	for i, video := range found {
		for j, transfer := range waiting {
			if at := created[video.share.ID]; !at.IsZero() && at.Before(transfer.created.Add(-earlierVideos)) {
				ranks[i][j] = rankNone // it was there before the recording could be
			}
		}
	}
	return found, ranks, nil
}

// noteDoubtful mentions a video in the transfers that it may belong to, so that their owner can decide.
func (s *Service) noteDoubtful(ctx context.Context, db *userdb.Database, video foundVideo, waiting []waitingTransfer, ranks []linkRank, taken map[int]bool) error {
	best := rankNone
	for j, rank := range ranks {
		if !taken[j] {
			best = max(best, rank)
		}
	}
	if best == rankNone {
		return nil
	}
	noted := 0
	for j, transfer := range waiting {
		if ranks[j] != best || taken[j] || noted == maxLinkCandidates {
			continue
		}
		noted++
		if err := addVideoNote(ctx, db, transfer.Transfer, video); err != nil {
			return err
		}
	}
	return nil
}

// addVideoNote adds a sentence about a video to a transfer that still waits, once.
func addVideoNote(ctx context.Context, db *userdb.Database, id string, video foundVideo) error {
	return db.App.RunInTransaction(func(tx core.App) error {
		transfer, err := tx.FindRecordById(schema.Transfers, id)
		if err != nil {
			return fmt.Errorf("find transfer %s: %w", id, err)
		}
		note := transfer.GetString("note")
		if statusOf(transfer) != StatusAwaitingShareURL || strings.Contains(note, video.share.ID) {
			return nil
		}
		setNote(transfer, strings.TrimSpace(note+" "+doubtNote(video)))
		return tx.SaveWithContext(ctx, transfer)
	})
}

func doubtNote(video foundVideo) string {
	return fmt.Sprintf("The video %q in your Loom library may be this recording. If it is, paste its link: %s", video.Title, video.share)
}
