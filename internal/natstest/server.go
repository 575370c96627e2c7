// Package natstest starts nats-server processes for tests, which can be killed, frozen and restarted, alone or as a
// cluster. The program must be installed (see e2e/install.sh).
//
// A Server must be used by one goroutine at a time.
package natstest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

const interval = 20 * time.Millisecond // between checks whether a server answers

// Server is a nats-server that listens on the loopback interface. It keeps its port when it restarts.
type Server struct {
	URL      string // nats://127.0.0.1:port
	Port     int
	RouteURL string // for other servers; blank unless it is part of a cluster

	t       testing.TB
	args    []string
	dir     string
	logs    string
	monitor int // the port for questions about its state
	process *exec.Cmd
}

// Start starts a server, which stops with the test, and waits until it answers. Further arguments are those of the
// program; the server runs in the folder of the file that follows -c, if there is one, so that names in it are relative
// to that folder.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s := newServer(t, testport.ForTest(t, 1).First, args)
	s.launch()
	s.waitUntilReady()
	return s
}

// newServer describes a server and arranges that it stops before its port is released.
func newServer(t testing.TB, port int, args []string) *Server {
	t.Helper()
	s := &Server{
		URL: fmt.Sprintf("nats://127.0.0.1:%d", port), Port: port,
		t: t, dir: t.TempDir(), logs: filepath.Join(t.TempDir(), "log"),
	}
	s.args = append([]string{"-a", "127.0.0.1", "-p", strconv.Itoa(port)}, args...)
	if i := slices.Index(args, "-c"); i >= 0 && i+1 < len(args) {
		s.dir = filepath.Dir(args[i+1])
	}
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			t.Logf("log of the nats-server on port %d:\n%s", port, s.Log())
		}
	})
	return s
}

// Program returns the path of nats-server.
func Program(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("nats-server")
	if errors.Is(err, exec.ErrNotFound) {
		path, err = exec.LookPath("/usr/sbin/nats-server") // Debian's folder, which isn't on the PATH of users
	}
	require.NoError(t, err, "nats-server must be installed; see e2e/install.sh")
	return path
}

func (s *Server) launch() {
	s.t.Helper()
	logs, err := os.OpenFile(s.logs, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(s.t, err)
	defer logs.Close()
	s.process = exec.Command(Program(s.t), s.args...)
	s.process.Dir = s.dir
	s.process.Stdout, s.process.Stderr = logs, logs
	require.NoError(s.t, s.process.Start())
}

// waitUntilReady waits until the server greets its clients.
func (s *Server) waitUntilReady() {
	s.t.Helper()
	polltest.Until(s.t, interval, func() bool {
		if s.process.Process.Signal(syscall.Signal(0)) != nil {
			s.t.Fatal("nats-server doesn't run")
		}
		return s.greets()
	}, "the nats-server on port %d doesn't answer", s.Port)
}

func (s *Server) greets() bool {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)), time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	greeting := make([]byte, len("INFO "))
	if conn.SetReadDeadline(time.Now().Add(time.Second)) != nil {
		return false
	}
	n, err := conn.Read(greeting)
	return err == nil && bytes.HasPrefix([]byte("INFO "), greeting[:n])
}

// Kill ends the server at once, as a crash does, even if it is frozen. It does nothing if the server doesn't run.
func (s *Server) Kill() {
	s.t.Helper()
	if s.process == nil {
		return
	}
	if err := s.process.Process.Kill(); !errors.Is(err, os.ErrProcessDone) {
		require.NoError(s.t, err)
	}
	_ = s.process.Wait() // it was killed
	s.process = nil
}

// Restart kills the server, starts it again on the same port and waits until it answers.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	s.launch()
	s.waitUntilReady()
}

// Freeze stops the server from doing anything, while its connections stay open and further ones are even accepted.
func (s *Server) Freeze() {
	s.t.Helper()
	require.NoError(s.t, s.process.Process.Signal(syscall.SIGSTOP))
	var status syscall.WaitStatus
	_, err := syscall.Wait4(s.process.Process.Pid, &status, syscall.WUNTRACED, nil) // until it has stopped
	require.NoError(s.t, err)
	require.True(s.t, status.Stopped())
}

// Thaw ends Freeze.
func (s *Server) Thaw() {
	s.t.Helper()
	require.NoError(s.t, s.process.Process.Signal(syscall.SIGCONT))
}

// Log returns what the server has logged.
func (s *Server) Log() string {
	s.t.Helper()
	logs, err := os.ReadFile(s.logs)
	require.NoError(s.t, err)
	return string(logs)
}
