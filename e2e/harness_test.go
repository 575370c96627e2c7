// Package e2e tests the built program from the outside: its commands, the PocketBase and Fathom SDKs, a
// browser, and servers that are killed at random moments. Tests run in parallel; each has an installation
// and a simulator of its own. With SOAK=1 the long tests run at their full size.
package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// binary is the path of the program, which TestMain builds.
var binary string

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "fathom-to-loom-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "fathom-to-loom")
	build := exec.Command("go", "build", "-o", binary, "..")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		return 1
	}
	return m.Run()
}

// soak returns the size of a long test: full with SOAK=1, normal otherwise.
func soak(normal, full int) int {
	if os.Getenv("SOAK") == "1" {
		return full
	}
	return normal
}

// waitFor polls a condition until it is true. Unlike require.Eventually it calls the condition on the
// test's goroutine, where the condition may use require.
func waitFor(t *testing.T, interval time.Duration, condition func() bool, message string, args ...any) {
	t.Helper()
	timeout := time.After(2 * time.Minute)
	for !condition() {
		select {
		case <-timeout:
			require.FailNow(t, "timed out: "+fmt.Sprintf(message, args...))
		case <-time.After(interval):
		}
	}
}

// environment returns the environment of the tests without any of the program's settings.
func environment() []string { return config.WithoutSettings(os.Environ()) }

func startSimulator(t *testing.T, cfg simulator.Config) *simulator.Server {
	t.Helper()
	cfg.Logger = slog.New(slog.DiscardHandler)
	sim, err := simulator.New(cfg)
	require.NoError(t, err)
	require.NoError(t, sim.Start(context.Background()))
	t.Cleanup(func() { require.NoError(t, sim.Stop(context.Background())) })
	return sim
}

// installation is a folder with settings and data in which servers run, one at a time. Its methods must be
// called on the test's goroutine, except register, signIn and execute.
type installation struct {
	t    *testing.T
	dir  string
	url  string
	env  []string
	keys config.Generated
	// spare is the first of sparePorts ports that the installation may use for its user databases.
	spare int
}

func install(t *testing.T, sim *simulator.Server, settings ...string) *installation {
	t.Helper()
	keys, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	port := reservePorts(t)
	env := append(environment(), keys.Environ()...)
	env = append(env, "PB_GLOBAL_PORT="+strconv.Itoa(port), "FATHOM_POLL_INTERVAL=20ms",
		"FATHOM_API_URL="+sim.FathomURL(), "LOOM_URL="+sim.LoomURL())
	return &installation{
		t: t, dir: t.TempDir(), url: "http://127.0.0.1:" + strconv.Itoa(port),
		env: append(env, settings...), keys: keys, spare: port + 1,
	}
}

// Servers listen below the ephemeral ports of the operating system. Outgoing connections never get these
// ports, so that a port stays free while the server on it restarts.
const (
	firstPort   = 21000
	portBlocks  = 80
	blockSize   = 100 // one port for the server, the others for its user databases
	sparePorts  = blockSize - 1
	blockStride = 37 // spreads test binaries that run at the same time and have successive process ids
)

var reservedBlocks atomic.Int64

// reservePorts returns the first port of a block that no other installation of this test binary uses.
func reservePorts(t *testing.T) int {
	t.Helper()
	for range portBlocks {
		block := (int(reservedBlocks.Add(1)) + os.Getpid()*blockStride) % portBlocks
		port := firstPort + block*blockSize
		if listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			require.NoError(t, listener.Close())
			return port
		}
	}
	require.FailNow(t, "all ports are in use")
	return 0
}

// output is what a command printed, and its exit code.
type output struct {
	stdout, stderr string
	exitCode       int
}

// execute runs the program in a folder with only the settings in env, and kills it when ctx ends. It may be
// called on any goroutine.
func execute(ctx context.Context, dir string, env []string, args ...string) (output, error) {
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(ctx, binary, args...)
	command.Dir, command.Env = dir, append(environment(), env...)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = nil
	}
	return output{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}, err
}

func run(t *testing.T, dir string, env []string, args ...string) output {
	t.Helper()
	out, err := execute(t.Context(), dir, env, args...)
	require.NoError(t, err)
	return out
}

// run runs a command of the installation.
func (in *installation) run(args ...string) output {
	in.t.Helper()
	return run(in.t, in.dir, in.env, args...)
}

// process is a running server.
type process struct {
	*exec.Cmd
	t    *testing.T
	log  *lockedBuffer
	wait func() error
}

// serve starts a server and waits until it answers requests.
func (in *installation) serve() *process {
	in.t.Helper()
	p := in.launch()
	waitFor(in.t, 10*time.Millisecond, func() bool {
		response, err := http.Get(in.url + "/api/health")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, "the server did not start: %s", p.log)
	return p
}

// launch starts a server.
func (in *installation) launch() *process {
	in.t.Helper()
	p := &process{Cmd: exec.Command(binary, "serve"), t: in.t, log: &lockedBuffer{}}
	p.Dir, p.Env = in.dir, in.env
	p.Stdout, p.Stderr = p.log, p.log
	require.NoError(in.t, p.Start())
	p.wait = sync.OnceValue(p.Wait)
	in.t.Cleanup(func() {
		p.kill()
		if in.t.Failed() {
			in.t.Log("server log:\n" + p.log.String())
		}
	})
	return p
}

// kill ends the process with SIGKILL, without giving it a chance to clean up.
func (p *process) kill() {
	_ = p.Process.Kill() // the process may have ended
	_ = p.wait()         // returns that the process was killed
}

// stop ends the process with SIGTERM and requires exit code 0.
func (p *process) stop() {
	p.t.Helper()
	require.NoError(p.t, p.Process.Signal(syscall.SIGTERM))
	require.NoError(p.t, p.wait(), "the server must exit with code 0: %s", p.log)
}

// lockedBuffer is a buffer that a process may write to while the test reads it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

var _ io.Writer = (*lockedBuffer)(nil)

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
