package transfer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// PastedLinks is what became of the links in a text. Each link is in one of the lists.
type PastedLinks struct {
	Matched  []MatchedLink  `json:"matched"`
	Doubtful []DoubtfulLink `json:"doubtful"`
	Unknown  []UnknownLink  `json:"unknown"`
}

// MatchedLink is a link that was saved in the transfer that it belongs to.
type MatchedLink struct {
	URL string `json:"url"`
	LinkedMeeting
}

// DoubtfulLink is a link that may belong to one of several transfers, or whose video agrees with one only in part.
type DoubtfulLink struct {
	URL        string           `json:"url"`
	Found      VideoDescription `json:"found"`
	Candidates []LinkedMeeting  `json:"candidates"` // at most 5
}

// UnknownLink is a link that belongs to no transfer that waits for one, or that can't be checked.
type UnknownLink struct {
	URL     string `json:"url"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// LinkedMeeting is a meeting whose transfer waits for a link.
type LinkedMeeting struct {
	Transfer    string   `json:"transfer"` // id
	Meeting     string   `json:"meeting"`  // id
	RecordingID int64    `json:"recording_id"`
	Title       string   `json:"title"`
	RecordedAt  string   `json:"recorded_at"`
	Duration    float64  `json:"duration"`         // seconds
	Agrees      []string `json:"agrees,omitempty"` // of a candidate: title, length
}

const (
	maxLinkLookups    = 4 // at the same time
	maxLinkCandidates = 5
	maxOtherLinks     = 20
	maxOtherLink      = 2000 // bytes
)

// FindLinks returns the share links that a text contains, and its other links, of which at most maxOtherLinks are reported.
func (s *Service) FindLinks(text string) (links []loom.ShareURL, others []UnknownLink) {
	for _, link := range s.loom.FindOtherLinks(text) {
		if len(others) < maxOtherLinks && len(link) <= maxOtherLink {
			others = append(others, UnknownLink{link, codeNotLoom, s.NoLinkMessage()})
		}
	}
	return s.loom.FindShareURLs(text), others
}

// NoLinkMessage tells the user what to paste instead of something that is no share link.
func (s *Service) NoLinkMessage() string {
	return "That isn't a link to a Loom video. It looks like " + s.loom.ExampleShareURL() + " and comes from “Copy link” at Loom."
}

// AcceptPastedLinks looks up links at Loom, finds the transfer that each belongs to, among those that wait for one, and
// saves those that leave no doubt. It returns an error only if nothing was saved.
func (s *Service) AcceptPastedLinks(ctx context.Context, db *userdb.Database, links []loom.ShareURL) (PastedLinks, error) {
	result := PastedLinks{[]MatchedLink{}, []DoubtfulLink{}, []UnknownLink{}}
	waiting, err := waitingTransfers(ctx, db)
	if err != nil {
		return result, err
	}
	found, err := s.lookUp(ctx, db, links, &result)
	if err != nil {
		return result, err
	}
	ranks := rankAll(found, waiting)
	matches := map[int]int{} // from found to waiting
	for i := range found {
		if j, ok := onlyMatch(ranks, i); ok {
			matches[i] = j
		}
	}
	for i, j := range matches {
		if err := s.deliverLink(ctx, db, waiting[j].Transfer, found[i].share); err != nil {
			s.logger.WarnContext(ctx, "failed to save a share link", "database", db.Name, "error", err)
			delete(matches, i)
		}
	}
	taken := slices.Collect(maps.Values(matches))
	for i, video := range found {
		if j, ok := matches[i]; ok {
			result.Matched = append(result.Matched, MatchedLink{video.share.String(), waiting[j].LinkedMeeting})
		} else {
			result.addDoubtful(video, waiting, ranks[i], taken)
		}
	}
	return result, nil
}

// foundVideo is a video that Loom shows.
type foundVideo struct {
	loom.Video
	share loom.ShareURL
}

// lookUp asks Loom about links, and adds those that can't be used to result.
func (s *Service) lookUp(ctx context.Context, db *userdb.Database, links []loom.ShareURL, result *PastedLinks) (found []foundVideo, err error) {
	videos, failures := make([]loom.Video, len(links)), make([]error, len(links))
	var lookups errgroup.Group
	lookups.SetLimit(maxLinkLookups)
	for i, link := range links {
		lookups.Go(func() error {
			if failures[i] = requireUnusedLink(ctx, db, "", link); failures[i] == nil {
				videos[i], failures[i] = s.videoOf(ctx, db, link)
			}
			return nil
		})
	}
	_ = lookups.Wait() // no function returns an error
	for i, link := range links {
		if failures[i] == nil {
			found = append(found, foundVideo{videos[i], link})
			continue
		}
		refused, ok := errors.AsType[*ShareURLRefusedError](refuseShareURL(failures[i]))
		if !ok {
			return nil, failures[i]
		}
		result.Unknown = append(result.Unknown, UnknownLink{link.String(), refused.Code, refused.Message})
	}
	return found, nil
}

// addDoubtful lists a link with the most likely of the transfers that it may belong to, or as unknown if there are
// none. taken are the transfers that have got other links.
func (p *PastedLinks) addDoubtful(video foundVideo, waiting []waitingTransfer, ranks []linkRank, taken []int) {
	best := rankNone
	for j, rank := range ranks {
		if !slices.Contains(taken, j) {
			best = max(best, rank)
		}
	}
	if best == rankNone {
		message := fmt.Sprintf("No meeting that waits for a link matches the video %q.", video.Title)
		p.Unknown = append(p.Unknown, UnknownLink{video.share.String(), codeNoMeeting, message})
		return
	}
	doubtful := DoubtfulLink{URL: video.share.String(), Found: VideoDescription{Title: video.Title, Duration: video.Duration.Seconds()}}
	for j, transfer := range waiting {
		if ranks[j] == best && !slices.Contains(taken, j) && len(doubtful.Candidates) < maxLinkCandidates {
			candidate := transfer.LinkedMeeting
			candidate.Agrees = transfer.agreements(video.Video)
			doubtful.Candidates = append(doubtful.Candidates, candidate)
		}
	}
	p.Doubtful = append(p.Doubtful, doubtful)
}

// deliverLink saves a verified link, unless the transfer has got one in the meantime.
func (s *Service) deliverLink(ctx context.Context, db *userdb.Database, id string, link loom.ShareURL) error {
	return db.App.RunInTransaction(func(tx core.App) error {
		transfer, err := tx.FindRecordById(schema.Transfers, id)
		if err != nil {
			return err
		}
		if statusOf(transfer) != StatusAwaitingShareURL {
			return errNotWaiting
		}
		s.setAccepted(transfer, link, nil)
		if err := tx.SaveWithContext(ctx, transfer); err != nil {
			return err
		}
		return LinkMeeting(tx, transfer)
	})
}

var errNotWaiting = errors.New("the transfer no longer waits for a link")
