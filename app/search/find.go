package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Limits on pages.
const (
	DefaultLimit = 20
	MaxLimit     = 50
	MaxOffset    = 10_000
)

// Request asks for a page of results.
type Request struct {
	Query         Query
	Limit, Offset int // 0 ≤ Offset ≤ MaxOffset, 0 < Limit ≤ MaxLimit
}

// Result is a page of results, the best first.
type Result struct {
	Complete bool        `json:"complete"` // false while the index is being built or updated
	Indexed  int64       `json:"indexed"`  // recordings in the index
	Total    int64       `json:"total"`    // recordings that match, as far as they are indexed
	Offset   int         `json:"offset"`
	Limit    int         `json:"limit"`
	Items    []Recording `json:"items"`
}

// Recording is a recording that matches.
type Recording struct {
	RecordingID int64   `json:"recording_id" db:"recording_id"`
	Title       string  `json:"title" db:"title"`
	RecordedAt  string  `json:"recorded_at" db:"recorded_at"` // as in the record of the meeting
	Score       float64 `json:"score" db:"-"`                 // higher is better, within one search; 0 if the newest come first
	Matches     []Match `json:"matches" db:"-"`               // up to 3
}

// catchUpShare is how long a search indexes what has changed before it reads the index, in percent of the time limit.
const catchUpShare = 30

// Search finds the recordings of an open database that match a query. It returns ErrTooExpensive if that takes too long,
// ctx.Err, userdb.ErrClosed, or an error of the disk.
func (s *Service) Search(ctx context.Context, db *userdb.Database, request Request) (Result, error) {
	x, err := s.indexOf(db)
	if err != nil {
		return Result{}, err
	}
	s.catchUp(ctx, x)
	result, err := s.find(ctx, x, request)
	if errors.Is(err, errDamaged) {
		s.logger.WarnContext(ctx, "search index was damaged: building it again", "database", db.Name, "error", err)
		s.catchUp(ctx, x)
		result, err = s.find(ctx, x, request)
	}
	switch {
	case err == nil:
		if !result.Complete || x.needsCheck() {
			s.schedule(db, 0)
		}
		return result, nil
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case errors.Is(err, ErrTooExpensive):
		return Result{}, err
	case errors.Is(err, context.DeadlineExceeded) || sqlite.IsInterrupted(err):
		s.schedule(db, 0)
		return Result{}, ErrTooExpensive
	}
	return Result{}, fmt.Errorf("search user database %s: %w", db.Name, err)
}

// catchUp indexes for a moment what has changed. What it can't do, the background does.
func (s *Service) catchUp(ctx context.Context, x *index) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout*catchUpShare/100)
	defer cancel()
	if s.checkSpace() != nil {
		return
	}
	// Only the index itself knows whether it fits data.db.
	if opened, err := x.use(ctx); err != nil || x.leave(opened, s.now()) != nil {
		return
	}
	for ctx.Err() == nil {
		needed, err := x.isOutdated(ctx)
		if err == nil && needed {
			if large, err := x.hasLarge(ctx); large || err != nil {
				break
			}
			_, err = x.step(ctx, s.now)
			if errors.Is(err, errDamaged) {
				s.logger.WarnContext(ctx, "search index was damaged: building it again", "database", x.db.Name, "error", err)
				continue
			}
		}
		if err != nil || !needed {
			break
		}
	}
}

// find reads the index, within the time limit. That begins now: writing to the index can't be interrupted, and a slow disk
// says nothing about the query.
func (s *Service) find(ctx context.Context, x *index, request Request) (result Result, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	opened, err := x.use(ctx)
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, x.leave(opened, s.now())) }()
	result, err = opened.find(ctx, x.data(), request)
	if errors.Is(err, errDamaged) {
		x.detach(opened, true)
	}
	return result, err
}

// hit is a recording that matches.
type hit struct {
	ID      int64   `db:"id"`
	Score   float64 `db:"score"`
	Total   int64   `db:"total"`
	Content []byte  `db:"content"`
}

// findSQL ranks what matches. A word in the title counts most.
const findSQL = "WITH found AS MATERIALIZED (" +
	"SELECT terms.rowid AS id, %s AS score, recordings.date AS date FROM terms" +
	" CROSS JOIN recordings ON recordings.id = terms.rowid WHERE terms MATCH {:query} AND recordings.date >= {:after} AND recordings.date < {:before})" +
	" SELECT page.id, score, total, contents.content FROM (SELECT id, score, date, (SELECT COUNT(*) FROM found) AS total FROM found" +
	" ORDER BY score, date DESC, id DESC LIMIT {:limit} OFFSET {:offset}) AS page" +
	" JOIN contents ON contents.id = page.id ORDER BY score, date DESC, page.id DESC"

const (
	weighted   = "bm25(terms, 10, 5, 3, 3, 1, 0)"
	unweighted = "0.0"
)

func (s *store) find(ctx context.Context, data data, request Request) (Result, error) {
	result := Result{Offset: request.Offset, Limit: request.Limit, Items: []Recording{}}
	isCheap, err := s.isCheap(ctx, request.Query)
	if err != nil {
		return Result{}, err
	}
	rank := unweighted
	if isCheap && request.Query.hasRank() {
		rank = weighted
	}
	var hits []hit
	err = s.reads.NewQuery(fmt.Sprintf(findSQL, rank)).Bind(dbx.Params{
		"query": request.Query.expression(), "after": after(request.Query.after), "before": before(request.Query.before),
		"limit": request.Limit, "offset": request.Offset,
	}).WithContext(ctx).All(&hits)
	if err != nil {
		return Result{}, failure(ctx, err)
	}
	if err := s.reads.NewQuery("SELECT COUNT(*) FROM recordings").WithContext(ctx).Row(&result.Indexed); err != nil {
		return Result{}, failure(ctx, err)
	}
	known, err := data.backlog(ctx, data.reads)
	if err != nil {
		return Result{}, failure(ctx, err)
	}
	result.Complete = known.isComplete()
	recordings, err := data.recordings(ctx, hits)
	if err != nil {
		return Result{}, failure(ctx, err)
	}
	terms := request.Query.wanted()
	for _, hit := range hits {
		result.Total = hit.Total
		recording, ok := recordings[hit.ID]
		if !ok { // deleted, and not removed from the index yet
			continue
		}
		if recording.Matches, err = findMatches(ctx, hit.Content, terms); err != nil {
			return Result{}, err
		}
		if hit.Score < 0 {
			recording.Score = -hit.Score
		}
		result.Items = append(result.Items, recording)
	}
	return result, nil
}

// recordings reads what is shown of those that match, by their ids.
func (d data) recordings(ctx context.Context, hits []hit) (map[int64]Recording, error) {
	ids := make([]any, len(hits))
	for i, hit := range hits {
		ids[i] = hit.ID
	}
	var rows []Recording
	err := d.reads.Select("recording_id", "title", "recorded_at").From(schema.Meetings).Where(dbx.In("recording_id", ids...)).
		WithContext(ctx).All(&rows)
	byID := make(map[int64]Recording, len(rows))
	for _, r := range rows {
		byID[r.RecordingID] = r
	}
	return byID, err
}

// failure returns the error of the context if that is why a query failed.
func failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return explain(err)
}

// after and before return times as PocketBase stores them, which are sorted like texts.
func after(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.UTC().Format(types.DefaultDateLayout)
}

func before(day time.Time) string {
	if day.IsZero() {
		return "~" // after all digits
	}
	return day.UTC().Format(types.DefaultDateLayout)
}
