package userdb

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/pocketbase/dbx"
)

// Unfinished is a kind of work that an earlier process, or another server, may have left in a database.
type Unfinished struct {
	Where  string                   // SQL expression that is true if there is such work; it must be fast
	Params func() dbx.Params        // of Where, in names that no other kind uses; nil means none
	Resume func(db *Database) error // continues the work; it must not call Acquire or wait for other services
}

// OnUnfinished registers work that continues when a database has been opened. Requests don't wait for it; everything else
// does. Usually there is none, which a single query finds out for all kinds together. Errors are only logged.
func (s *Service) OnUnfinished(work ...Unfinished) {
	s.listeners.mu.Lock()
	defer s.listeners.mu.Unlock()
	s.listeners.unfinished = append(s.listeners.unfinished, work...)
}

// resumeInBackground resumes the work without making the owner wait. A command that opens a database without starting
// the service leaves the work to the server.
func (s *Service) resumeInBackground(db *Database) {
	db.resumed = make(chan struct{})
	err := s.background.Go(func(context.Context) {
		defer close(db.resumed)
		s.resume(db)
	})
	if err != nil {
		close(db.resumed)
	}
}

func (s *Service) resume(db *Database) {
	kinds := registered(&s.listeners, &s.listeners.unfinished)
	if len(kinds) == 0 {
		return
	}
	found, err := findUnfinished(db, kinds)
	if err != nil {
		s.logger.Error("failed to find unfinished work in user database", "database", db.Name, "error", err)
		return
	}
	for i, kind := range kinds {
		if !found[i] {
			continue
		}
		if err := kind.Resume(db); err != nil {
			s.logger.Error("failed to resume work in user database", "database", db.Name, "error", err)
		}
	}
}

// findUnfinished reports for each kind of work whether there is any.
func findUnfinished(db *Database, kinds []Unfinished) ([]bool, error) {
	expressions, params := make([]string, len(kinds)), dbx.Params{}
	found, into := make([]bool, len(kinds)), make([]any, len(kinds))
	for i, kind := range kinds {
		expressions[i], into[i] = kind.Where, &found[i]
		if kind.Params != nil {
			maps.Copy(params, kind.Params())
		}
	}
	err := db.App.ConcurrentDB().NewQuery("SELECT " + strings.Join(expressions, ", ")).Bind(params).Row(into...)
	if err != nil {
		return nil, fmt.Errorf("select unfinished work: %w", err)
	}
	return found, nil
}
