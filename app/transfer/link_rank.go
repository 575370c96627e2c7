package transfer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// linkRank says how certain it is that a video belongs to a transfer.
type linkRank int

const (
	rankNone     linkRank = iota
	rankPossible          // the title or the length agrees
	rankLikely            // both agree
	rankCertain           // Loom shows the name of the file, and the length doesn't differ
)

// rankAll returns how certain it is that each video belongs to each transfer.
func rankAll(videos []foundVideo, waiting []waitingTransfer) [][]linkRank {
	ranks := make([][]linkRank, len(videos))
	for i, video := range videos {
		for _, transfer := range waiting {
			ranks[i] = append(ranks[i], transfer.rank(video.Video))
		}
	}
	return ranks
}

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
	created  time.Time // the transfer, before which the file was not available to the owner
	changed  time.Time // the transfer, for instance because it was handed over
}

func (w waitingTransfer) rank(video loom.Video) linkRank {
	length, title := w.expected.Compare(video)
	switch {
	case length != loom.Agrees && title != loom.Agrees:
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

const waitingSQL = `
SELECT t.id AS transfer, m.id AS meeting, t.recording_id, m.title, m.recorded_at, t.file_name, t.updated AS changed, t.created, COALESCE(r.measured, FALSE) AS measured,
	CASE WHEN r.measured THEN r.duration ELSE m.duration END AS duration
FROM transfers t JOIN meetings m ON m.id = t.meeting LEFT JOIN recordings r ON r.recording_id = t.recording_id
WHERE %s ORDER BY m.recorded_at DESC`

// waitingTransfers lists the transfers that wait for a link.
func waitingTransfers(ctx context.Context, db *userdb.Database) ([]waitingTransfer, error) {
	return transfersWithoutLink(ctx, db, "t.status = {:status}", StatusAwaitingShareURL)
}

// undeliveredTransfers lists all transfers that have no link, also those that are active.
func undeliveredTransfers(ctx context.Context, db *userdb.Database) ([]waitingTransfer, error) {
	return transfersWithoutLink(ctx, db, "t.status != {:status} AND t.share_url = ''", StatusDelivered)
}

// transfersWithoutLink lists the transfers that a condition on their status selects.
func transfersWithoutLink(ctx context.Context, db *userdb.Database, condition string, status Status) ([]waitingTransfer, error) {
	var rows []struct {
		Transfer    string         `db:"transfer"`
		Meeting     string         `db:"meeting"`
		RecordingID int64          `db:"recording_id"`
		Title       string         `db:"title"`
		RecordedAt  string         `db:"recorded_at"`
		FileName    string         `db:"file_name"`
		Duration    float64        `db:"duration"` // seconds
		Measured    bool           `db:"measured"`
		Created     types.DateTime `db:"created"`
		Changed     types.DateTime `db:"changed"`
	}
	err := db.App.ConcurrentDB().NewQuery(fmt.Sprintf(waitingSQL, condition)).Bind(dbx.Params{"status": string(status)}).WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("list transfers without a link: %w", err)
	}
	waiting := make([]waitingTransfer, len(rows))
	for i, row := range rows {
		waiting[i] = waitingTransfer{
			LinkedMeeting{
				Transfer: row.Transfer, Meeting: row.Meeting, RecordingID: row.RecordingID, Title: row.Title, RecordedAt: row.RecordedAt, Duration: row.Duration,
			},
			loom.Expectation{
				Title: row.Title, FileName: row.FileName, Duration: time.Duration(row.Duration * float64(time.Second)), Measured: row.Measured,
			},
			row.Created.Time(), row.Changed.Time(),
		}
	}
	return waiting, nil
}
