package userdb

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// lastUsed keeps the times of the latest uses in memory until recordUsage stores them together. A write
// per closed database would be most of the cost of closing it. Safe for concurrent use.
type lastUsed struct {
	recording sync.Mutex // held by recordUsage, so that each caller sees what an earlier one stored

	mu    sync.Mutex
	times map[string]time.Time // by the name of the database
}

func newLastUsed() *lastUsed { return &lastUsed{times: map[string]time.Time{}} }

func (l *lastUsed) set(name string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times[name] = at
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
	l.mu.Lock()
	defer l.mu.Unlock()
	newer := l.times
	l.times = taken
	maps.Copy(l.times, newer)
}

// recordUsage stores when databases were last used, and their sizes. If the registry cannot be written,
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
			s.logger.Warn("failed to measure user database", "database", name, "error", err)
		}
		updates[name] = update
	}
	if err := s.registry.RecordUsage(ctx, updates); err != nil {
		s.lastUsed.putBack(taken)
		if ctx.Err() == nil { // otherwise Stop stores them
			s.logger.Warn("failed to record usage of user databases", "error", err)
		}
	}
}
