package share

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// flushInterval is how often views are written, so that a link that many people open costs one write for all of them.
const flushInterval = 5 * time.Second

// views are the numbers of views that aren't written yet, by the id of the row. There are no more than valid links.
type views struct {
	mu      sync.Mutex
	pending map[string]int
}

func (v *views) add(id string, count int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.pending[id] += count
}

func (v *views) get(id string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.pending[id]
}

func (v *views) take() map[string]int {
	v.mu.Lock()
	defer v.mu.Unlock()
	taken := v.pending
	v.pending = map[string]int{}
	return taken
}

// Viewed counts that somebody has opened the page of a link. It returns at once.
func (s *Service) Viewed(share *Share) { s.views.add(share.ID, 1) }

func (s *Service) run(ctx context.Context) {
	background.Every(ctx, flushInterval, s.flush)
	s.flush(context.WithoutCancel(ctx))
}

// flush writes the views. It runs no hooks of records, because nobody follows this field.
func (s *Service) flush(ctx context.Context) {
	taken := s.views.take()
	if len(taken) == 0 {
		return
	}
	if err := s.writeViews(ctx, taken); err != nil {
		for id, count := range taken {
			s.views.add(id, count)
		}
		s.logger.WarnContext(ctx, "failed to count views of shared recordings", "error", err)
	}
}

func (s *Service) writeViews(ctx context.Context, taken map[string]int) error {
	return s.app.RunInTransaction(func(tx core.App) error {
		for id, count := range taken {
			_, err := tx.NonconcurrentDB().NewQuery("UPDATE {{" + migrations.Shares + "}} SET views = views + {:count} WHERE id = {:id}").
				Bind(dbx.Params{"id": id, "count": count}).WithContext(ctx).Execute()
			if err != nil {
				return fmt.Errorf("update link %s: %w", id, err)
			}
		}
		return nil
	})
}
