package gateway_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// slowRequest is a POST request whose body the server waits for.
type slowRequest struct {
	net.Conn
	person    apptest.Person
	responses *bufio.Reader
}

// startSlowRequest sends the headers of a POST request to a path of the person's database and waits until
// the server asks for the body, which it does after it has authorized the request.
func startSlowRequest(p apptest.Person, path string, bodyLength int) slowRequest {
	p.T.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	require.NoError(p.T, err)
	p.T.Cleanup(func() { _ = conn.Close() }) // the test may have closed it
	require.NoError(p.T, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\n"+
		"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", strings.TrimPrefix(p.DatabaseURL, p.URL)+path, p.Session, bodyLength)
	require.NoError(p.T, err)
	r := slowRequest{conn, p, bufio.NewReader(conn)}
	require.Equal(p.T, http.StatusContinue, r.readStatus())
	return r
}

func (r slowRequest) send(body string) {
	r.person.T.Helper()
	_, err := io.WriteString(r, body)
	require.NoError(r.person.T, err)
}

// readStatus reads the head of the next response and returns its status.
func (r slowRequest) readStatus() int {
	r.person.T.Helper()
	response, err := http.ReadResponse(r.responses, nil)
	require.NoError(r.person.T, err)
	require.NoError(r.person.T, response.Body.Close())
	return response.StatusCode
}
