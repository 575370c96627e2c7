package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Without CLUSTER_URL, there is no socket but the server's own.
func TestServerWithoutAClusterHasOneSocket(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.withoutNginx()
	server := in.serve()
	httpClient.CloseIdleConnections()
	own := map[string]bool{}
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", server.Process.Pid))
	require.NoError(t, err)
	for _, entry := range entries {
		target, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", server.Process.Pid, entry.Name()))
		if inode, ok := strings.CutPrefix(target, "socket:["); err == nil && ok {
			own[strings.TrimSuffix(inode, "]")] = true
		}
	}
	listening := 0
	for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
		content, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", server.Process.Pid, table))
		require.NoError(t, err)
		for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n")[1:] {
			fields := strings.Fields(line)
			if !own[fields[9]] {
				continue
			}
			port := fmt.Sprintf(":%04X", in.ports.First)
			assert.True(t, strings.HasSuffix(fields[1], port), "a socket besides the server's own: %s", line)
			if fields[3] == "0A" {
				listening++
			}
		}
	}
	assert.Equal(t, 1, listening)
}
