package queue

import (
	"database/sql"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
)

// Access paths of a plan, besides the names of indexes without their common prefix.
const (
	byRowID     = "rowid"
	byID        = "sqlite_autoindex_global_queue_1"
	wholeTable  = "whole table"
	wholeIDs    = "whole " + byID
	indexPrefix = "idx_global_queue_"
)

// planned is a statement and how it must reach the rows of each table it reads.
type planned struct {
	statement any      // a text, texts by status, or a query
	paths     []string // access paths the plan must have
	optional  []string // further ones it may have, depending on the statistics
}

// plannedStatements names every statement of sql.go. Finished jobs are only in the indexes of the
// primary keys and in "user" and "given_up", so every other path costs nothing when there are a
// million of them. wholeTable and wholeIDs read all jobs: nothing that runs often may have them.
func plannedStatements(app core.App) map[string][]planned {
	ids := func(selection Selection, wanted Status, paths ...string) planned {
		return planned{statement: selectedIDs(app, selection, wanted), paths: paths}
	}
	records := func(selection Selection, paths ...string) planned {
		return planned{statement: selectedRecords(app, selection), paths: paths}
	}
	text := func(statement any, paths ...string) []planned { return []planned{{statement: statement, paths: paths}} }
	return map[string][]planned{
		"inFlightSQL":         text(inFlightSQL, "processing"),
		"nextForUserSQL":      text(nextForUserSQL, "ready"),
		"claimSQL":            text(claimSQL, byRowID, "processing"),
		"heartbeatSQL":        text(heartbeatSQL, byRowID),
		"progressSQL":         text(progressSQL, byRowID),
		"finishSQL":           text(finishSQL, byRowID),
		"againSQL":            text(againSQL, byRowID),
		"nextRunSQL":          text(nextRunSQL, "scheduled", "failed"),
		"promoteScheduledSQL": {{statement: promoteScheduledSQL, paths: []string{"scheduled"}, optional: []string{byRowID}}},
		"wakeSnoozedSQL":      text(wakeSnoozedSQL, "active"),
		"promoteFailedSQL":    {{statement: promoteFailedSQL, paths: []string{"failed"}, optional: []string{byRowID}}},

		"jobStateSQL":    text(jobStateSQL, byID),
		"cancelSQL":      text(cancelSQL, byID),
		"retrySQL":       text(retrySQL, byID),
		"rescheduleSQL":  text(rescheduleSQL, byID),
		"findActiveSQL":  text(findActiveSQL, "active"),
		"countActiveSQL": text(countActiveSQL, "active"),
		"joinSQL":        text(joinSQL, byID),
		"rowIDSQL":       text(rowIDSQL, byID),
		"orphansSQL":     text(orphansSQL, "processing"),
		"expiredSQL":     text(expiredSQL, "processing"),

		"readyCountsSQL":     text(readyCountsSQL, "ready"),
		"runningSQL":         text(runningSQL, "processing"),
		"userReadySQL":       text(userReadySQL, "active"),
		"oldestReadySQL":     text(oldestReadySQL, "ready"),
		"countsSQL":          text(countsSQL, "active", "given_up"),
		"countAllSQL":        text(countAllSQL, wholeIDs),          // readCost limits how often it runs
		"recentDurationsSQL": text(recentDurationsSQL, wholeTable), // stops after 1000 rows

		"purgeScanSQL":   text(purgeScanSQL, byRowID),
		"purgeDeleteSQL": text(purgeDeleteSQL, byRowID),

		"usersWithManyJobsSQL": text(usersWithManyJobsSQL, "whole "+indexPrefix+"user"), // runs once an hour
		"oldEndedSQL":          text(oldEndedSQL, "user"),
		"completedSQL":         text(completedSQL, "user"),

		"repairJobsSQL":            text(repairJobsSQL, wholeTable), // after the clock was set back
		"repairLeasesSQL":          text(repairLeasesSQL, "processing"),
		"repairSystemSchedulesSQL": text(repairSystemSchedulesSQL, wholeTable),
		"lateSchedulesSQL":         text(lateSchedulesSQL, "idx_job_schedules_due"),

		"lastEndedSQL":   text(lastEndedSQL, "user"),
		"deleteEndedSQL": text(deleteEndedSQL, byRowID),

		"pausesSQL":           text(pausesSQL, wholeTable), // when a pause changes
		"pausedJobsSQL":       text(pausedJobsSQL, "paused"),
		"emailsSQL":           text(emailsSQL), // reads users
		"setAsideSQL":         text(setAsideSQL, "active"),
		"releasePausedSQL":    {{statement: releasePausedSQL, paths: []string{"paused"}, optional: []string{byRowID}}},
		"dueSchedulesSQL":     text(dueSchedulesSQL, "idx_job_schedules_due"),
		"countSchedulesSQL":   text(countSchedulesSQL, "idx_job_schedules_user"),
		"scheduleAtSQL":       text(scheduleAtSQL), // reads no schedule but the one with the same key
		"schedulesOfJobSQL":   text(schedulesOfJobSQL, "idx_job_schedules_user"),
		"deleteScheduleSQL":   text(deleteScheduleSQL, "sqlite_autoindex_job_schedules_1"),
		"postponeScheduleSQL": text(postponeScheduleSQL, "sqlite_autoindex_job_schedules_1"),

		"selectedIDs": {
			ids(Selection{}, StatusPending, "given_up"),
			ids(Selection{}, StatusCancelled, "active"),
			ids(Selection{UserID: "user1"}, StatusPending, "given_up"),
			ids(Selection{UserID: "user1"}, StatusCancelled, "active"),
			ids(Selection{UserID: "user1", Kind: "work"}, StatusPending, "given_up"),
			ids(Selection{UserID: "user1", Kind: "work"}, StatusCancelled, "active"),
			ids(Selection{Kind: "work"}, StatusPending, "given_up"),
			ids(Selection{Kind: "work"}, StatusCancelled, "active"),
			ids(Selection{Status: StatusPending}, StatusCancelled, "active"),
			ids(Selection{Status: StatusFailed}, StatusCancelled, "failed"),
			ids(Selection{Status: StatusProcessing}, StatusCancelled, "processing"),
			ids(Selection{Status: StatusDead, UserID: "user1"}, StatusPending, "given_up"),
			ids(Selection{Status: StatusCancelled, UserID: "user1"}, StatusPending, "given_up"),
			ids(Selection{IDs: []string{"a", "b"}}, StatusPending, byID),
			ids(Selection{IDs: []string{"a", "b"}, UserID: "user1"}, StatusPending, byID),
		},
		"selectedRecords": {
			records(Selection{}, wholeTable), // an operator's list of all jobs
			records(Selection{UserID: "user1"}, "user"),
			records(Selection{Status: StatusPending}, "active"),
			records(Selection{Status: StatusFailed}, "failed"),
			records(Selection{Status: StatusProcessing}, "processing"),
			records(Selection{Status: StatusDead}, "given_up"),
			records(Selection{IDs: []string{"a", "b"}}, byID),
		},
	}
}

// SQLite may choose other plans once it has statistics, which PocketBase collects at times.
func TestStatementsUseTheRightIndexes(t *testing.T) {
	t.Parallel()
	pb, closeApp, err := queuetest.OpenIn(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, closeApp()) })
	check := func(when string) {
		db := pb.NonconcurrentDB()
		for name, cases := range plannedStatements(pb) {
			for _, p := range cases {
				for _, query := range queriesOf(t, db, p.statement) {
					plan := explain(t, db.(*dbx.DB).DB(), query)
					paths := accessPaths(plan)
					where := fmt.Sprintf("%s, %s: %s\n%s", name, when, query.SQL(), strings.Join(plan, "\n"))
					assert.Subset(t, paths, p.paths, where)
					assert.Subset(t, slices.Concat(p.paths, p.optional), paths, where)
				}
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
	require.NoError(t, closeApp()) // a connection reads the statistics when it is opened
	require.NoError(t, pb.Bootstrap())
	check("with statistics")
}

// queriesOf returns queries with exactly the texts that are executed.
func queriesOf(t *testing.T, db dbx.Builder, statement any) []*dbx.Query {
	t.Helper()
	switch statement := statement.(type) {
	case string:
		return []*dbx.Query{db.NewQuery(statement)}
	case map[Status]string:
		var queries []*dbx.Query
		for _, text := range statement {
			queries = append(queries, db.NewQuery(text))
		}
		return queries
	case *dbx.SelectQuery:
		return []*dbx.Query{statement.Build()}
	}
	require.Failf(t, "unknown statement", "%T", statement)
	return nil
}

var (
	numberedParameter = regexp.MustCompile(`\?(\d+)`)
	namedParameter    = regexp.MustCompile(`\{:(\w+)\}`)
)

// explain returns the steps of a query's plan. Named parameters without a value get that of an existing
// user, because SQLite's statistics also depend on values; numbered ones are NULL.
func explain(t *testing.T, db *sql.DB, query *dbx.Query) []string {
	t.Helper()
	text := namedParameter.ReplaceAllString(query.SQL(), "?")
	var values []any
	for _, match := range namedParameter.FindAllStringSubmatch(query.SQL(), -1) {
		value, ok := query.Params()[match[1]]
		if !ok {
			value = "user1"
		}
		values = append(values, value)
	}
	for _, match := range numberedParameter.FindAllStringSubmatch(text, -1) {
		number, err := strconv.Atoi(match[1])
		require.NoError(t, err)
		values = append(values, make([]any, max(0, number-len(values)))...)
	}
	rows, err := db.Query("EXPLAIN QUERY PLAN "+text, values...)
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
	return steps
}

var (
	tableAccess = regexp.MustCompile(`^(SCAN|SEARCH) (?:global_queue|queue_pauses|job_schedules)\b(.*)$`)
	indexUsed   = regexp.MustCompile(`USING (?:COVERING )?INDEX (\w+)`)
)

// accessPaths returns how the steps of a plan reach rows.
func accessPaths(plan []string) []string {
	paths := map[string]bool{}
	for _, step := range plan {
		access := tableAccess.FindStringSubmatch(step)
		if access == nil {
			continue
		}
		index := indexUsed.FindStringSubmatch(access[2])
		switch {
		case strings.Contains(access[2], "USING INTEGER PRIMARY KEY"):
			paths[byRowID] = true
		case index == nil:
			paths[wholeTable] = true
		case access[1] == "SCAN" && (index[1] == byID || index[1] == indexPrefix+"user" || index[1] == indexPrefix+"given_up"):
			paths["whole "+index[1]] = true
		default:
			paths[strings.TrimPrefix(index[1], indexPrefix)] = true
		}
	}
	return slices.Collect(maps.Keys(paths))
}

// TestEveryStatementIsPlanned fails when sql.go has a statement without an expected plan, or when
// another file of the package has a statement.
func TestEveryStatementIsPlanned(t *testing.T) {
	t.Parallel()
	pb := queuetest.Open(t)
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var names []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		require.NoError(t, err)
		if name == "sql.go" {
			names = statementNames(file)
			continue
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if found := sqlIn(node); found != "" {
				t.Errorf("%s has SQL outside sql.go: %s", name, found)
			}
			return true
		})
	}
	expected := plannedStatements(pb)
	assert.ElementsMatch(t, names, slices.Collect(maps.Keys(expected)))
	for name, cases := range expected {
		assert.NotEmpty(t, cases, name)
	}
}

// statementNames returns the variables that hold statements and the functions that build them.
func statementNames(file *ast.File) []string {
	var names []string
	for _, declaration := range file.Decls {
		switch declaration := declaration.(type) {
		case *ast.GenDecl:
			if declaration.Tok != token.VAR {
				continue
			}
			for _, spec := range declaration.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					names = append(names, name.Name)
				}
			}
		case *ast.FuncDecl:
			if declaration.Name.Name != "transitionSQL" {
				names = append(names, declaration.Name.Name)
			}
		}
	}
	return names
}

var sqlText = regexp.MustCompile(`(?i)\b(select\s.*\sfrom|update\s.*\sset|delete\s+from|insert\s+into)\b`)

// sqlIn returns the SQL that a node of the syntax tree contains itself, or "".
func sqlIn(node ast.Node) string {
	switch node := node.(type) {
	case *ast.BasicLit:
		if node.Kind == token.STRING && sqlText.MatchString(node.Value) {
			return node.Value
		}
	case *ast.CallExpr:
		method, ok := node.Fun.(*ast.SelectorExpr)
		if ok && slices.Contains([]string{"Select", "From", "RecordQuery", "Insert", "Update", "Upsert"}, method.Sel.Name) {
			return "call of " + method.Sel.Name
		}
	}
	return ""
}
