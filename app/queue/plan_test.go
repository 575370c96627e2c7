package queue

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
)

// Nothing the worker does may go through what is finished: with every index of
// its own, each statement has to take the one that holds active jobs only. SQLite
// may choose otherwise once it has statistics, such as PocketBase makes.
func TestTheWorkersStatementsReadActiveJobsOnly(t *testing.T) {
	t.Parallel()
	pb, closed, err := queuetest.OpenIn(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, closed()) })
	indexes := map[string][]string{
		runningSQL: {"idx_global_queue_processing"}, seekSQL: {"idx_global_queue_ready"},
		claimSQL:    {"INTEGER PRIMARY KEY", "idx_global_queue_processing"},
		completeSQL: {"INTEGER PRIMARY KEY"}, returnSQL: {"INTEGER PRIMARY KEY"}, heartbeatSQL: {"INTEGER PRIMARY KEY"},
		nextRunSQL:          {"idx_global_queue_scheduled", "idx_global_queue_failed"},
		promoteScheduledSQL: {"idx_global_queue_scheduled"}, promoteFailedSQL: {"idx_global_queue_failed"},
		"SELECT COUNT(*) FROM global_queue WHERE user = ?1 AND dedupe_key > '' AND finished_at = ''":                       {"idx_global_queue_active"},
		"SELECT 1 FROM global_queue WHERE user = ?1 AND dedupe_key = ?2 AND finished_at = ''":                              {"idx_global_queue_active"},
		"SELECT user, priority, COUNT(*) FROM global_queue WHERE ready = TRUE GROUP BY kind, priority, user":               {"idx_global_queue_ready"},
		"SELECT kind, status, COUNT(*) FROM global_queue WHERE finished_at = '' GROUP BY kind, status":                     {"idx_global_queue_active"},
		"SELECT id FROM global_queue WHERE status = 'dead' AND user = ?1 AND kind = ?2 ORDER BY run_at":                    {"idx_global_queue_given_up"},
		"SELECT id, user FROM global_queue WHERE status = 'processing' AND lease_expires_at <= ?1":                         {"idx_global_queue_processing"},
		"SELECT id FROM global_queue WHERE user = ?1 AND dedupe_key > '' AND finished_at = '' AND ready = TRUE ORDER BY 1": {"idx_global_queue_active"},
	}
	check := func(when string) {
		for statement, wanted := range indexes {
			plan := planOf(t, pb.NonconcurrentDB(), statement)
			for _, index := range wanted {
				assert.Contains(t, plan, index, "%s: %s\n%s", when, statement, plan)
			}
			for line := range strings.SplitSeq(plan, "\n") {
				scans := strings.Contains(line, "SCAN") && !strings.Contains(line, "USING") && !strings.Contains(line, "CONSTANT ROW") &&
					!strings.Contains(line, "SCAN (") && !strings.Contains(line, "SCAN _")
				assert.False(t, scans, "%s: %s\n%s", when, statement, plan)
			}
		}
	}
	check("empty")
	_, err = pb.NonconcurrentDB().NewQuery(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO global_queue (id, user, kind, status, run_at, finished_at, dedupe_key, ready, created, updated)
		SELECT printf('job%012d', i), 'user' || (i % 7), 'work', CASE WHEN i % 50 = 0 THEN 'pending' ELSE 'completed' END, 'x',
			CASE WHEN i % 50 = 0 THEN '' ELSE 'x' END, 'key' || i, i % 50 = 0, 'x', 'x' FROM n`).Execute()
	require.NoError(t, err)
	_, err = pb.NonconcurrentDB().NewQuery("ANALYZE").Execute()
	require.NoError(t, err)
	require.NoError(t, closed()) // a connection reads statistics when it is opened
	require.NoError(t, pb.Bootstrap())
	check("with statistics")
}

// planOf is how SQLite goes about a statement, a step a line.
func planOf(t *testing.T, db dbx.Builder, statement string) string {
	t.Helper()
	rows, err := db.(*dbx.DB).DB().Query("EXPLAIN QUERY PLAN "+statement, make([]any, strings.Count(statement, "?"))...)
	require.NoError(t, err)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
		steps = append(steps, detail)
	}
	require.NoError(t, rows.Err())
	return strings.Join(steps, "\n")
}
