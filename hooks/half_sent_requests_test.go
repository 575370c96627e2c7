package hooks_test

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

func TestAHalfSentHeadEndsTheConnection(t *testing.T) {
	t.Parallel()
	ports := testport.ForTest(t, 2)
	s := apptest.Start(t, apptest.Options{Settings: []string{fmt.Sprintf("USER_DB_PORTS=%d-%d", ports.First, ports.Last)}})
	p := s.SignUp("ada@example.com")
	var connections []net.Conn
	for _, link := range []string{s.URL, p.DatabaseURL} {
		parsed, err := url.Parse(link)
		require.NoError(t, err)
		conn, err := net.Dial("tcp", parsed.Host)
		require.NoError(t, err)
		defer conn.Close()
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n")
		connections = append(connections, conn)
	}
	for i, conn := range connections {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(30*time.Second)))
		_, err := conn.Read(make([]byte, 1000))
		assert.ErrorIs(t, err, io.EOF, "connection %d must be closed", i)
	}
}
