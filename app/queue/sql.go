package queue

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// This file holds every statement of the package; a test checks that no other file contains SQL.
// plan_test.go checks the query plan of each statement: a statement that runs often must not read
// finished jobs, because there may be a million of them.

// The statements of the worker's loop have numbered parameters. They are prepared only once, because
// compiling them would take most of the time of a claim. They run on PocketBase's single write
// connection.
//
// LIMIT is a literal because SQLite recompiles a statement whose LIMIT is bound to a new value. The
// same happens, once the database has statistics, to parameters that restrict an index; a plus sign
// hides them from the planner.
var (
	inFlightSQL = `SELECT kind, user, COUNT(*) FROM global_queue WHERE status = 'processing' GROUP BY kind, user`

	// Returns the oldest job of the first user after ?3 who has a ready job of kind ?1 at the highest
	// priority below ?2.
	nextForUserSQL = `SELECT rowid, id, user, priority, run_at, payload, attempts, max_attempts, claims, COALESCE(history, ''),
			stage, progress
		FROM global_queue
		WHERE ready = TRUE AND kind = +?1 AND user > +?3 AND priority = (
			SELECT priority FROM global_queue WHERE ready = TRUE AND kind = +?1 AND priority < +?2
			ORDER BY priority DESC LIMIT 1)
		ORDER BY user, run_at LIMIT 1`

	// The statement counts the running jobs itself, so the limits hold across all workers. ?11 contains the
	// kinds of the short lane, and ?12 is true for a job of that lane. An unset date is an empty string in
	// PocketBase. The stage and the progress of an earlier run remain until the handler reports others.
	claimSQL = transitionSQL(StatusPending, StatusProcessing,
		`worker_id = ?3, claimed_at = ?4, started_at = ?4, lease_expires_at = ?5, attempts = attempts + 1,
		 claims = claims + 1, error = '', updated = ?4`,
		`rowid = ?1 AND id = ?2 AND ready = TRUE AND claimed_at = ''
		 AND (SELECT TOTAL((instr(?11, '|' || kind || '|') > 0) = ?12) < ?6 AND TOTAL(kind = ?7) < ?8 AND TOTAL(user = ?9) < ?10
			FROM global_queue WHERE status = 'processing')`)

	heartbeatSQL = `UPDATE global_queue SET lease_expires_at = ?6
		WHERE status = 'processing' AND ` + fenceWhere + ` RETURNING cancel_requested`
	progressSQL = `UPDATE global_queue SET lease_expires_at = ?6, updated = ?7, stage = ?8, progress = ?9
		WHERE status = 'processing' AND ` + fenceWhere + ` RETURNING cancel_requested`

	// finishSQL contains the statements that end a run, by the status they lead to. The parameters are
	// those of the fence, the time, the history, the last report of the run, and those that only the status has.
	finishSQL = map[Status]string{
		StatusCompleted: transitionSQL(StatusProcessing, StatusCompleted,
			ended+`, finished_at = ?6, result = ?10, error = '', progress = 1, cancel_requested = FALSE`, fenceWhere+` AND again = FALSE`),
		StatusDead: transitionSQL(StatusProcessing, StatusDead,
			ended+lastProgress+`, finished_at = ?6, error = ?10, cancel_requested = FALSE`, fenceWhere),
		StatusCancelled: transitionSQL(StatusProcessing, StatusCancelled,
			ended+lastProgress+`, finished_at = ?6, error = '', cancel_requested = FALSE`, fenceWhere+` AND again = FALSE`),
		StatusFailed: transitionSQL(StatusProcessing, StatusFailed,
			ended+lastProgress+`, error = ?10, run_at = ?11`, fenceWhere+` AND cancel_requested = FALSE`),
		StatusPending: transitionSQL(StatusProcessing, StatusPending,
			ended+lastProgress+`, error = ?10, run_at = ?11, attempts = ?12, ready = ?11 <= ?6`,
			fenceWhere+` AND cancel_requested = FALSE`),
	}

	// Ends a run that is completed or cancelled and must be followed by another one, which has all attempts of a
	// new job.
	againSQL = transitionSQL(StatusProcessing, StatusPending,
		`updated = ?6, history = ?7, run_at = ?6, ready = TRUE, attempts = 0, max_attempts = ?8, stage = '', progress = 0, error = '',
		 result = COALESCE(?9, result), cancel_requested = FALSE, again = FALSE`, fenceWhere+` AND again = TRUE`)

	nextRunSQL = `SELECT COALESCE(MIN(at), '') FROM (
		SELECT MIN(run_at) AS at FROM global_queue WHERE status = 'pending' AND ready = FALSE AND paused = FALSE
		UNION ALL SELECT MIN(run_at) FROM global_queue WHERE status = 'failed')`
	// A job that has run before, and then snoozed, returns to its place in the queue: its owner's jobs that
	// have not started yet follow it.
	promoteScheduledSQL = `UPDATE global_queue SET ready = TRUE, updated = ?1, run_at = CASE WHEN claims > 0 THEN MIN(run_at, created) ELSE run_at END
		WHERE rowid IN (SELECT rowid FROM global_queue WHERE status = 'pending' AND ready = FALSE AND paused = FALSE AND run_at <= +?1 ORDER BY run_at LIMIT 500)
		RETURNING id, user, kind`
	wakeSnoozedSQL = `UPDATE global_queue SET ready = TRUE, updated = ?1, run_at = MIN(run_at, created)
		WHERE dedupe_key = ?2 AND user = ?3 AND finished_at = '' AND status = 'pending' AND ready = FALSE AND paused = FALSE AND claims > 0
		RETURNING id, user, kind`
	promoteFailedSQL = transitionSQL(StatusFailed, StatusPending, `ready = TRUE, updated = ?1`,
		`rowid IN (SELECT rowid FROM global_queue WHERE status = 'failed' AND run_at <= +?1 ORDER BY run_at LIMIT 500)`) +
		` RETURNING id, user, kind`
)

// The statements for jobs that are set aside because of a pause for their user. A plus sign keeps SQLite from
// reading all ready jobs of the kind.
var (
	setAsideSQL = `UPDATE global_queue SET ready = FALSE, paused = TRUE
		WHERE user = +?1 AND +kind = ?2 AND dedupe_key > '' AND finished_at = '' AND +ready = TRUE`
	releasePausedSQL = `UPDATE global_queue SET paused = FALSE, ready = TRUE, updated = ?1,
		run_at = CASE WHEN claims > 0 THEN MIN(run_at, created) ELSE run_at END
		WHERE rowid IN (SELECT rowid FROM global_queue WHERE paused = TRUE AND user = +?2 AND kind = +?3 LIMIT 500)
		RETURNING id, user, kind`
)

// ended and lastProgress are columns that the statements in finishSQL write. The report is NULL if another process
// ran the job.
const (
	ended        = `updated = ?6, history = ?7, stage = COALESCE(?8, stage)`
	lastProgress = `, progress = COALESCE(?9, progress)`
)

// transitionSQL returns the UPDATE that changes a job from one status to another. set is added to the
// columns that every transition writes, and where to the condition on the current status. It panics if
// transitions does not allow the change.
func transitionSQL(from, to Status, set, where string) string {
	if !from.canBecome(to) {
		panic(fmt.Sprintf("queue: no transition from %s to %s", from, to))
	}
	if to != StatusProcessing {
		set += ", worker_id = '', claimed_at = '', lease_expires_at = ''"
	}
	if to != StatusPending {
		set += ", ready = FALSE"
	}
	if to.IsFinished() {
		set += ", again = FALSE"
	}
	if from == StatusPending && to != StatusProcessing {
		set += ", paused = FALSE" // a job that is claimed is ready, and so not paused
	}
	return "UPDATE global_queue SET status = '" + string(to) + "', " + strings.TrimPrefix(set, ", ") +
		" WHERE status = '" + string(from) + "' AND " + where
}

// fenceWhere matches a job only for the run that claimed it, so a worker that lost its lease changes no
// row. ?1 to ?5 come from Job.fence. The row is found by its rowid, because ids are random and a lookup
// in their index reads a different page each time. A VACUUM may change rowids; see updateRowID.
const fenceWhere = `rowid = ?1 AND id = ?2 AND worker_id = ?3 AND attempts = ?4 AND claims = ?5`

// unclaimedWhere matches a job unless a worker has claimed it since it was read.
const unclaimedWhere = `id = {:id} AND claims = {:claims}`

// activeWhere selects the active jobs of a user. The dedupe key is never empty; the condition on it makes
// SQLite use the index of active jobs instead of the index of all jobs of the user.
const activeWhere = `user = {:user} AND dedupe_key > '' AND finished_at = ''`

// Statements for the changes that owners and operators make.
var (
	jobStateSQL = `SELECT id, user, kind, status, claims, dedupe_key FROM global_queue WHERE id = {:id}`
	cancelSQL   = map[Status]string{
		StatusPending: transitionSQL(StatusPending, StatusCancelled, `finished_at = {:now}, updated = {:now}, error = ''`, unclaimedWhere),
		StatusFailed:  transitionSQL(StatusFailed, StatusCancelled, `finished_at = {:now}, updated = {:now}, error = ''`, unclaimedWhere),
		// A running job is only marked; its worker stops it and then records it as cancelled.
		StatusProcessing: `UPDATE global_queue SET cancel_requested = TRUE, again = FALSE, updated = {:now} WHERE status = 'processing' AND ` + unclaimedWhere,
	}
	retrySQL = map[Status]string{
		StatusFailed:    transitionSQL(StatusFailed, StatusPending, retrySet, unclaimedWhere),
		StatusDead:      transitionSQL(StatusDead, StatusPending, retrySet, unclaimedWhere),
		StatusCancelled: transitionSQL(StatusCancelled, StatusPending, retrySet, unclaimedWhere),
	}
	rescheduleSQL = `UPDATE global_queue SET priority = {:priority}, run_at = {:run_at}, updated = {:now},
		paused = FALSE, ready = status = 'pending' AND {:run_at} <= {:now} WHERE status IN ('pending', 'failed') AND ` + unclaimedWhere
	findActiveSQL = `SELECT id, user, kind, status, claims, dedupe_key, payload, run_at, again, cancel_requested
		FROM global_queue WHERE dedupe_key = {:key} AND ` + activeWhere
	// A dedupe key starts with the kind. Unlike the column kind, it is in the index.
	countActiveSQL = `SELECT COUNT(CASE WHEN instr({:internal}, '|' || substr(dedupe_key, 1, instr(dedupe_key, ':') - 1) || '|') = 0 THEN 1 END),
		COUNT(CASE WHEN dedupe_key = {:key} THEN 1 END) FROM global_queue WHERE ` + activeWhere
	joinSQL = `UPDATE global_queue SET payload = {:payload}, again = again OR {:again}, run_at = {:run_at}, updated = {:now},
		ready = status = 'pending' AND paused = FALSE AND {:run_at} <= {:now}
		WHERE status = {:status} AND payload = {:was} AND finished_at = '' AND ` + unclaimedWhere
)

const retrySet = `ready = TRUE, run_at = {:now}, updated = {:now}, finished_at = '', stage = '', progress = 0, error = '',
	cancel_requested = FALSE, max_attempts = attempts + {:attempts}`

// Statements for interrupted jobs.
var (
	rowIDSQL   = `SELECT rowid FROM global_queue WHERE id = {:id}`
	orphansSQL = `SELECT rowid, id, user, kind, worker_id, started_at, attempts, max_attempts, claims, cancel_requested,
		COALESCE(history, '') AS history FROM global_queue WHERE status = 'processing'`
	expiredSQL = orphansSQL + ` AND lease_expires_at <= {:now}`
)

// Statements for the reports about the queue.
var (
	readyCountsSQL = `SELECT kind, user, priority, COUNT(*) AS ready FROM global_queue WHERE ready = TRUE GROUP BY kind, priority, user`
	runningSQL     = `SELECT COUNT(*) FROM global_queue WHERE status = 'processing'`
	userReadySQL   = `SELECT id, kind, priority FROM global_queue WHERE ` + activeWhere + ` AND ready = TRUE ORDER BY priority DESC, run_at, rowid`
	oldestReadySQL = `SELECT COALESCE(MIN(run_at), '') FROM global_queue WHERE ready = TRUE`
	countsSQL      = `SELECT kind, status, COUNT(*) AS count FROM global_queue WHERE finished_at = '' GROUP BY kind, status
		UNION ALL SELECT kind, status, COUNT(*) FROM global_queue WHERE status = 'dead' GROUP BY kind
		UNION ALL SELECT kind, status, COUNT(*) FROM global_queue WHERE status = 'cancelled' GROUP BY kind`
	countAllSQL        = `SELECT COUNT(*) FROM global_queue`
	recentDurationsSQL = `SELECT kind, started_at, finished_at FROM (SELECT * FROM global_queue ORDER BY rowid DESC LIMIT 1000)
		WHERE status = 'completed' AND started_at != '' LIMIT 200`
)

// Statements of maintenance, pauses and schedules.
var (
	purgeScanSQL = `SELECT rowid, user, kind, created, status = {:status} AND finished_at != '' AND finished_at <= {:before} AS expired
		FROM global_queue WHERE rowid > {:last} ORDER BY rowid LIMIT 1000`
	purgeDeleteSQL = `DELETE FROM global_queue WHERE rowid IN (SELECT value FROM json_each({:rowids}))
		AND status = {:status} AND finished_at != '' AND finished_at <= {:before}`
	usersWithManyJobsSQL = `SELECT user FROM global_queue GROUP BY user HAVING COUNT(*) > {:keep}`
	oldEndedSQL          = `SELECT rowid, kind FROM global_queue WHERE user = {:user} AND finished_at != ''
		ORDER BY created DESC, rowid DESC LIMIT 500 OFFSET {:keep}`
	completedSQL = `SELECT id FROM global_queue WHERE user = {:user} AND kind = {:kind} AND status = 'completed' LIMIT 100`
	lastEndedSQL = `SELECT COALESCE(MAX(rowid), 0) FROM (SELECT rowid FROM global_queue WHERE user = {:user} AND kind = {:kind}
		AND finished_at != '' ORDER BY created DESC, rowid DESC LIMIT 1)`
	deleteEndedSQL = `DELETE FROM global_queue WHERE rowid IN (SELECT value FROM json_each({:rowids}))
		AND +user = {:user} AND finished_at != ''`
	pausesSQL         = `SELECT kind, user, source, reason, created FROM queue_pauses ORDER BY user, kind, source`
	pausedJobsSQL     = `SELECT DISTINCT user, kind FROM global_queue WHERE paused = TRUE`
	emailsSQL         = `SELECT id, email FROM users WHERE id IN (SELECT value FROM json_each({:ids}))`
	dueSchedulesSQL   = `SELECT id FROM job_schedules WHERE enabled = TRUE AND stopped = '' AND next_run_at <= {:now} ORDER BY next_run_at LIMIT 500`
	countSchedulesSQL = `SELECT COUNT(*), COUNT(CASE WHEN dedupe_key = {:key} THEN 1 END) FROM job_schedules
		WHERE user = {:user} AND system = FALSE`
	scheduleAtSQL = `INSERT INTO job_schedules (id, user, kind, payload, enabled, system, next_run_at, dedupe_key, created, updated)
		SELECT {:id}, id, {:kind}, {:payload}, TRUE, TRUE, {:at}, {:key}, {:now}, {:now} FROM users WHERE id = {:user}
		ON CONFLICT (dedupe_key) DO UPDATE SET next_run_at = excluded.next_run_at, payload = excluded.payload, updated = excluded.updated
		WHERE excluded.next_run_at < next_run_at`
	schedulesOfJobSQL   = `SELECT id FROM job_schedules WHERE user = {:user} AND last_job = {:job} AND system = FALSE`
	deleteScheduleSQL   = `DELETE FROM job_schedules WHERE id = {:id}`
	postponeScheduleSQL = `UPDATE job_schedules SET next_run_at = {:at}, error = {:error}, updated = {:now} WHERE id = {:id}`
)

// selectedRecords returns the query for the selected jobs, newest first.
func selectedRecords(app core.App, selection Selection) *dbx.SelectQuery {
	return selection.restrict(app.RecordQuery(migrations.GlobalQueue)).OrderBy("created DESC", "rowid DESC")
}

// selectedIDs returns the query for the ids of the jobs that a bulk change applies to. A selection without
// ids and without a status means the dead jobs if wanted is StatusPending, and otherwise the active jobs.
func selectedIDs(app core.App, selection Selection, wanted Status) *dbx.SelectQuery {
	unrestricted := selection.Status == "" && len(selection.IDs) == 0
	if unrestricted && wanted == StatusPending {
		selection.Status, unrestricted = StatusDead, false
	}
	query := selection.restrict(app.ConcurrentDB().Select("id").From(migrations.GlobalQueue)).OrderBy("run_at")
	if unrestricted {
		query.AndWhere(dbx.NewExp("finished_at = ''"))
	}
	return query
}

// Statements that repair times after the clock was set back. They keep the time between two columns, beginning now.
var (
	repairJobsSQL = `UPDATE global_queue SET run_at = strftime('%Y-%m-%d %H:%M:%fZ', {:now},
		printf('+%.3f seconds', MAX(0, (julianday(run_at) - julianday(updated)) * 86400))), updated = {:now}
		WHERE status IN ('pending', 'failed') AND updated > {:later}`
	repairLeasesSQL = `UPDATE global_queue SET lease_expires_at = {:lease}
		WHERE status = 'processing' AND lease_expires_at > {:lease}`
	repairSystemSchedulesSQL = `UPDATE job_schedules SET next_run_at = strftime('%Y-%m-%d %H:%M:%fZ', {:now},
		printf('+%.3f seconds', MAX(0, (julianday(next_run_at) - julianday(updated)) * 86400))), updated = {:now}
		WHERE system = TRUE AND updated > {:later}`
	// Schedules that are due later than nextScheduled ever makes them.
	lateSchedulesSQL = `SELECT id FROM job_schedules WHERE enabled = TRUE AND system = FALSE AND next_run_at != ''
		AND julianday(next_run_at) - julianday({:now}) > (every * 1.1 + 60) / 86400.0`
)
