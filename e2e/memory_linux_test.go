package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestMemoryDoesNotGrowWithTheSizeOfARecording(t *testing.T) {
	t.Parallel()
	sizeMB := testsize.Of(200, 400)
	sim := startSimulator(t, simulator.Config{RecordingSize: int64(sizeMB) << 20})
	in := install(t, sim)
	server := in.serve()
	who := in.newDemoAccount()
	before := server.peakMB()
	in.requireCompleted(who, in.transfer(who, 1001))
	assert.Less(t, server.peakMB()-before, sizeMB/5)
}

// The files of the largest size that Loom accepts are uploaded in the same memory.
func TestMemoryDoesNotGrowWithTheSizeOfAnUpload(t *testing.T) {
	t.Parallel()
	const limitMB = 80
	size := testsize.Of[int64](400<<20, 4<<30-1)
	sim, in := startAtlassian(t, simulator.Config{RecordingSize: size}, simulator.AtlassianBehaviour{}, "ATLASSIAN_MCP_MAX_SIZE=4GiB")
	server := in.serve()
	who := in.newDemoAccount()
	in.connectLoom(who)
	before := server.peakMB()
	in.requireCompleted(who, in.transfer(who, 1001))
	used := server.peakMB() - before
	t.Logf("memory: %d MB before, %d MB more at the peak", before, used)
	assert.Less(t, used, limitMB)
	in.requireOnLoom(sim, delivery{who, 1001})
}

// Every request opens one database and closes another.
func TestOpeningDatabasesLeaksNothing(t *testing.T) {
	t.Parallel()
	warmUp, measured := testsize.Of(300, 1000), testsize.Of(700, 3000)
	in := install(t, startSimulator(t, simulator.Config{}), "USER_DB_MAX_OPEN=2")
	server := in.serve()
	var accounts []account
	for i := range 10 {
		accounts = append(accounts, in.newAccount(fmt.Sprintf("user%d@example.com", i)))
	}
	openDatabases := func(times int) {
		for i := range times {
			who := accounts[i%len(accounts)]
			in.mustCall(http.MethodGet, who.recordsURL("meetings"), who.session, nil)
		}
	}
	openDatabases(warmUp)
	memoryBefore, filesBefore := server.residentMB(), server.openFiles()
	openDatabases(measured)
	memoryAfter, filesAfter := server.residentMB(), server.openFiles()
	t.Logf("memory: %d MB before, %d MB after; open files: %d before, %d after", memoryBefore, memoryAfter, filesBefore, filesAfter)
	assert.Less(t, memoryAfter, memoryBefore+20)
	assert.Less(t, filesAfter, filesBefore+10)
	out := in.run("userdb", "stats", "--json")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	var stats struct {
		Pool struct{ Opened, Evicted, Open int }
	}
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &stats), out.stdout)
	assert.GreaterOrEqual(t, stats.Pool.Opened, warmUp+measured)
	assert.LessOrEqual(t, stats.Pool.Open, 2)
}

// peakMB returns the peak resident memory of the process.
func (p *process) peakMB() int { return p.memoryMB("VmHWM:") }

// residentMB returns the current resident memory of the process.
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

func (p *process) openFiles() int {
	p.t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.Process.Pid))
	require.NoError(p.t, err)
	return len(open)
}
