package gateway_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// TestUnreadBodyIsNotServedAsARequest sends bodies that no handler reads. Served as the next request of
// the connection, such a body could act for another user behind a proxy that shares connections.
func TestUnreadBodyIsNotServedAsARequest(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	body := "GET /api/health?smuggled HTTP/1.1\r\nHost: x\r\n\r\n" + strings.Repeat("a", 300_000)
	for _, path := range []string{
		"/nope", "/", "/api/session", "/api/batch", "/api/backups/upload", strings.TrimPrefix(p.DatabaseURL, s.URL) + "/api/batch",
		"/api/collections/users/auth-refresh", "/api/collections/users/records",
	} {
		for encoding, rest := range map[string]string{
			"length":  fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body),
			"chunked": fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body),
		} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
			require.NoError(t, err)
			require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
			var writing sync.WaitGroup
			writing.Go(func() { // writes fail if the server closes the connection before it has read the body
				_, _ = conn.Write([]byte("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + rest))
				_, _ = conn.Write([]byte("GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
			})
			raw, _ := io.ReadAll(conn) // the server may reset the connection after its response
			require.NoError(t, conn.Close())
			writing.Wait()
			responses := string(raw)
			assert.LessOrEqual(t, strings.Count(responses, "HTTP/1.1 "), 2, "%s %s", path, encoding)
			assert.LessOrEqual(t, strings.Count(responses, "API is healthy"), 1, "%s %s", path, encoding)
			assert.NotContains(t, responses, "400 Bad Request\r\nContent-Type: text/plain", "%s %s: the rest of the body was read as a request", path, encoding)
		}
	}
}
