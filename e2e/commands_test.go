package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestMisusedCommandsFail(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"nonsense"}, `unknown command "nonsense" for "fathom-to-loom"`},
		{[]string{"serve", "--nonsense"}, "unknown flag: --nonsense"},
		{[]string{"demo", "--onse"}, "unknown flag: --onse"},
		{[]string{"keys", "generate", "extra"}, `unknown command "extra" for "fathom-to-loom keys generate"`},
		{[]string{"userdb", "nonsense"}, `unknown command "nonsense" for "fathom-to-loom userdb"`},
		{[]string{"superuser", "upsert", "x"}, "specify an e-mail address and a password"},
		{[]string{"superuser", "upsert", "x@example.com", "a-long-password"}, "AES_MASTER_KEY"},
		{[]string{"simulator", "--addr", "0.0.0.0:0"}, `simulator address "0.0.0.0:0" is not a loopback address`},
	} {
		out := run(t, t.TempDir(), nil, test.args...)
		assert.Equal(t, 1, out.exitCode, test.args)
		assert.Empty(t, out.stdout, test.args)
		assert.True(t, strings.HasPrefix(out.stderr, "fathom-to-loom: "), out.stderr)
		assert.Contains(t, out.stderr, test.want, test.args)
	}
}

func TestCommandsThatNeedNoSettingsCreateNoFiles(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--help"}, {"--version"}, {"version"}, {"keys"}, {"keys", "generate"}, {"serve", "--help"}, {"demo", "--help"}, {"simulator", "--help"},
	} {
		dir := t.TempDir()
		out := run(t, dir, nil, args...)
		assert.Equal(t, 0, out.exitCode, "%v: %+v", args, out)
		assert.NotEmpty(t, out.stdout, args)
		assert.Empty(t, out.stderr, args)
		assertEmptyDir(t, dir)
	}
}

// What an earlier version could not read is read again by a later one, so each build needs a version of its own.
func TestBuildsHaveVersionsOfTheirOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	build := func(name string, args ...string) string {
		binary := filepath.Join(dir, name)
		command := exec.Command("go", append(append([]string{"build", "-buildvcs=false", "-o", binary}, args...), "..")...)
		output, err := command.CombinedOutput()
		require.NoError(t, err, string(output))
		printed, err := exec.Command(binary, "version").Output()
		require.NoError(t, err)
		version, schemas, _ := strings.Cut(string(printed), "\n")
		assert.Regexp(t, `^global schema  \d+_\w+\.go\nuser schema    \d+_\w+\.go\n$`, schemas)
		shown, err := exec.Command(binary, "--version").Output()
		require.NoError(t, err)
		assert.Equal(t, "fathom-to-loom version "+version+"\n", string(shown), "one build has one version")
		return version
	}
	first := build("first")
	assert.Regexp(t, "^dev-[0-9a-f]{7}$", first)
	assert.NotEqual(t, first, build("other", "-ldflags=-s"))
	assert.Equal(t, "1.2.3", build("released", "-ldflags=-X github.com/fathom-to-loom/fathom-to-loom/app.Version=1.2.3"))
}

func TestAllInvalidSettingsAreReportedTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := run(t, dir, []string{"JWT_SECRET=tooshort", "PB_GLOBAL_PORT=eighty", "QUEUE_POLL_INTERVAL=-5"}, "serve")
	assert.Equal(t, 1, out.exitCode)
	for _, want := range []string{
		"AES_MASTER_KEY", "JWT_SECRET", "PB_ENCRYPTION_KEY", "PB_ADMIN_PASSWORD", "PB_GLOBAL_PORT", "QUEUE_POLL_INTERVAL", "keys generate",
	} {
		assert.Contains(t, out.stderr, want)
	}
	for _, value := range []string{"tooshort", "eighty"} {
		assert.NotContains(t, out.stdout+out.stderr, value, "values may be secret")
	}
	assertEmptyDir(t, dir)
}

func TestServerRunsOnAGeneratedEnvFile(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	generated := run(t, in.dir, nil, "keys", "generate")
	require.Equal(t, 0, generated.exitCode, "%+v", generated)
	require.NoError(t, os.WriteFile(filepath.Join(in.dir, ".env"), []byte(generated.stdout), 0o600))
	var others []string // the settings that the file does not contain
	for _, setting := range in.env {
		key, _, _ := strings.Cut(setting, "=")
		if !strings.Contains(generated.stdout, key+"=") {
			others = append(others, setting)
		}
	}
	in.env = others
	server := in.serve()
	in.newAccount("ada@example.com")

	server.stop()
	out := run(t, in.dir, nil, "superuser", "upsert", "second@example.com", "another-password")
	assert.Equal(t, 0, out.exitCode, "%+v", out)
}

func TestDemoOnceTransfersThreeMeetings(t *testing.T) {
	t.Parallel()
	out := run(t, t.TempDir(), nil, "demo", "--once")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Equal(t, 3, strings.Count(out.stdout, "/share/"), out.stdout)
	assert.Equal(t, 2, strings.Count(out.stdout, "by the user"), out.stdout)
	assert.Equal(t, 1, strings.Count(out.stdout, "through Atlassian"), out.stdout)
}

func TestSimulatorCommand(t *testing.T) {
	t.Parallel()
	command, log := exec.Command(binary, "simulator", "--addr", "127.0.0.1:0"), &logtest.Buffer{}
	command.Stdout = log
	require.NoError(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill() })
	printedKey := func() bool { return strings.Contains(log.String(), simulator.DemoAPIKey) }
	polltest.Until(t, 10*time.Millisecond, printedKey, "the simulator printed no key: %s", log)
	address := regexp.MustCompile(`FATHOM_API_URL=(\S+)`).FindStringSubmatch(log.String())
	require.Len(t, address, 2)
	request, err := http.NewRequest(http.MethodGet, address[1]+"/meetings", nil)
	require.NoError(t, err)
	request.Header.Set("X-Api-Key", simulator.DemoAPIKey)
	response, err := httpClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusOK, response.StatusCode)

	printedToken := func() bool { return strings.Contains(log.String(), simulator.DemoAtlassianToken) }
	polltest.Until(t, 10*time.Millisecond, printedToken, "the simulator printed no token: %s", log)
	address = regexp.MustCompile(`ATLASSIAN_MCP_URL=(\S+)`).FindStringSubmatch(log.String())
	require.Len(t, address, 2)
	response, err = httpClient.Post(address[1], "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusUnauthorized, response.StatusCode, "without the token")
	require.NoError(t, command.Process.Signal(syscall.SIGTERM))
	assert.NoError(t, command.Wait())
}

func TestHealthCommand(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	assert.Equal(t, output{stdout: "ok\n"}, in.run("health"))
	server.kill()
	out := in.run("health")
	assert.Equal(t, 1, out.exitCode)
	assert.Contains(t, out.stderr, "is it running on port")

	ready := make(chan output, 1)
	go func() {
		out, err := execute(t.Context(), in.dir, in.env, "health", "--wait", "1m")
		assert.NoError(t, err)
		ready <- out
	}()
	in.serve()
	assert.Equal(t, output{stdout: "ok\n"}, <-ready)
}

func assertEmptyDir(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, entries, "files were created in %s", dir)
}
