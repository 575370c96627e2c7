// Package search finds words in a person's recordings: in their titles, people, summaries, action items, highlights and
// transcripts.
//
// Every user database has an index of its own, search.db, beside data.db. It contains nothing that can't be built from
// data.db, so it is not backed up, archived or exported, and a damaged one is removed. Triggers in data.db record which
// meetings have changed. A Service indexes them in small steps, of one database at a time and only while the database is
// open anyway, and a search indexes what it can in a moment before it reads the index.
//
// All types are safe for concurrent use. The package must not open a database, and nobody must have to wait for it:
// readers of data.db, and the pool that closes databases, may only have to wait for the step at hand.
package search

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	defaultTimeout = 200 * time.Millisecond

	// maxOpen is how many indexes are open, unless more were used within the last seconds. One needs up to 7 files; see
	// package descriptors.
	maxOpen = 32

	// closeAfter is how long an unused index stays open.
	closeAfter = time.Minute

	// Changes are indexed after settle, because more of them usually follow.
	interval = time.Second
	settle   = time.Second

	// A step is followed by a pause of rest times its duration, up to maxRest.
	rest    = 4
	maxRest = 2 * time.Second

	// retryAfter is the time after a failed step.
	retryAfter = time.Minute
)

// Config configures a Service. Only Databases is required.
type Config struct {
	Databases  *userdb.Service
	CheckSpace func() error     // returns an error if the disk is too full for the index to grow; nil: it never is
	Timeout    time.Duration    // of a search; 0 means 200 ms
	Logger     *slog.Logger     // nil discards
	Now        func() time.Time // nil means time.Now
}

// Service indexes and searches user databases.
type Service struct {
	checkSpace func() error
	timeout    time.Duration
	logger     *slog.Logger
	now        func() time.Time
	group      background.Group

	mu      sync.Mutex
	indexes map[*userdb.Database]*index
	due     map[*userdb.Database]time.Time // when to index a database
}

// New returns a Service that searches. It indexes in the background between Start and Stop.
func New(cfg Config) *Service {
	s := &Service{
		checkSpace: cfg.CheckSpace, timeout: cmp.Or(cfg.Timeout, defaultTimeout), now: cfg.Now,
		logger:  cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)),
		indexes: map[*userdb.Database]*index{}, due: map[*userdb.Database]time.Time{},
	}
	if s.checkSpace == nil {
		s.checkSpace = func() error { return nil }
	}
	if s.now == nil {
		s.now = time.Now
	}
	cfg.Databases.OnOpened(s.opened)
	cfg.Databases.OnClosing(s.closing)
	return s
}

// Start starts indexing in the background.
func (s *Service) Start(ctx context.Context) error {
	s.group.Start(ctx)
	return s.group.Go(s.run)
}

// Stop ends indexing in the background and waits for it, or returns ctx.Err. It may be called more than once and without
// Start. Indexes are closed with their databases.
func (s *Service) Stop(ctx context.Context) error { return s.group.Stop(ctx) }

// Changed must be called after meetings or transcripts of an open database have changed. It returns at once.
func (s *Service) Changed(db *userdb.Database) { s.schedule(db, settle) }

func (s *Service) opened(db *userdb.Database) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.indexes[db] = newIndex(db)
	s.due[db] = s.now().Add(settle)
}

// schedule makes a database due after a time, unless it is due earlier.
func (s *Service) schedule(db *userdb.Database, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.now().Add(after)
	if earlier, ok := s.due[db]; s.indexes[db] != nil && (!ok || at.Before(earlier)) {
		s.due[db] = at
	}
}

// closing closes the index of a database. It waits for a step of it, which ends at once.
func (s *Service) closing(db *userdb.Database) {
	s.mu.Lock()
	x := s.indexes[db]
	delete(s.indexes, db)
	delete(s.due, db)
	s.mu.Unlock()
	if x == nil {
		return
	}
	if err := x.close(); err != nil {
		s.logger.Warn("failed to close search index", "database", db.Name, "error", err)
	}
}

// indexOf returns the index of an open database. It returns userdb.ErrClosed for any other.
func (s *Service) indexOf(db *userdb.Database) (*index, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.indexes[db]
	if x == nil {
		return nil, userdb.ErrClosed
	}
	return x, nil
}

// run indexes what is due, database by database, until ctx ends.
func (s *Service) run(ctx context.Context) {
	for ctx.Err() == nil {
		due := s.takeDue()
		for _, x := range due {
			began := time.Now()
			s.runStep(ctx, x)
			wait(ctx, min(rest*time.Since(began), maxRest))
		}
		s.closeUnused(ctx)
		if len(due) == 0 {
			wait(ctx, interval)
		}
	}
}

// wait returns after a time, or when ctx ends.
func wait(ctx context.Context, duration time.Duration) {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// takeDue returns the indexes that are due, the longest first.
func (s *Service) takeDue() (due []*index) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	times := map[*index]time.Time{}
	for db, at := range s.due {
		if !at.After(now) {
			due = append(due, s.indexes[db])
			times[s.indexes[db]] = at
			delete(s.due, db)
		}
	}
	slices.SortFunc(due, func(a, b *index) int { return times[a].Compare(times[b]) })
	return due
}

// runStep does one step for a database, and schedules the next one.
func (s *Service) runStep(ctx context.Context, x *index) {
	more, err := s.work(ctx, x)
	switch {
	case ctx.Err() != nil || x.ctx.Err() != nil:
	case errors.Is(err, errDamaged):
		s.logger.WarnContext(ctx, "search index was damaged: building it again", "database", x.db.Name, "error", err)
		s.schedule(x.db, 0)
	case err != nil:
		s.logger.WarnContext(ctx, "failed to index meetings for searches", "database", x.db.Name, "error", err)
		s.schedule(x.db, retryAfter)
	case more:
		s.schedule(x.db, 0)
	}
}

// work opens the index only if there is something to do. It does nothing if the database is closed meanwhile.
func (s *Service) work(ctx context.Context, x *index) (more bool, err error) {
	leave, ok := x.enter()
	if !ok {
		return false, nil
	}
	defer leave()
	if s.checkSpace() != nil { // the operator knows
		return false, nil
	}
	if damaged, err := x.check(ctx, s.now); damaged || err != nil {
		return damaged, err
	}
	if needed, err := x.isOutdated(ctx); !needed || err != nil {
		return false, err
	}
	return x.step(ctx, s.now)
}

// closeUnused closes indexes that haven't been used for a while, and earlier if too many are open.
func (s *Service) closeUnused(ctx context.Context) {
	s.mu.Lock()
	all := slices.Collect(maps.Values(s.indexes))
	s.mu.Unlock()
	now := s.now()
	lastUse := map[*index]time.Time{}
	var unused []*index
	for _, x := range all {
		if at, ok := x.unusedSince(); ok {
			unused = append(unused, x)
			lastUse[x] = at
		}
	}
	slices.SortFunc(unused, func(a, b *index) int { return lastUse[a].Compare(lastUse[b]) })
	for i, x := range unused {
		if len(unused)-i <= maxOpen && now.Sub(lastUse[x]) < closeAfter {
			continue
		}
		if err := x.closeUnused(); err != nil {
			s.logger.WarnContext(ctx, "failed to close search index", "database", x.db.Name, "error", err)
		}
	}
}
