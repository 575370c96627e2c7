package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
)

// candidateColumns are what a claim needs to know of a job.
const candidateColumns = `rowid, id, user, priority, run_at, payload, attempts, max_attempts, claims, COALESCE(history, '')`

// theirs is the part of a WHERE that only the run holds true which claimed the job:
// a late worker matches no row. ?1 to ?5 are of Job.fence. The row is found by its
// rowid: an id is somewhere else in its index each time, and there may be a
// million. A VACUUM gives rows other ones: see relocate.
const theirs = `rowid = ?1 AND id = ?2 AND worker_id = ?3 AND attempts = ?4 AND claims = ?5`

// The statements of the worker's loop. They are prepared once: compiling them
// each time would be most of what a claim takes. LIMIT is a literal, because a
// bound one is compiled anew; and so is a plain parameter that an index is searched
// by, once the database has statistics, which the plus signs keep from SQLite's
// planner. All run on PocketBase's one write connection.
var (
	runningSQL = `SELECT kind, user, COUNT(*) FROM global_queue WHERE status = 'processing' GROUP BY kind, user`

	// The oldest job of the first user after ?3 who has one of the highest priority
	// below ?2 that there is.
	seekSQL = `SELECT ` + candidateColumns + ` FROM global_queue
		WHERE ready = TRUE AND kind = +?1 AND user > +?3 AND priority = (
			SELECT priority FROM global_queue WHERE ready = TRUE AND kind = +?1 AND priority < +?2 ORDER BY priority DESC LIMIT 1)
		ORDER BY user, run_at LIMIT 1`

	// PocketBase keeps an empty date as an empty string. The limits hold over all
	// workers on the database, because the statement counts for itself.
	claimSQL = move(StatusPending, StatusProcessing,
		`worker_id = ?3, claimed_at = ?4, started_at = ?4, lease_expires_at = ?5, attempts = attempts + 1,
		 claims = claims + 1, stage = '', progress = 0, error = '', updated = ?4`,
		`rowid = ?1 AND id = ?2 AND ready = TRUE AND claimed_at = ''
		 AND (SELECT COUNT(*) < ?6 AND TOTAL(kind = ?7) < ?8 AND TOTAL(user = ?9) < ?10
			FROM global_queue WHERE status = 'processing')`)

	completeSQL = move(StatusProcessing, StatusCompleted,
		`finished_at = ?6, updated = ?6, history = ?7, result = ?8, error = '', progress = 1, cancel_requested = FALSE`, theirs)
	deadSQL = move(StatusProcessing, StatusDead,
		`finished_at = ?6, updated = ?6, history = ?7, error = ?8, cancel_requested = FALSE`, theirs)
	cancelledSQL = move(StatusProcessing, StatusCancelled,
		`finished_at = ?6, updated = ?6, history = ?7, error = '', cancel_requested = FALSE`, theirs)
	failedSQL = move(StatusProcessing, StatusFailed,
		`updated = ?6, history = ?7, error = ?8, run_at = ?9`, theirs+` AND cancel_requested = FALSE`)
	// Back in the queue with the number of attempts that count.
	returnSQL = move(StatusProcessing, StatusPending,
		`updated = ?6, history = ?7, error = ?8, run_at = ?9, attempts = ?10, ready = ?9 <= ?6`, theirs+` AND cancel_requested = FALSE`)

	heartbeatSQL = `UPDATE global_queue SET lease_expires_at = ?6
		WHERE status = 'processing' AND ` + theirs + ` RETURNING cancel_requested`
	progressSQL = `UPDATE global_queue SET lease_expires_at = ?6, updated = ?7, stage = ?8, progress = ?9
		WHERE status = 'processing' AND ` + theirs + ` RETURNING cancel_requested`

	nextRunSQL = `SELECT COALESCE(MIN(at), '') FROM (
		SELECT MIN(run_at) AS at FROM global_queue WHERE status = 'pending' AND ready = FALSE
		UNION ALL SELECT MIN(run_at) FROM global_queue WHERE status = 'failed')`
	promoteScheduledSQL = `UPDATE global_queue SET ready = TRUE, updated = ?1
		WHERE rowid IN (SELECT rowid FROM global_queue WHERE status = 'pending' AND ready = FALSE AND run_at <= +?1 ORDER BY run_at LIMIT 500)
		RETURNING id, user, kind`
	promoteFailedSQL = move(StatusFailed, StatusPending, `ready = TRUE, updated = ?1`,
		`rowid IN (SELECT rowid FROM global_queue WHERE status = 'failed' AND run_at <= +?1 ORDER BY run_at LIMIT 500)`) +
		` RETURNING id, user, kind`
)

// statements are prepared when they are first used, by their text.
type statements struct {
	open func() (*sql.DB, error)

	mu       sync.RWMutex
	prepared map[string]*sql.Stmt
}

func (s *statements) get(ctx context.Context, text string) (*sql.Stmt, error) {
	s.mu.RLock()
	statement, ok := s.prepared[text]
	s.mu.RUnlock()
	if ok {
		return statement, nil
	}
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	// Without the lock: this waits for the connection, and who has that may want
	// the lock.
	statement, err = db.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", text, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first, ok := s.prepared[text]; ok {
		return first, statement.Close()
	}
	s.prepared[text] = statement
	return statement, nil
}

// source gives prepared statements: those of the connection, or of a transaction
// on it.
type source interface {
	get(ctx context.Context, text string) (*sql.Stmt, error)
}

// transaction gives the statements it was begun with, as part of it.
type transaction struct {
	*sql.Tx
	statements map[string]*sql.Stmt
}

func (t transaction) get(ctx context.Context, text string) (*sql.Stmt, error) {
	return t.StmtContext(ctx, t.statements[text]), nil
}

// begin starts a transaction that may use the given statements: none can be
// prepared while it holds the one connection.
func (s *statements) begin(ctx context.Context, texts ...string) (t transaction, err error) {
	t.statements = make(map[string]*sql.Stmt, len(texts))
	for _, text := range texts {
		if t.statements[text], err = s.get(ctx, text); err != nil {
			return t, err
		}
	}
	db, err := s.open()
	if err != nil {
		return t, err
	}
	t.Tx, err = db.BeginTx(ctx, nil)
	return t, err
}

// exec runs a statement and returns how many rows it changed.
func exec(ctx context.Context, from source, text string, args ...any) (int64, error) {
	statement, err := from.get(ctx, text)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// close forgets all of them; they are prepared anew when they are used again.
func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, statement := range s.prepared {
		err = errors.Join(err, statement.Close())
	}
	clear(s.prepared)
	return err
}

// writer is PocketBase's one write connection, which database/sql guards.
func (q *Queue) writer() (*sql.DB, error) {
	db, ok := q.app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		return nil, errors.New("the queue was given the database of a transaction")
	}
	return db.DB(), nil
}
