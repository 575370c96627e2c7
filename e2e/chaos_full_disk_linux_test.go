package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func chaosSimulator(t *testing.T) *simulator.Server {
	t.Helper()
	return startSimulator(t, simulator.Config{Meetings: chaosMeetings, RecordingSize: 256 << 10, ProcessingPolls: 1})
}

// diskProblem returns what the health check says about the disk, or "" if it is well.
func (in *installation) diskProblem() string {
	in.t.Helper()
	data, _ := in.mustCall(http.MethodGet, in.url+"/api/health", "", nil)["data"].(object)
	problem, _ := data["disk"].(string)
	return problem
}

func (in *installation) awaitDisk(problem string, server *process) {
	in.t.Helper()
	polltest.Until(in.t, 20*time.Millisecond, func() bool { return in.diskProblem() == problem }, "the health check doesn't say %q: %s", problem, server.log)
}

// requireFailed requires that a command fails with an explanation.
func (in *installation) requireFailed(explanation string, args ...string) {
	in.t.Helper()
	out := in.run(args...)
	assert.Equal(in.t, 1, out.exitCode, "%v: %+v", args, out)
	assert.Contains(in.t, out.stderr, explanation, args)
	requireNoPanic(in.t, out)
}

// continueNow makes jobs that wait for space continue at once, instead of after ten minutes.
func (in *installation) continueNow() {
	in.t.Helper()
	in.execute("UPDATE global_queue SET run_at = '2001-01-01 00:00:00.000Z' WHERE status IN ('pending', 'failed')")
}

// requireRotationOnFullDisk requires that rotations either succeed or fail with an explanation, and never damage the file of keys.
func (in *installation) requireRotationOnFullDisk() {
	in.t.Helper()
	before, err := os.ReadFile(filepath.Join(in.dir, ".env"))
	require.NoError(in.t, err)
	in.requireFailed("no space left", "keys", "rotate", "JWT_SECRET", "--write", ".env")
	after, err := os.ReadFile(filepath.Join(in.dir, ".env"))
	require.NoError(in.t, err)
	require.Equal(in.t, string(before), string(after))
	out := in.run("keys", "rotate", "AES_MASTER_KEY")
	assert.Contains(in.t, []int{0, 1}, out.exitCode, "%+v", out)
	if out.exitCode == 1 {
		assert.Contains(in.t, out.stderr, "full")
	}
}

// The disk of the data and that of the backups fill up while people work, at every operation that writes much. It mounts file
// systems, which only root may, and therefore runs with SOAK=1 only.
func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	for range testsize.Of(0, 1) {
		fillDisks(t)
	}
}

func fillDisks(t *testing.T) {
	data, other, sim := newVolume(t, 220), newVolume(t, 120), chaosSimulator(t)
	backups := filepath.Join(other.dir, "backups")
	in := data.install(sim, "BACKUP_DIR="+backups, "WORKER_CONCURRENCY=2")
	in.moveKeysToFile()
	server := in.serve()
	load := startLoad(in, 2)
	load.await(10)
	in.beginRotation("AES_MASTER_KEY")
	server.stop()
	server = in.serve()

	other.fill()
	in.requireFailed("no space", "backup", "create")
	other.empty()
	require.Equal(t, 0, in.run("backup", "create").exitCode)
	load.await(5)

	data.fill()
	in.awaitDisk("full", server)
	data.fill() // also what the server has released
	in.requireFailed("no space left", "backup", "create")
	in.requireRotationOnFullDisk()
	require.NotEmpty(t, in.records(load.people[0].account, "meetings", ""), "reading works")
	server.kill()
	server = in.serve()
	in.awaitDisk("full", server)
	require.NotEmpty(t, in.records(load.people[0].account, "meetings", ""))
	data.empty()
	in.awaitDisk("", server)
	load.await(5)
	rotated := in.run("keys", "rotate", "AES_MASTER_KEY")
	require.Equal(t, 0, rotated.exitCode, "%+v", rotated)
	server = in.deletePrevious(server, "AES_MASTER_KEY")
	out := in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	load.stop()
	in.continueNow()
	t.Log(load.requireEverything(sim))
	assert.Zero(t, in.run("userdb", "verify").exitCode)
	out = in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	out = in.run("backup", "verify")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	server.stop()

	before := snapshot(t, in.dir)
	data.fill()
	in.requireFailed("no space left", "backup", "restore", "latest", "--replace")
	data.empty()
	for _, folder := range []string{"pb_data", "user_dbs"} {
		require.NoError(t, os.RemoveAll(filepath.Join(in.dir, folder, ".restoring")))
	}
	require.Equal(t, before, snapshot(t, in.dir), "a restore that fails replaces nothing")
	out = in.run("backup", "restore", "latest", "--replace")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	in.serve()
	t.Log(load.requireEverything(sim))
}
