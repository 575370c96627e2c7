package queue

import (
	"context"
	"fmt"
)

// WakeSnoozed makes a job that waits after a snooze ready at once: the user's active job of a kind whose Check returned
// work. It has no effect on jobs that wait for anything else, or are running.
func (q *Queue) WakeSnoozed(ctx context.Context, userID, kind, work string) error {
	woken, err := q.promoteBatch(ctx, wakeSnoozedSQL, q.timestamp(0), workKey(kind, userID, work), userID)
	if err != nil {
		return fmt.Errorf("wake %s of user %s: %w", kind, userID, err)
	}
	if woken > 0 {
		q.Wake()
	}
	return nil
}
