package userdb

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// useInterval is how often the use of a database that stays open is recorded. Closing it records the last use.
const useInterval = 10 * time.Minute

// lastUsed keeps the times of the latest uses in memory until recordUsage stores them together. A write
// per closed database would be most of the cost of closing it. Safe for concurrent use.
type lastUsed struct {
	recording sync.Mutex // held by recordUsage, so that each caller sees what an earlier one stored

	mu    sync.Mutex
	times map[string]time.Time // by the name of the database; zero if only its size may have changed
}

func newLastUsed() *lastUsed { return &lastUsed{times: map[string]time.Time{}} }

// set notes a use of a database or, if the time is zero, that its size may have changed.
func (l *lastUsed) set(name string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.times[name]; !ok || at.After(known) {
		l.times[name] = at
	}
}

// uses holds when people last used an open database, in Unix nanoseconds. Safe for concurrent use.
type uses struct {
	last     atomic.Int64 // 0 if it was opened for background work only
	recorded atomic.Int64 // the last one that was passed to lastUsed
}

// lastUse returns the zero time if only background work has used the database.
func (u *uses) lastUse() time.Time {
	if last := u.last.Load(); last != 0 {
		return time.Unix(0, last)
	}
	return time.Time{}
}

// Use records that a person uses the database, so that it isn't archived. Background work doesn't call it.
func (s *Service) Use(db *Database) {
	now := s.now()
	db.uses.last.Store(now.UnixNano())
	recorded := db.uses.recorded.Load()
	if now.UnixNano()-recorded >= int64(useInterval) && db.uses.recorded.CompareAndSwap(recorded, now.UnixNano()) {
		s.lastUsed.set(db.Name, now)
	}
}

// takeAll returns the times and forgets them.
func (l *lastUsed) takeAll() map[string]time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.times
	l.times = map[string]time.Time{}
	return taken
}

// putBack restores times that could not be stored, except where a database was used again since.
func (l *lastUsed) putBack(taken map[string]time.Time) {
	for name, at := range taken {
		l.set(name, at)
	}
}

// recordUsage stores when people last used databases, and the sizes of databases that were opened. If the registry cannot be written,
// it logs the error and keeps the times for the next call. If a database cannot be measured, it logs the
// error and keeps the stored size.
func (s *Service) recordUsage(ctx context.Context) {
	s.lastUsed.recording.Lock()
	defer s.lastUsed.recording.Unlock()
	taken := s.lastUsed.takeAll()
	if len(taken) == 0 {
		return
	}
	updates := make(map[string]registry.UsageUpdate, len(taken))
	for name, at := range taken {
		update := registry.UsageUpdate{LastUsed: at}
		if size, err := folderSize(s.Dir(name)); err == nil {
			update.Size = size
		} else {
			s.logger.WarnContext(ctx, "failed to measure user database", "database", name, "error", err)
		}
		if update != (registry.UsageUpdate{}) {
			updates[name] = update
		}
	}
	if err := s.registry.RecordUsage(ctx, updates); err != nil {
		s.lastUsed.putBack(taken)
		if ctx.Err() == nil { // otherwise Stop stores them
			s.logger.WarnContext(ctx, "failed to record usage of user databases", "error", err)
		}
	}
}
