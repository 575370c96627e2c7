package userdb

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// uses remembers when databases were last used until that is written down:
// a write for every closing would be most of what a closing costs.
type uses struct {
	recording sync.Mutex // one writes at a time: who comes second sees what the first has written

	mu   sync.Mutex
	last map[string]time.Time
}

func newUses() *uses { return &uses{last: map[string]time.Time{}} }

func (u *uses) note(name string, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.last[name] = at
}

// take returns what was noted and forgets it.
func (u *uses) take() map[string]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	noted := u.last
	u.last = map[string]time.Time{}
	return noted
}

// restore takes back what could not be written down, unless there is newer.
func (u *uses) restore(noted map[string]time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	newer := u.last
	u.last = noted
	maps.Copy(u.last, newer)
}

// recordUses writes down when databases were last used and how large they are.
func (s *Service) recordUses(ctx context.Context) {
	s.uses.recording.Lock()
	defer s.uses.recording.Unlock()
	noted := s.uses.take()
	if len(noted) == 0 {
		return
	}
	records := make(map[string]registry.UsageUpdate, len(noted))
	for name, at := range noted {
		size, err := folderSize(s.Dir(name))
		if err != nil {
			s.logger.Warn("measure a user database", "database", name, "error", err)
			continue
		}
		records[name] = registry.UsageUpdate{LastUsed: at, Size: size}
	}
	if err := s.registry.RecordUsage(ctx, records); err != nil {
		s.uses.restore(noted)
		if ctx.Err() == nil { // else Stop writes it down
			s.logger.Warn("record the use of user databases", "error", err)
		}
	}
}
