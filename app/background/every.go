package background

import (
	"context"
	"time"
)

// Every calls fn after every interval until ctx ends. Calls don't overlap: one that takes longer delays the next.
func Every(ctx context.Context, interval time.Duration, fn func(ctx context.Context)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			fn(ctx)
		}
	}
}
