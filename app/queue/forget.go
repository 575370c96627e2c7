package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// ForgetCompleted deletes a user's completed jobs of a kind. It is for work that is repeated so often that its past runs
// would hide the user's other jobs. Subscribers are notified.
func (q *Queue) ForgetCompleted(ctx context.Context, userID, kind string) error {
	var completed []string
	err := q.app.ConcurrentDB().NewQuery(completedSQL).Bind(dbx.Params{"user": userID, "kind": kind}).WithContext(ctx).Column(&completed)
	if err != nil {
		return fmt.Errorf("find completed %s of user %s: %w", kind, userID, err)
	}
	for _, id := range completed {
		job, err := q.app.FindRecordById(migrations.GlobalQueue, id)
		if err == nil {
			err = q.app.DeleteWithContext(ctx, job)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("delete job %s: %w", id, err)
		}
	}
	return nil
}
