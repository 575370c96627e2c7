package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
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
	Duration    float64  `json:"duration"`         // seconds
	Agrees      []string `json:"agrees,omitempty"` // of a candidate: title, length
}

const (
	maxLinkLookups    = 4 // at the same time
	maxLinkCandidates = 5
)

// FindLinks returns the share links that a text contains.
func (s *Service) FindLinks(text string) []loom.ShareURL { return s.loom.FindShareURLs(text) }

// AcceptPastedLinks looks up links at Loom, finds the transfer that each belongs to, among those that wait for one, and
// saves those that leave no doubt. It returns an error only if nothing was saved.
func (s *Service) AcceptPastedLinks(ctx context.Context, db *userdb.Database, links []loom.ShareURL) (PastedLinks, error) {
	result := PastedLinks{[]MatchedLink{}, []DoubtfulLink{}, []UnknownLink{}}
	waiting, err := waitingTransfers(ctx, db)
	if err != nil {
		return result, err
	}
	videos, failures := s.lookUp(ctx, links)
	ranks := make([][]linkRank, len(links)) // by link and waiting transfer
	for i := range links {
		ranks[i] = make([]linkRank, len(waiting))
		for j := range waiting {
			if failures[i] == nil {
				ranks[i][j] = waiting[j].rank(videos[i])
			}
		}
	}
	for i, link := range links {
		if failures[i] == nil {
			failures[i] = s.requireUnusedLink(ctx, db, &core.Record{}, link)
		}
		if failures[i] != nil {
			refused, ok := errors.AsType[*ShareURLRefusedError](refuseShareURL(failures[i]))
			if !ok {
				return result, failures[i]
			}
			result.Unknown = append(result.Unknown, UnknownLink{link.String(), refused.Code, refused.Message})
			continue
		}
		if j, ok := onlyMatch(ranks, i); ok {
			if err := s.deliverLink(ctx, db, waiting[j].Transfer, link); err == nil {
				result.Matched = append(result.Matched, MatchedLink{link.String(), waiting[j].LinkedMeeting})
				continue
			}
		}
		result.addDoubtful(link, videos[i], waiting, ranks[i])
	}
	return result, nil
}

// addDoubtful lists a link with the transfers that it may belong to, or as unknown if there are none.
func (p *PastedLinks) addDoubtful(link loom.ShareURL, video loom.Video, waiting []waitingTransfer, ranks []linkRank) {
	var candidates []LinkedMeeting
	for j, transfer := range waiting {
		if ranks[j] > rankNone && len(candidates) < maxLinkCandidates {
			candidate := transfer.LinkedMeeting
			candidate.Agrees = transfer.agreements(video)
			candidates = append(candidates, candidate)
		}
	}
	found := VideoDescription{Title: video.Title, Duration: video.Duration.Seconds()}
	if len(candidates) == 0 {
		p.Unknown = append(p.Unknown, UnknownLink{link.String(), codeNoMeeting, fmt.Sprintf("No meeting that waits for a link matches the video %q.", video.Title)})
		return
	}
	p.Doubtful = append(p.Doubtful, DoubtfulLink{link.String(), found, candidates})
}

// lookUp asks Loom about links.
func (s *Service) lookUp(ctx context.Context, links []loom.ShareURL) ([]loom.Video, []error) {
	videos, failures := make([]loom.Video, len(links)), make([]error, len(links))
	var lookups errgroup.Group
	lookups.SetLimit(maxLinkLookups)
	for i, link := range links {
		lookups.Go(func() error {
			videos[i], failures[i] = s.loom.Video(ctx, link)
			return nil
		})
	}
	_ = lookups.Wait()
	return videos, failures
}

// linkRank says how certain it is that a video belongs to a transfer.
type linkRank int

const (
	rankNone     linkRank = iota
	rankPossible          // the title or the length agrees
	rankLikely            // both agree
	rankCertain           // Loom shows the name of the file, and the length doesn't differ
)

// onlyMatch returns the transfer that a link belongs to, if no other transfer is as likely, and no other link is as
// likely for it.
func onlyMatch(ranks [][]linkRank, link int) (transfer int, ok bool) {
	best := slices.Max(append([]linkRank{rankNone}, ranks[link]...))
	if best < rankLikely {
		return 0, false
	}
	transfer = slices.Index(ranks[link], best)
	for j, rank := range ranks[link] {
		if rank == best && j != transfer {
			return 0, false
		}
	}
	for i := range ranks {
		if i != link && ranks[i][transfer] >= best {
			return 0, false
		}
	}
	return transfer, true
}

// waitingTransfer is a transfer that waits for a link.
type waitingTransfer struct {
	LinkedMeeting
	expected loom.Expectation
}

func (w waitingTransfer) rank(video loom.Video) linkRank {
	length, title := w.expected.Compare(video)
	switch {
	case length == loom.Differs && title != loom.Agrees, length != loom.Agrees && title != loom.Agrees:
		return rankNone
	case length == loom.Differs, title != loom.Agrees, length == loom.Unknown && video.Title != w.expected.UploadTitle():
		return rankPossible
	case video.Title == w.expected.UploadTitle():
		return rankCertain
	default:
		return rankLikely
	}
}

func (w waitingTransfer) agreements(video loom.Video) (agrees []string) {
	length, title := w.expected.Compare(video)
	if title == loom.Agrees {
		agrees = append(agrees, "title")
	}
	if length == loom.Agrees {
		agrees = append(agrees, "length")
	}
	return agrees
}

// waitingTransfers lists the transfers that wait for a link.
func waitingTransfers(ctx context.Context, db *userdb.Database) ([]waitingTransfer, error) {
	var rows []struct {
		Transfer    string  `db:"transfer"`
		Meeting     string  `db:"meeting"`
		RecordingID int64   `db:"recording_id"`
		Title       string  `db:"title"`
		FileName    string  `db:"file_name"`
		Duration    float64 `db:"duration"` // seconds
		Measured    bool    `db:"measured"`
	}
	err := db.App.ConcurrentDB().Select("t.id AS transfer", "m.id AS meeting", "t.recording_id", "m.title", "t.file_name",
		"COALESCE(r.measured, FALSE) AS measured", "CASE WHEN r.measured THEN r.duration ELSE m.duration END AS duration").
		From(schema.Transfers+" t").InnerJoin(schema.Meetings+" m", dbx.NewExp("m.id = t.meeting")).
		LeftJoin(schema.Recordings+" r", dbx.NewExp("r.recording_id = t.recording_id")).
		Where(dbx.HashExp{"t.status": string(StatusAwaitingShareURL)}).OrderBy("m.recorded_at DESC").WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("list transfers that wait for a link: %w", err)
	}
	waiting := make([]waitingTransfer, len(rows))
	for i, row := range rows {
		waiting[i] = waitingTransfer{
			LinkedMeeting{Transfer: row.Transfer, Meeting: row.Meeting, RecordingID: row.RecordingID, Title: row.Title, Duration: row.Duration},
			loom.Expectation{
				Title: row.Title, FileName: row.FileName, Duration: time.Duration(row.Duration * float64(time.Second)), Measured: row.Measured,
			},
		}
	}
	return waiting, nil
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
		setDelivered(transfer, link.String(), s.now())
		transfer.Set("error", "")
		s.setChecked(transfer, nil)
		if err := tx.SaveWithContext(ctx, transfer); err != nil {
			return err
		}
		return LinkMeeting(tx, transfer)
	})
}

var errNotWaiting = errors.New("the transfer no longer waits for a link")
