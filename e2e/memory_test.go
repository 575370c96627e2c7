package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/simulator"
)

// peakMB is the most memory the process has had resident.
func (p *process) peakMB() int {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	require.NoError(p.t, err)
	_, rest, found := strings.Cut(string(status), "VmHWM:")
	require.True(p.t, found)
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	require.NoError(p.t, err)
	return kb >> 10
}

func TestARecordingOfAnySizeTakesLittleMemory(t *testing.T) {
	t.Parallel()
	const sizeMB = 400
	sim := startSimulator(t, simulator.Config{RecordingSize: sizeMB << 20})
	in := install(t, sim)
	server := in.serve()
	who := in.ready(t)
	before := server.peakMB()
	job := in.finish(t, who, in.enqueue(t, who, "recording.transfer", map[string]any{"recording_id": 1001}))
	require.Equal(t, "completed", job["status"], job)
	assert.Less(t, server.peakMB()-before, sizeMB/5)
}
