package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

// The kernel finds a fault in the file system and makes it read-only while people work. An operator repairs it. Like
// TestFullDiskLosesNothing, it runs with SOAK=1 only.
func TestFileSystemThatBreaksLosesNothing(t *testing.T) {
	t.Parallel()
	for range testsize.Of(0, 1) {
		breakFileSystem(t)
	}
}

func breakFileSystem(t *testing.T) {
	data, sim := newVolume(t, 220), chaosSimulator(t)
	in := data.install(sim, "BACKUP_DIR="+t.TempDir()+"/backups")
	server := in.serve()
	load := startLoad(in, 2)
	load.await(10)
	out := in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	load.await(5)
	safe := map[string]int{} // writes that the disk has
	for _, p := range load.people {
		safe[p.email] = p.saves()
	}
	data.sync()
	load.await(5)

	data.breakDown()
	in.awaitDisk("read-only", server)
	assert.Contains(t, server.log.String(), "disk is read-only")
	require.NotEmpty(t, in.records(load.people[0].account, "meetings", ""), "reading works")
	in.requireFailed("read-only file system", "backup", "create")
	in.requireFailed("", "backup", "restore", "latest", "--user", load.people[1].email, "--replace")
	server.kill()
	in.requireRefused("is read-only: mount its file system for writing", "serve")
	in.requireFailed("read-only", "backup", "restore", "latest", "--replace")

	load.stop()

	// As after a power failure, the last moments may be missing.
	data.repair()
	server = in.serve()
	in.continueNow()
	for _, p := range load.people {
		lost := p.requireBeginning()
		t.Logf("%d of %d acknowledged writes are lost: %v", lost, len(p.history), p)
		assert.LessOrEqual(t, lost, len(p.history)-safe[p.email], "%s lost what was on the disk", p.email)
		assert.Empty(t, p.wrong)
		p.requireWorking()
		in.requireCompleted(p.account, in.enqueue(p.account, "fathom.sync", object{}))
		polltest.Until(t, 20*time.Millisecond, func() bool { return in.countJobs(p.account, "status!='completed'") == 0 }, "a job of %s is stuck", p.email)
	}
	assert.Zero(t, in.run("userdb", "verify").exitCode)
	out = in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.NotContains(t, strings.ToLower(server.log.String()), "panic")
}
