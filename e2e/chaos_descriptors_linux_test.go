package e2e

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

// limitFiles lets the process open so many more files than it has open now.
func (p *process) limitFiles(more int) (restore func()) {
	p.t.Helper()
	var before unix.Rlimit
	require.NoError(p.t, unix.Prlimit(p.Process.Pid, unix.RLIMIT_NOFILE, nil, &before))
	limit := unix.Rlimit{Cur: uint64(p.openFiles() + more), Max: before.Max}
	require.NoError(p.t, unix.Prlimit(p.Process.Pid, unix.RLIMIT_NOFILE, &limit, nil))
	return func() {
		p.t.Helper()
		require.NoError(p.t, unix.Prlimit(p.Process.Pid, unix.RLIMIT_NOFILE, &before, nil))
	}
}

// The server runs out of file descriptors while people work and while backups are created and keys are rotated.
func TestLackOfDescriptorsLosesNothing(t *testing.T) {
	t.Parallel()
	sim := chaosSimulator(t)
	in := install(t, sim, "BACKUP_DIR=backups", "USER_DB_MAX_OPEN=2") // databases are opened all the time
	server := in.serve()
	load := startLoad(in, 3)
	load.await(10)
	failed := 0
	for _, more := range testsize.Of([]int{0, 4, 16}, slices.Repeat([]int{0, 1, 2, 4, 8, 16, 32}, 4)) {
		restore := server.limitFiles(more)
		out := in.run("backup", "create")
		if out.exitCode != 0 {
			failed++
			assert.Equal(t, 1, out.exitCode, "%+v", out)
			assert.NotEmpty(t, out.stderr)
		}
		restore()
		load.await(3)
	}
	assert.Positive(t, failed)
	in.awaitAnswers(server)
	out := in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	out = in.run("backup", "verify")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	t.Logf("%d backups failed; %s", failed, load.requireEverything(sim))
	assert.Zero(t, in.run("userdb", "verify").exitCode)
	server.stop()
}
