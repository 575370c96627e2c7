package tokens

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	// flushInterval is how often the last uses are written.
	flushInterval = time.Minute
	// maxAddress is how much of a client's address is kept, in bytes, as in the audit trail.
	maxAddress = 50
)

// use is the last use of a token.
type use struct {
	at      time.Time
	address string // of the client
}

// uses are the last uses that aren't written yet, by the id of the token. There are no more than valid tokens.
type uses struct {
	mu      sync.Mutex
	pending map[string]use
}

func (u *uses) add(id string, last use) {
	last.address = sanitize.TruncateBytes(last.address, maxAddress)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.pending[id] = last
}

// get returns a use that isn't written yet.
func (u *uses) get(id string) (last use, ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	last, ok = u.pending[id]
	return last, ok
}

func (u *uses) take() map[string]use {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.pending
	u.pending = map[string]use{}
	return taken
}

// restore returns uses that couldn't be written, except those that a later one has replaced.
func (u *uses) restore(taken map[string]use) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, last := range taken {
		if _, ok := u.pending[id]; !ok {
			u.pending[id] = last
		}
	}
}

func (s *Service) run(ctx context.Context) {
	background.Every(ctx, flushInterval, s.flush)
	s.flush(context.WithoutCancel(ctx))
}

// flush writes the last uses. It runs no hooks of records, because nobody follows these fields.
func (s *Service) flush(ctx context.Context) {
	taken := s.uses.take()
	if len(taken) == 0 {
		return
	}
	if err := s.writeUses(ctx, taken); err != nil {
		s.uses.restore(taken)
		s.logger.WarnContext(ctx, "failed to record when API tokens were last used", "error", err)
	}
}

func (s *Service) writeUses(ctx context.Context, taken map[string]use) error {
	return s.app.RunInTransaction(func(tx core.App) error {
		for id, last := range taken {
			at, err := types.ParseDateTime(last.at)
			if err != nil {
				return fmt.Errorf("format time: %w", err)
			}
			fields := dbx.Params{"last_used": at.String(), "last_address": last.address}
			_, err = tx.NonconcurrentDB().Update(migrations.APITokens, fields, dbx.HashExp{"id": id}).WithContext(ctx).Execute()
			if err != nil {
				return fmt.Errorf("update API token %s: %w", id, err)
			}
		}
		return nil
	})
}
