package connlimit_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/connlimit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limitedServer is an HTTP server whose connections are limited.
type limitedServer struct {
	t       *testing.T
	address string
	log     *logtest.Buffer
	release chan struct{} // ends requests for /wait and /ignore
	arrived chan struct{} // receives a value when /upload has read uploaded bytes
	clock   *clocktest.Clock
}

// uploaded is how many bytes are enough for an upload to count as in use.
const uploaded = 8 << 10

func start(t *testing.T, total, perNetwork int) *limitedServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &limitedServer{t: t, address: listener.Addr().String(), log: &logtest.Buffer{}, release: make(chan struct{})}
	s.arrived, s.clock = make(chan struct{}, 10), clocktest.New(time.Now())
	limiter := connlimit.New(connlimit.Config{
		Total: total, PerNetwork: perNetwork, Logger: slog.New(slog.NewTextHandler(s.log, nil)), Now: s.clock.Now,
	})
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/wait":
			_ = http.NewResponseController(w).Flush() // the client reads the status
			<-s.release
		case "/ignore":
			_, _ = w.Write(make([]byte, 20_000)) // the client may be gone
			s.arrived <- struct{}{}
			<-s.release
		case "/file":
			_, _ = w.Write(make([]byte, 20_000)) // the client may be gone
		case "/upload":
			if n, _ := io.CopyN(io.Discard, r.Body, uploaded); n == uploaded {
				s.arrived <- struct{}{}
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				w.WriteHeader(http.StatusBadRequest)
			}
		}
	})}
	limiter.Protect(server)
	served := make(chan error, 1)
	go func() { served <- server.Serve(limiter.Listener(listener)) }()
	t.Cleanup(func() {
		close(s.release)
		require.NoError(t, server.Shutdown(context.WithoutCancel(t.Context())))
		require.ErrorIs(t, <-served, http.ErrServerClosed)
	})
	return s
}

// dial opens a connection from an address of this machine and sends a text.
func (s *limitedServer) dial(from, text string) net.Conn {
	s.t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := dialer.Dial("tcp", s.address)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = conn.Close() }) // the server may have closed it
	require.NoError(s.t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(conn, text)
	require.NoError(s.t, err)
	return conn
}

const (
	halfRequest = "GET / HTTP/1.1\r\nHost: x\r\n"
	request     = halfRequest + "\r\n"
	longRequest = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
	upload      = "POST /upload HTTP/1.1\r\nHost: x\r\n"
)

// answers reports whether the server answers a request on a connection, rather than closing it.
func (s *limitedServer) answers(conn net.Conn) bool {
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	return err == nil && response.StatusCode == http.StatusOK
}

// isClosed waits for the server to close a connection.
func (s *limitedServer) isClosed(conn net.Conn) bool {
	_, err := conn.Read(make([]byte, 1))
	return err != nil && !os.IsTimeout(err)
}

func TestHalfSentRequestsGiveWayToNewConnections(t *testing.T) {
	s := start(t, 100, 5)
	var half []net.Conn
	for range 20 {
		half = append(half, s.dial("127.0.0.1", halfRequest))
		assert.True(t, s.answers(s.dial("127.0.0.2", request)), "a client of the same network must be served")
	}
	for i, conn := range half[:14] {
		assert.True(t, s.isClosed(conn), "connection %d", i)
	}
}

func TestHalfSentBodiesGiveWayToNewConnections(t *testing.T) {
	for name, half := range map[string]string{
		"declared": upload + "Content-Length: 10\r\n\r\nhalf", "chunked": upload + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
		"nothing yet": upload + "Content-Length: 10\r\n\r\n", "expected": upload + "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n",
		"slowly": upload + "Content-Length: 100000\r\n\r\n" + strings.Repeat("x", 4000),
		"unread": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
		"of GET": "GET /file HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, 100, 5)
			var conns []net.Conn
			for range 20 {
				conns = append(conns, s.dial("127.0.0.1", half))
				require.True(t, s.answers(s.dial("127.0.0.2", request)), "a client of the same network must be served")
			}
			for i, conn := range conns[:14] {
				_, err := io.Copy(io.Discard, conn) // a response may come first
				assert.False(t, os.IsTimeout(err), "connection %d", i)
			}
		})
	}
}

func TestUploadsThatMakeProgressAreKept(t *testing.T) {
	s := start(t, 100, 3)
	slow := s.dial("127.0.0.1", upload+"Content-Length: 30000\r\n\r\n"+strings.Repeat("x", uploaded))
	<-s.arrived
	for range 10 {
		s.dial("127.0.0.1", upload+"Content-Length: 10\r\n\r\nhalf")
		require.True(t, s.answers(s.dial("127.0.0.2", request)))
	}
	s.clock.Advance(1900 * time.Millisecond)
	require.True(t, s.answers(s.dial("127.0.0.2", request)))
	_, err := io.WriteString(slow, strings.Repeat("x", 30_000-uploaded))
	require.NoError(t, err)
	assert.True(t, s.answers(slow), "an upload isn't cut off while others connect")

	stalled := s.dial("127.0.0.1", upload+"Content-Length: 30000\r\n\r\n"+strings.Repeat("x", uploaded))
	<-s.arrived
	s.clock.Advance(2 * time.Second)
	polltest.Until(t, 10*time.Millisecond, func() bool {
		s.dial("127.0.0.2", halfRequest)
		require.NoError(t, stalled.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
		return s.isClosed(stalled)
	}, "a stalled upload gives way")
}

func TestConnectionsWhoseHandlerIgnoresTheBodyAreKept(t *testing.T) {
	s := start(t, 100, 2)
	var busy []net.Conn
	for range 2 {
		busy = append(busy, s.dial("127.0.0.1", "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"))
		<-s.arrived
	}
	assert.True(t, s.isClosed(s.dial("127.0.0.9", "")), "the network is at its limit")
	for _, conn := range busy {
		assert.True(t, s.answers(conn))
		s.release <- struct{}{}
	}
	polltest.Until(t, 10*time.Millisecond, func() bool { return s.answers(s.dial("127.0.0.9", request)) }, "room is not reused")
}

func TestBodiesOfGetAreReadAndIgnored(t *testing.T) {
	s := start(t, 100, 10)
	get := "GET /upload HTTP/1.1\r\nHost: x\r\n"
	conn := s.dial("127.0.0.1", get+"Content-Length: 9000\r\n\r\n"+strings.Repeat("x", 9000))
	require.True(t, s.answers(conn))
	_, err := io.WriteString(conn, get+"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n")
	require.NoError(t, err)
	require.True(t, s.answers(conn), "the connection is still in step")
	assert.Empty(t, s.arrived, "handlers see no body")

	_, err = io.WriteString(conn, get+"Content-Length: 1000000\r\n\r\n"+strings.Repeat("x", 300_000))
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	assert.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
}

func TestTheConnectionThatIsSilentLongestGivesWay(t *testing.T) {
	s := start(t, 100, 3)
	reused := s.dial("127.0.0.1", request)
	require.True(t, s.answers(reused))
	first := s.dial("127.0.0.1", request)
	require.True(t, s.answers(first))
	require.True(t, s.answers(s.dial("127.0.0.1", request)))
	_, err := io.WriteString(reused, request)
	require.NoError(t, err)
	require.True(t, s.answers(reused))
	require.True(t, s.answers(s.dial("127.0.0.1", request)))
	assert.True(t, s.isClosed(first))
	_, err = io.WriteString(reused, request)
	require.NoError(t, err)
	assert.True(t, s.answers(reused), "the oldest connection was used last")
}

func TestConnectionsThatServeRequestsAreKept(t *testing.T) {
	s := start(t, 100, 3)
	var busy []net.Conn
	for range 3 {
		conn := s.dial("127.0.0.1", longRequest)
		require.True(t, s.answers(conn))
		busy = append(busy, conn)
	}
	assert.True(t, s.isClosed(s.dial("127.0.0.9", "")), "the network is at its limit")
	assert.Contains(t, s.log.String(), "too many connections")
	assert.True(t, s.answers(s.dial("127.0.1.1", request)), "another network has a limit of its own")
	require.NoError(t, busy[0].Close())
	s.release <- struct{}{} // one of the requests ends; the server may not have noticed the closed connection
	polltest.Until(t, 10*time.Millisecond, func() bool { return s.answers(s.dial("127.0.0.9", request)) }, "room is not reused")
}

func TestAllConnectionsTogetherAreLimited(t *testing.T) {
	s := start(t, 4, 0)
	for i := range 4 {
		require.True(t, s.answers(s.dial(fmt.Sprintf("127.0.%d.1", i), longRequest)))
	}
	assert.True(t, s.isClosed(s.dial("127.0.9.1", "")))
}

func TestAProxyMayHaveAllConnections(t *testing.T) {
	s := start(t, 40, 0)
	for range 39 {
		require.True(t, s.answers(s.dial("127.0.0.1", longRequest)))
	}
	assert.True(t, s.answers(s.dial("127.0.0.1", request)))
}

// exhaustedListener has no file descriptors left.
type exhaustedListener struct{ net.Listener }

func (exhaustedListener) Accept() (net.Conn, error) {
	return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
}

func TestALackOfDescriptorsIsReportedAsSuch(t *testing.T) {
	var log logtest.Buffer
	limiter := connlimit.New(connlimit.Config{Total: 10, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	for range 50 {
		_, err := limiter.Listener(exhaustedListener{}).Accept()
		require.ErrorIs(t, err, syscall.EMFILE)
	}
	assert.Contains(t, log.String(), "out of file descriptors")
	assert.Contains(t, log.String(), "ulimit -n")
	assert.Equal(t, 1, strings.Count(log.String(), "\n"), "once a minute is enough")
}

func TestOneNetworkLeavesHalfOfTheConnectionsToOthers(t *testing.T) {
	assert.Equal(t, 75, connlimit.DefaultPerNetwork(150))
	assert.Equal(t, connlimit.MaxPerNetwork, connlimit.DefaultPerNetwork(50_000))
	assert.Positive(t, connlimit.DefaultTotal())
}
