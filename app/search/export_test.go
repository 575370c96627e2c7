package search

import (
	"context"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// WordsOf returns the words of a text, as they are compared.
func WordsOf(text string) []string { return wordsOf(normalize(text)) }

// Expression returns the query for FTS5.
func (q Query) Expression() string { return q.expression() }

// Work does what the background does for a database, until nothing is left.
func (s *Service) Work(ctx context.Context, db *userdb.Database) error {
	for {
		x, err := s.indexOf(db)
		if err != nil {
			return err
		}
		if more, err := s.work(ctx, x); err != nil || !more {
			return err
		}
	}
}

// Step does one step.
func (s *Service) Step(ctx context.Context, db *userdb.Database) (more bool, err error) {
	x, err := s.indexOf(db)
	if err != nil {
		return false, err
	}
	return s.work(ctx, x)
}

// StepLater returns a function that does one step, also if the database has been closed since.
func (s *Service) StepLater(db *userdb.Database) (func(context.Context) error, error) {
	x, err := s.indexOf(db)
	return func(ctx context.Context) error {
		_, err := s.work(ctx, x)
		return err
	}, err
}

// IsOpen reports whether the index of an open database is open.
func (s *Service) IsOpen(db *userdb.Database) bool {
	x, err := s.indexOf(db)
	if err != nil {
		return false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.open != nil
}

// CloseUnused closes unused indexes.
func (s *Service) CloseUnused(ctx context.Context) { s.closeUnused(ctx) }

// CloseAfter is how long an unused index stays open.
const CloseAfter = closeAfter

// SetTimeout changes the time limit of searches.
func (s *Service) SetTimeout(timeout time.Duration) { s.timeout = timeout }

// Discard has the index built again.
func (s *Service) Discard(ctx context.Context, db *userdb.Database) error {
	x, err := s.indexOf(db)
	if err != nil {
		return err
	}
	opened, err := x.use(ctx)
	if err != nil {
		return err
	}
	x.detach(opened, true)
	return x.leave(opened, s.now())
}
