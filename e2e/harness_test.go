// Package e2e tests the built program from the outside: its commands, the PocketBase and Fathom SDKs, a
// browser, and servers that are killed at random moments. Tests run in parallel; each has an installation
// and a simulator of its own. With SOAK=1 the long tests run at their full size. With E2E_PROXY=nginx, every
// installation is behind a real nginx with the configuration that operators use.
package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// binary is the path of the program, which TestMain builds.
var binary string

// behindNginx places every installation behind nginx.
var behindNginx = os.Getenv("E2E_PROXY") == "nginx"

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
	if err := os.Chmod(dir, 0o755); err != nil { // some tests run the program as another user
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	binary = filepath.Join(dir, "fathom-to-loom")
	build := exec.Command("go", "build", "-o", binary, "..")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		return 1
	}
	if behindNginx { // this process and its children trust the certificate of nginx
		trusted, err := authorityFile()
		if err == nil {
			err = os.Setenv("SSL_CERT_FILE", trusted)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return m.Run()
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
	// The server listens on the first port; the others are for its user databases.
	ports *testport.Block
}

// install creates an installation without data.
func install(t *testing.T, sim *simulator.Server, settings ...string) *installation {
	t.Helper()
	keys, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	in := installIn(t, t.TempDir(), sim, append(keys.Environ(), settings...)...)
	in.keys = keys
	return in
}

// installIn creates an installation in a folder, which may contain settings and data.
func installIn(t *testing.T, dir string, sim *simulator.Server, settings ...string) *installation {
	t.Helper()
	ports := testport.ForTest(t, 12)
	ports.Last -= 2 // for nginx
	env := append(environment(), "PB_GLOBAL_PORT="+strconv.Itoa(ports.First), "FATHOM_POLL_INTERVAL=20ms", "SYNC_EVERY=0", "FATHOM_PARTS_FOR=0",
		"FATHOM_LIMITS=10000,10000,10000", // all users of a test have the same key
		"FATHOM_API_URL="+sim.FathomURL(), "LOOM_URL="+sim.LoomURL())
	in := &installation{t: t, dir: dir, url: "http://" + ports.Address(), env: env, ports: ports}
	if behindNginx {
		in.placeBehindNginx(ports.Last+1, ports.Last+2)
		sim.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.AllowedDomains = append(b.AllowedDomains, in.url) })
	}
	in.env = append(in.env, settings...)
	return in
}

// withoutNginx makes people reach the server directly, even with E2E_PROXY, for what needs another proxy.
func (in *installation) withoutNginx() {
	in.url = "http://" + in.ports.Address()
	in.env = append(in.env, "PUBLIC_URL=", "TRUSTED_PROXY_HEADERS=")
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
	log  *logtest.Buffer
	wait func() error
}

// serve starts a server and waits until it answers requests.
func (in *installation) serve() *process {
	in.t.Helper()
	return in.serveCommand(binary, "serve")
}

// serveSources is serve with the sources of the web app instead of its bundle, for tests that import the app's modules.
func (in *installation) serveSources() *process {
	in.t.Helper()
	in.withoutNginx() // whose connections end after 1,000 requests, in the midst of the many modules of a page
	sources, err := filepath.Abs("../pb_public")
	require.NoError(in.t, err)
	require.NoError(in.t, os.Symlink(sources, filepath.Join(in.dir, "pb_public")))
	return in.serveCommand(binary, "serve", "--dev")
}

// serveCommand is serve with another command that starts the server.
func (in *installation) serveCommand(name string, args ...string) *process {
	in.t.Helper()
	p := in.launchCommand(name, args...)
	in.awaitAnswers(p)
	return p
}

// awaitAnswers waits until a server answers requests.
func (in *installation) awaitAnswers(p *process) {
	in.t.Helper()
	polltest.Until(in.t, 10*time.Millisecond, func() bool {
		response, err := httpClient.Get(in.url + "/api/health")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, "the server did not start: %s", p.log)
}

// launch starts a server.
func (in *installation) launch() *process {
	in.t.Helper()
	return in.launchCommand(binary, "serve")
}

func (in *installation) launchCommand(name string, args ...string) *process {
	in.t.Helper()
	command := exec.Command(name, args...)
	command.Dir, command.Env = in.dir, in.env
	return in.start(command)
}

// start starts a command that is a server, and kills it at the end of the test. The log has what it prints.
func (in *installation) start(command *exec.Cmd) *process {
	in.t.Helper()
	log := &logtest.Buffer{}
	command.Stdout, command.Stderr = log, log
	return in.startPrinting(command, log)
}

// startPrinting is start for a command whose output is set already, that of the log to log.
func (in *installation) startPrinting(command *exec.Cmd, log *logtest.Buffer) *process {
	in.t.Helper()
	p := &process{Cmd: command, t: in.t, log: log}
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
