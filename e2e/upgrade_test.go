package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// earlierInstallation is an installation that the program wrote in November 2026, with its settings. Ada
// has synced 24 meetings and transferred recording 1001. Its keys protect only this test data.
const earlierInstallation = "testdata/installation-2026-11.tar.zst"

func TestEarlierInstallationKeepsWorking(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "installation")
	require.NoError(t, durable.Unpack(t.Context(), earlierInstallation, dir, nil))
	markConnectionsForChecking(t, dir)
	deliverAsEarlierVersions(t, dir)
	in := installIn(t, dir, startSimulator(t, simulator.Config{}), "SYNC_EVERY=6h", "FATHOM_PARTS_FOR=48h")
	server := in.serve()

	who, err := in.signIn("ada@example.com")
	require.NoError(t, err)
	require.Equal(t, "2026-11-26-001-ada", who.name)
	require.Len(t, in.records(who, "meetings", ""), 24)
	in.requireRecording(who, 1001)

	// The check succeeds only if the program can decrypt the stored key.
	connection := func() object { return in.records(who, "connections", "")[0].(object) }
	polltest.Until(t, 20*time.Millisecond, func() bool { return connection()["status"] != "checking" }, "the check of the key has not ended")
	require.Equal(t, "valid", connection()["status"], connection())
	in.requireDefaultSchedule(who)
	transfer := in.records(who, "transfers", "recording_id=1001")[0].(object)
	assert.Equal(t, []any{"delivered", true, "", earlierLink},
		[]any{transfer["status"], transfer["verified"], transfer["unchecked"], transfer["share_url"]})

	in.requireCompleted(who, in.enqueue(who, "fathom.sync", object{}))
	require.Len(t, in.records(who, "meetings", ""), 24, "the sync recognizes the meetings")
	polltest.Until(t, 20*time.Millisecond, func() bool { return len(in.records(who, "meetings", "parts=null")) == 0 }, "texts were not requested")
	assert.Greater(t, len(in.records(who, "meetings", "summary!=''")), 20, "the texts of meetings that were never transferred")
	assert.NotEmpty(t, in.records(who, "meetings", "highlights!=null"))
	in.requireCompleted(who, in.transfer(who, 1002))
	in.requireRecording(who, 1002)
	in.requireRecording(who, 1001)
	in.requireSoundDatabases()
	server.stop()
	in.requireSoundDatabases()
}

// markConnectionsForChecking makes the next start check all connections, as after an interrupted check.
func markConnectionsForChecking(t *testing.T, dir string) {
	t.Helper()
	require.EqualValues(t, 1, changeUserDatabase(t, dir, "UPDATE connections SET status = 'checking', checked_at = ''"))
}

// changeUserDatabase executes a statement in the only user database and returns how many rows it has changed.
func changeUserDatabase(t *testing.T, dir, statement string) int64 {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "user_dbs", "*", sqlite.DataFile))
	require.NoError(t, err)
	require.Len(t, files, 1)
	db, err := sqlite.Open(files[0])
	require.NoError(t, err)
	result, err := db.NewQuery(statement).Execute()
	require.NoError(t, err)
	changed, err := result.RowsAffected()
	require.NoError(t, err)
	require.NoError(t, db.Close())
	return changed
}

const earlierLink = "https://www.loom.com/share/0123456789abcdef0123456789abcdef"

// deliverAsEarlierVersions delivers recording 1001 as versions did that had no field for the result of the check.
func deliverAsEarlierVersions(t *testing.T, dir string) {
	t.Helper()
	changed := changeUserDatabase(t, dir, "UPDATE transfers SET status = 'delivered', share_url = '"+earlierLink+"', "+
		"delivered_at = '2026-11-26 12:00:00.000Z' WHERE recording_id = 1001")
	require.EqualValues(t, 1, changed)
}

// requireDefaultSchedule requires that syncs run by themselves, as for new accounts.
func (in *installation) requireDefaultSchedule(who account) {
	in.t.Helper()
	var schedules []any
	polltest.Until(in.t, 20*time.Millisecond, func() bool {
		schedules = in.mustCall(http.MethodGet, in.url+"/api/collections/job_schedules/records", who.token, nil)["items"].([]any)
		return len(schedules) > 0
	}, "there is no schedule")
	require.Len(in.t, schedules, 1)
	schedule := schedules[0].(object)
	assert.Equal(in.t, []any{"fathom.sync", true, 21600.0}, []any{schedule["kind"], schedule["enabled"], schedule["every"]})
}

// requireRecording requires that the file of a recording is stored once and is complete.
func (in *installation) requireRecording(who account, recordingID int) {
	in.t.Helper()
	recordings := in.records(who, "recordings", fmt.Sprintf("recording_id=%d", recordingID))
	require.Len(in.t, recordings, 1)
	recording := recordings[0].(object)
	path := filepath.Join(in.dir, "user_dbs", who.name, "storage", recording["collectionId"].(string), recording["id"].(string), recording["file"].(string))
	content, err := os.ReadFile(path)
	require.NoError(in.t, err)
	sum := sha256.Sum256(content)
	assert.Equal(in.t, recording["sha256"], hex.EncodeToString(sum[:]))
}

func (in *installation) requireSoundDatabases() {
	in.t.Helper()
	out := in.run("userdb", "verify")
	require.Equal(in.t, 0, out.exitCode, "%+v", out)
	require.Contains(in.t, out.stdout, "1 checked, 0 with problems")
}
