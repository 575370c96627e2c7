package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// peakMB is the most memory the process has had resident.
func (p *process) peakMB() int { return p.memoryMB("VmHWM:") }

// residentMB is what it has resident now.
func (p *process) residentMB() int { return p.memoryMB("VmRSS:") }

func (p *process) memoryMB(field string) int {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	require.NoError(p.t, err)
	_, rest, found := strings.Cut(string(status), field)
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

// Every request opens a database and closes another, thousands of times.
func TestOpeningsKeepNothing(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}), "USER_DB_MAX_OPEN=2")
	server := in.serve()
	var people []account
	for i := range 10 {
		email := fmt.Sprintf("p%d@example.com", i)
		require.NoError(t, in.register(email))
		who, err := in.signIn(email)
		require.NoError(t, err)
		people = append(people, who)
	}
	visit := func(times int) {
		for i := range times {
			who := people[i%len(people)]
			status, answer, err := call("GET", who.db+"/api/collections/meetings/records", who.session, nil)
			require.NoError(t, err)
			require.Equal(t, 200, status, answer)
		}
	}
	files := func() int {
		open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", server.Process.Pid))
		require.NoError(t, err)
		return len(open)
	}
	visit(1000)
	memoryBefore, filesBefore := server.residentMB(), files()
	visit(3000)
	t.Logf("memory %d and %d MB, files %d and %d", memoryBefore, server.residentMB(), filesBefore, files())
	assert.Less(t, server.residentMB(), memoryBefore+20)
	assert.Less(t, files(), filesBefore+10)
	out, exit := in.command(t, "stats", "--json")
	require.Equal(t, 0, exit, out)
	var stats struct {
		Pool struct{ Opened, Evicted, Open int }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &stats), out)
	assert.GreaterOrEqual(t, stats.Pool.Opened, 4000)
	assert.LessOrEqual(t, stats.Pool.Open, 2)
}
