package testport_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

func TestBlocksAreDisjoint(t *testing.T) {
	t.Parallel()
	taken := map[int]bool{}
	for range 20 {
		b := testport.ForTest(t, 19)
		assert.Less(t, b.Last, 32768, "the port is ephemeral on Linux")
		for port := b.First; port <= b.Last; port++ {
			assert.False(t, taken[port], "port %d was reserved twice", port)
			taken[port] = true
		}
	}
}

func TestReservedPortIsFree(t *testing.T) {
	t.Parallel()
	b := testport.ForTest(t, 1)
	for range 2 { // a server restarts
		listener, err := net.Listen("tcp", b.Address())
		require.NoError(t, err)
		require.NoError(t, listener.Close())
	}
}
