package e2e

import (
	"fmt"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// A client that sends only halves of requests must not keep others out of a server with few file descriptors.
func TestHalfSentRequestsDoNotTakeEveryDescriptor(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serveCommand("sh", "-c", "ulimit -n 256 && exec "+binary+" serve")
	for range 600 {
		conn, err := net.Dial("tcp", in.ports.Address())
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() }) // the server may have closed it
		fmt.Fprint(conn, "POST /api/collections/users/records HTTP/1.1\r\nHost: x\r\n")
	}
	require.NoError(t, in.register("ada@example.com"))
	_, err := in.signIn("ada@example.com")
	require.NoError(t, err)
	assert.NotContains(t, server.log.String(), "userdb verify", "nothing is broken")
	assert.Contains(t, server.log.String(), "the limit on open files is low", "an operator learns it before it hurts")
}
