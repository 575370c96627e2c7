package e2e

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestSIGTERMDuringStartStopsTheServerCleanly(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	for round := range 12 {
		p := in.launch()
		<-time.After(time.Duration(round) * 10 * time.Millisecond)
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		_ = p.wait() // returns an error when the signal arrived before the program could handle it
		assert.NotContains(t, p.log.String(), "panic")
		assert.NotContains(t, p.log.String(), "is closed")
		assert.NotEqual(t, 2, p.ProcessState.ExitCode(), p.log.String())
	}
	in.serve()
	in.newAccount("ada@example.com")
}
