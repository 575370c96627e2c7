package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Two installations as earlier versions left them, with their settings: the first version (1921db7) and
// one with archives, deletion and schedules (31ff304). In both, Ada has synced 24 meetings, transferred recordings 1001
// and 1003 and has a job for the year 2030, and Ben has an empty database. In the second, Ada has a schedule, Carl, who
// has synced, is archived and Dora's database is to be deleted. All keys protect only this test data.
const (
	firstInstallation    = "testdata/installation-1921db7.tar.zst"
	scheduleInstallation = "testdata/installation-31ff304.tar.zst"
)

func TestInstallationOfTheFirstVersionKeepsWorking(t *testing.T) {
	t.Parallel()
	dir := unpackInstallation(t, firstInstallation)
	in, server := serveUpgraded(t, dir)
	ada := in.requireUpgradedAda("2026-11-27-001-ada")
	in.requireDefaultSchedule(ada)
	ben, err := in.signIn("ben@example.com")
	require.NoError(t, err)
	assert.Empty(t, in.records(ben, "meetings", ""))
	in.requireAllMigrated(2)
	server.stop()
}

func TestInstallationWithAnArchiveAndAScheduleKeepsWorking(t *testing.T) {
	t.Parallel()
	dir := unpackInstallation(t, scheduleInstallation)
	// The grace period ends on a date, but the test must not.
	executeIn(t, filepath.Join(dir, "pb_data", sqlite.DataFile),
		"UPDATE user_databases SET delete_after = '2099-01-01 00:00:00.000Z' WHERE name = '2026-11-27-004-dora'")
	in, server := serveUpgraded(t, dir)
	ada := in.requireUpgradedAda("2026-11-27-001-ada")
	schedules := in.mustCall(http.MethodGet, in.url+"/api/collections/job_schedules/records", ada.token, nil)["items"].([]any)
	require.Len(t, schedules, 1, "the person's own schedule stays the only one")
	assert.Equal(t, []any{"fathom.sync", true, 86400.0},
		[]any{schedules[0].(object)["kind"], schedules[0].(object)["enabled"], schedules[0].(object)["every"]})

	carl, err := in.signIn("carl@example.com") // unpacks the archive
	require.NoError(t, err)
	require.Len(t, in.records(carl, "meetings", ""), 24)
	in.requireCompleted(carl, in.transfer(carl, 1002))
	in.requireRecording(carl, 1002)

	_, err = in.signIn("dora@example.com")
	require.Error(t, err)
	out := in.run("userdb", "restore", "2026-11-27-004-dora")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	dora, err := in.signIn("dora@example.com")
	require.NoError(t, err)
	assert.Empty(t, in.records(dora, "meetings", ""))
	in.requireAllMigrated(4)
	server.stop()
}

func unpackInstallation(t *testing.T, archive string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "installation")
	require.NoError(t, durable.Unpack(t.Context(), archive, dir, nil))
	return dir
}

// executeIn changes a database that isn't open.
func executeIn(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sqlite.Open(file)
	require.NoError(t, err)
	_, err = db.NewQuery(statement).Execute()
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// serveUpgraded starts this version in an earlier installation. The log and the version command agree on the versions.
func serveUpgraded(t *testing.T, dir string) (*installation, *process) {
	t.Helper()
	in := installIn(t, dir, startSimulator(t, simulator.Config{}), "SYNC_EVERY=6h")
	executeIn(t, filepath.Join(dir, "user_dbs", "2026-11-27-001-ada", sqlite.DataFile),
		"UPDATE connections SET status = 'checking', checked_at = ''") // as after an interrupted check
	out := in.run("userdb", "verify") // changes nothing, so it can't upgrade either
	require.Equal(t, 1, out.exitCode)
	require.Contains(t, out.stderr, "was last used by an older version: start the server once to upgrade it")
	server := in.serve()
	var versions struct {
		Version string
		Global  string `json:"global_schema"`
		User    string `json:"user_schema"`
	}
	require.NoError(t, json.Unmarshal([]byte(in.run("version", "--json").stdout), &versions))
	log := server.log.String()
	assert.Contains(t, log, fmt.Sprintf("version=%s schema=%s user_schema=%s", versions.Version, versions.Global, versions.User))
	assert.Contains(t, log, "upgrading the global database")
	assert.Contains(t, log, "to="+versions.Global)
	return in, server
}

// requireUpgradedAda requires that everything of Ada's is there and works.
func (in *installation) requireUpgradedAda(name string) account {
	in.t.Helper()
	who, err := in.signIn("ada@example.com")
	require.NoError(in.t, err)
	require.Equal(in.t, name, who.name)
	require.Len(in.t, in.records(who, "meetings", ""), 24)
	for _, recording := range []int{1001, 1003} {
		in.requireRecording(who, recording)
		in.requireDownload(who, recording)
		transfer := in.records(who, "transfers", fmt.Sprintf("recording_id=%d", recording))[0].(object)
		assert.Equal(in.t, "awaiting_share_url", transfer["status"])
	}
	waiting := in.mustCall(http.MethodGet, in.url+jobsPath+"?filter=status='pending'", who.token, nil)["items"].([]any)
	require.Len(in.t, waiting, 1)
	assert.True(in.t, strings.HasPrefix(waiting[0].(object)["run_at"].(string), "2030-01-01"))

	// The check succeeds only if the program can decrypt the stored key.
	connection := func() object { return in.records(who, "connections", "")[0].(object) }
	polltest.Until(in.t, 20*time.Millisecond, func() bool { return connection()["status"] != "checking" }, "the check of the key has not ended")
	require.Equal(in.t, "valid", connection()["status"], connection())

	in.requireCompleted(who, in.enqueue(who, "fathom.sync", object{}))
	require.Len(in.t, in.records(who, "meetings", ""), 24, "the sync recognizes the meetings")
	in.requireCompleted(who, in.transfer(who, 1002))
	in.requireRecording(who, 1002)
	in.requireDownload(who, 1002)
	in.mustCall(http.MethodPost, who.recordsURL("rules"), who.session, object{"name": "Sales", "conditions": object{"title_words": []string{"Sales"}}})
	return who
}

// requireAllMigrated requires that "userdb migrate" succeeds, that there is nothing to migrate afterwards and that
// nothing is damaged.
func (in *installation) requireAllMigrated(databases int) {
	in.t.Helper()
	out := in.run("userdb", "migrate", "--all")
	require.Equal(in.t, 0, out.exitCode, "%+v", out)
	assert.Equal(in.t, "nothing to do\n", in.run("userdb", "migrate", "--all").stdout)
	out = in.run("userdb", "verify")
	require.Equal(in.t, 0, out.exitCode, "%+v", out)
	require.Contains(in.t, out.stdout, fmt.Sprintf("%d checked, 0 with problems", databases))
	entries, err := os.ReadDir(filepath.Join(in.dir, "user_dbs", ".archives"))
	require.True(in.t, err != nil || len(entries) == 0, "%v", entries)
}
