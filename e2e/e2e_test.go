// Package e2e tests the built binary from outside: with the real PocketBase JS
// SDK, the official Fathom SDK, a real browser, and kill -9.
package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
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
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// binary is the program, built once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
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

// environ is the environment without any setting of ours.
func environ() []string { return config.Without(os.Environ()) }

func startSimulator(t *testing.T, cfg simulator.Config) *simulator.Server {
	t.Helper()
	cfg.Logger = slog.New(slog.DiscardHandler)
	sim, err := simulator.New(cfg)
	require.NoError(t, err)
	require.NoError(t, sim.Start(context.Background()))
	t.Cleanup(func() { require.NoError(t, sim.Stop(context.Background())) })
	return sim
}

// installation is a folder with settings and data that servers run in, one
// after the other.
type installation struct {
	t    *testing.T
	dir  string
	url  string
	port int
	env  []string
	keys config.Generated
}

func install(t *testing.T, sim *simulator.Server, settings ...string) *installation {
	t.Helper()
	keys, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	env := append(environ(), keys.Environ()...)
	env = append(env, "PB_GLOBAL_PORT="+strconv.Itoa(port), "FATHOM_POLL_INTERVAL=20ms",
		"FATHOM_API_URL="+sim.FathomURL(), "LOOM_URL="+sim.LoomURL())
	return &installation{t: t, dir: t.TempDir(), url: "http://127.0.0.1:" + strconv.Itoa(port), port: port, env: append(env, settings...), keys: keys}
}

// process is a running server.
type process struct {
	*exec.Cmd
	t    *testing.T
	log  *lockedBuffer
	wait func() error
}

// serve starts the binary and waits until it answers.
func (in *installation) serve() *process {
	in.t.Helper()
	p := in.launch()
	require.Eventually(in.t, func() bool {
		response, err := http.Get(in.url + "/api/health")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, 30*time.Second, 10*time.Millisecond, "the server did not start: %s", p.log)
	return p
}

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

// kill ends the process as a power cut would.
func (p *process) kill() {
	_ = p.Process.Kill() // it may have ended
	_ = p.wait()         // the error is that it was killed
}

// node runs a JavaScript test file and fails with what it prints.
func node(t *testing.T, file string, env ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "node", "--test", "--test-reporter=spec", file)
	command.Env = append(environ(), env...)
	out, err := command.CombinedOutput()
	t.Log(string(out))
	require.NoError(t, err)
	require.NotContains(t, string(out), "ℹ pass 0\n", "no test ran")
	require.Contains(t, string(out), "ℹ skipped 0\n", "a test was skipped")
}

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
