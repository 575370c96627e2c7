package transfer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// Loom is asked for the new videos of people whose recordings wait for a link: soon after a hand-over, and then less and
// less often. A sync starts that again.
const (
	uploadsTick     = 5 * time.Second
	firstUploadWait = 20 * time.Second
	maxUploadWait   = time.Hour
	maxUploadLooks  = 40 // about a day and a half
	maxWatched      = 10_000
)

// uploadWatch are the databases whose owners' videos at Loom are looked at. Safe for concurrent use.
type uploadWatch struct {
	mu         sync.Mutex
	byDatabase map[string]*watchedUploads
}

// watchedUploads is when the videos of a person are looked at next.
type watchedUploads struct {
	next  time.Time
	looks int
}

// begin looks at the videos of a database's owner from now on, if nothing refuses that.
func (w *uploadWatch) begin(database string, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byDatabase[database] == nil && len(w.byDatabase) >= maxWatched {
		return
	}
	w.byDatabase[database] = &watchedUploads{next: now.Add(firstUploadWait)}
}

func (w *uploadWatch) end(database string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.byDatabase, database)
}

// due returns the databases whose time has come, and postpones them.
func (w *uploadWatch) due(now time.Time) (databases []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for database, watched := range w.byDatabase {
		if now.Before(watched.next) {
			continue
		}
		if watched.looks++; watched.looks > maxUploadLooks {
			delete(w.byDatabase, database)
			continue
		}
		watched.next = now.Add(min(firstUploadWait<<min(watched.looks/2, 8), maxUploadWait))
		databases = append(databases, database)
	}
	return databases
}

// watchUploads begins looking for a person's manual uploads.
func (s *Service) watchUploads(database string) {
	if s.library != nil {
		s.uploads.begin(database, s.now())
	}
}

// findDueUploads looks for manual uploads in the background.
func (s *Service) findDueUploads(context.Context) {
	for _, database := range s.uploads.due(s.now()) {
		s.checks.start(database+"/uploads", s.checks.loom, func(ctx context.Context) {
			if err := s.findUploads(ctx, database); err != nil && ctx.Err() == nil {
				s.logger.Warn("failed to look for uploads at Loom", "database", database, "error", err)
			}
		})
	}
}

// findUploads compares a person's newest videos at Loom with the transfers that wait for a link, and saves the links that
// leave no doubt.
func (s *Service) findUploads(ctx context.Context, database string) error {
	db, err := s.databases.Acquire(ctx, database)
	if err != nil {
		return err
	}
	defer db.Release()
	waiting, err := waitingTransfers(ctx, db.Database)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		s.uploads.end(database)
		return nil
	}
	videos, err := s.library.Newest(ctx, database)
	if errors.Is(err, loom.ErrNotFound) { // nobody lets this server look
		s.uploads.end(database)
		return nil
	}
	if failure, ok := errors.AsType[*loom.Error](err); ok && failure.Temporary() {
		return nil // the next look may succeed
	}
	if err != nil {
		return fmt.Errorf("list the newest videos at loom: %w", err)
	}
	return s.acceptUploads(ctx, db.Database, videos, waiting)
}

func (s *Service) acceptUploads(ctx context.Context, db *userdb.Database, videos []loom.LibraryVideo, waiting []waitingTransfer) error {
	var found []foundVideo
	for _, video := range videos {
		share, err := s.loom.ParseShareURL(video.ShareURL)
		if err != nil {
			continue
		}
		err = requireUnusedLink(ctx, db, "", share)
		if _, used := errors.AsType[*ShareURLRefusedError](err); used {
			continue
		}
		if err != nil {
			return err
		}
		found = append(found, foundVideo{video.Video, share})
	}
	ranks := rankAll(found, waiting)
	for i, video := range found {
		j, ok := onlyMatch(ranks, i)
		if !ok {
			continue
		}
		if err := s.deliverLink(ctx, db, waiting[j].Transfer, video.share); err != nil && !errors.Is(err, errNotWaiting) {
			return err
		}
	}
	return nil
}
