package gateway_test

import (
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Databases in port mode listen below the ephemeral ports of the operating system. Outgoing connections
// never get these ports, so that a port stays free while the server restarts. The end-to-end tests use
// the ports below firstPort.
const (
	firstPort   = 29000
	portBlocks  = 375
	blockSize   = 10 // the first port of a block is its lock, the others are for databases
	blockStride = 37 // spreads test binaries that run at the same time and have successive process ids
)

var reservedBlocks atomic.Int64

// reservePorts returns the first and the last of n consecutive ports that no other test uses until the
// test ends.
func reservePorts(t *testing.T, n int) (first, last int) {
	t.Helper()
	require.Less(t, n, blockSize)
	for range portBlocks {
		block := (int(reservedBlocks.Add(1)) + os.Getpid()*blockStride) % portBlocks
		lock, err := listenOnPort(firstPort + block*blockSize)
		if err != nil {
			continue // another test binary has the block
		}
		first = firstPort + block*blockSize + 1
		if last = first + n - 1; !portsAreFree(first, last) {
			require.NoError(t, lock.Close())
			continue
		}
		t.Cleanup(func() { require.NoError(t, lock.Close()) })
		return first, last
	}
	require.FailNow(t, "all ports are in use")
	return 0, 0
}

func portsAreFree(first, last int) bool {
	for port := first; port <= last; port++ {
		listener, err := listenOnPort(port)
		if err != nil {
			return false
		}
		_ = listener.Close() // nothing was accepted
	}
	return true
}

func listenOnPort(port int) (net.Listener, error) {
	return net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
}

// portsSetting returns the setting of a server whose databases have ports of their own.
func portsSetting(first, last int) string {
	return "USER_DB_PORTS=" + strconv.Itoa(first) + "-" + strconv.Itoa(last)
}
