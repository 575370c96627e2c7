package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	in := installIn(t, dir, startSimulator(t, simulator.Config{}))
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

	in.requireCompleted(who, in.enqueue(who, "fathom.sync", object{}))
	require.Len(t, in.records(who, "meetings", ""), 24, "the sync recognizes the meetings")
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
	files, err := filepath.Glob(filepath.Join(dir, "user_dbs", "*", sqlite.DataFile))
	require.NoError(t, err)
	require.Len(t, files, 1)
	db, err := sqlite.Open(files[0])
	require.NoError(t, err)
	result, err := db.NewQuery("UPDATE connections SET status = 'checking', checked_at = ''").Execute()
	require.NoError(t, err)
	changed, err := result.RowsAffected()
	require.NoError(t, err)
	require.EqualValues(t, 1, changed)
	require.NoError(t, db.Close())
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
