package e2e

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestKillDuringArchivingLosesNothing(t *testing.T) {
	t.Parallel()
	// A round's kills, as fractions of the time that the operation takes without one.
	type round struct{ archiving, restoring float64 } // restoring is 0 for a round without a second kill
	random := testseed.New(t)
	rounds := make([]round, testsize.Of(5, 12))
	for i := range rounds {
		rounds[i].archiving = random.Float64()
		if i%3 == 1 {
			rounds[i].restoring = random.Float64()
		}
	}
	t.Logf("kills: %.2v", rounds)

	sim := startSimulator(t, simulator.Config{RecordingSize: 8 << 20})
	in := install(t, sim)
	server := in.serve()
	who := in.newDemoAccount()
	in.requireCompleted(who, in.transfer(who, 1001))
	archive := func(ctx context.Context) { _, _ = execute(ctx, in.dir, in.env, "userdb", "archive", who.name) } // a kill makes it fail
	restore := func(context.Context) { _, _ = in.signIn("ada@example.com") }                                    // a kill makes it fail
	archiving := duration(func() { archive(t.Context()) })
	require.Equal(t, "archived", in.userDatabases()["ada@example.com"].Status)
	restoring := duration(func() { restore(t.Context()) })
	require.Equal(t, "ready", in.userDatabases()["ada@example.com"].Status)
	t.Logf("archiving took %s, restoring %s", archiving, restoring)

	// interrupt kills the server, and the command that calls it, after a fraction of the usual duration, and
	// starts another server.
	interrupt := func(operation func(context.Context), usual time.Duration, fraction float64) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			operation(ctx)
		}()
		<-time.After(time.Duration(fraction * float64(usual)))
		server.kill()
		cancel()
		<-ended
		server = in.serve()
	}
	statuses := map[string]int{}
	for i, kills := range rounds {
		interrupt(archive, archiving, kills.archiving)
		status := in.userDatabases()["ada@example.com"].Status
		statuses[status]++
		require.Contains(t, []string{"ready", "archived"}, status, "round %d", i)
		if kills.restoring > 0 {
			interrupt(restore, restoring, kills.restoring)
		}
		var err error
		who, err = in.signIn("ada@example.com")
		require.NoError(t, err)
		require.Len(t, in.records(who, "recordings", ""), 1, "round %d", i)
	}
	t.Logf("statuses after a kill: %v", statuses)

	out := in.run("userdb", "verify")
	assert.Equal(t, 0, out.exitCode, "%+v", out)
	for _, name := range folders(t, filepath.Join(in.dir, "user_dbs")) {
		assert.NotRegexp(t, `^\.(trash|new-[^s])`, name, "a temporary folder was left behind")
	}
	recording := in.records(who, "recordings", "recording_id = 1001")[0].(object)
	truth, _ := sim.Meeting(1001)
	assert.Equal(t, truth.SHA256, recording["sha256"])
}

func duration(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}
