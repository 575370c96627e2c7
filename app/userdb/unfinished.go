package userdb

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pocketbase/dbx"
)

// Unfinished is a kind of work that an earlier process, or another server, may have left in a database.
type Unfinished struct {
	Where  string                   // SQL expression that is true if there is such work; it must be fast
	Params func() dbx.Params        // of Where, in names that no other kind uses; nil means none
	Resume func(db *Database) error // continues the work; it must not call Acquire or wait for other services
}

// resumption is whether the unfinished work of an open database was resumed.
type resumption struct {
	once  sync.Once
	begun atomic.Bool
}

// OnUnfinished registers work that continues when a database has been opened: before its first use by a job, or after its
// first request. Usually there is none, which a single query finds out for all kinds together. Errors are only logged.
func (s *Service) OnUnfinished(work ...Unfinished) {
	s.listeners.mu.Lock()
	defer s.listeners.mu.Unlock()
	s.listeners.unfinished = append(s.listeners.unfinished, work...)
}

// resumeOnce resumes the work of a database that was opened, or waits until another call has done so.
func (s *Service) resumeOnce(db *Database) {
	db.resume.once.Do(func() {
		db.resume.begun.Store(true)
		s.resume(db)
	})
}

// resumeBeforeRelease resumes the work in the background before it releases the handle, if nobody has begun to. At that
// time the connection of the request is free; during the request, the work would need another one. It returns false if
// the caller must release the handle.
func (s *Service) resumeBeforeRelease(h *Handle) bool {
	if h.resume.begun.Swap(true) {
		return false
	}
	err := s.background.Go(func(context.Context) {
		defer h.pin.Release()
		s.resumeOnce(h.Database)
	})
	return err == nil
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
