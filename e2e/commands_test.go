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

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// runIn runs a command in a folder with nothing of ours in the environment.
func runIn(t *testing.T, dir string, env []string, args ...string) (out string, exit int) {
	t.Helper()
	command := exec.Command(binary, args...)
	command.Dir, command.Env = dir, append(environ(), env...)
	raw, err := command.CombinedOutput()
	if _, ok := err.(*exec.ExitError); !ok {
		require.NoError(t, err)
	}
	return string(raw), command.ProcessState.ExitCode()
}

func TestExitCodesAreHonest(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"nonsense"}, {"serve", "--nonsense"}, {"keys", "generate", "extra"}, {"superuser", "upsert", "x"}, {"demo", "--onse"}} {
		out, exit := runIn(t, t.TempDir(), nil, args...)
		assert.Equal(t, 1, exit, "%v: %s", args, out)
		assert.NotEmpty(t, out, args)
	}
	for _, args := range [][]string{{"--help"}, {"--version"}, {"version"}, {"keys"}, {"keys", "generate"}, {"serve", "--help"}, {"demo", "--help"}, {"simulator", "--help"}} {
		dir := t.TempDir()
		out, exit := runIn(t, dir, nil, args...)
		assert.Equal(t, 0, exit, "%v: %s", args, out)
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.Empty(t, entries, "%v made something", args)
	}
}

func TestMissingSettingsAreReportedTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, exit := runIn(t, dir, []string{"JWT_SECRET=tooshort", "PB_GLOBAL_PORT=eighty", "QUEUE_POLL_INTERVAL=-5"}, "serve")
	assert.Equal(t, 1, exit)
	for _, key := range []string{"AES_MASTER_KEY", "JWT_SECRET", "PB_ENCRYPTION_KEY", "PB_ADMIN_PASSWORD", "PB_GLOBAL_PORT", "QUEUE_POLL_INTERVAL", "keys generate"} {
		assert.Contains(t, out, key)
	}
	assert.NotContains(t, out, "tooshort")
	assert.NotContains(t, out, "eighty")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, entries, "nothing is made before the settings are right")
}

func TestAGeneratedEnvFileIsAllAServerNeeds(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	env, exit := runIn(t, in.dir, nil, "keys", "generate")
	require.Equal(t, 0, exit)
	require.NoError(t, os.WriteFile(filepath.Join(in.dir, ".env"), []byte(env), 0o600))
	var kept []string
	for _, entry := range in.env { // only what is no secret
		key, _, _ := strings.Cut(entry, "=")
		if !strings.Contains(env, key+"=") {
			kept = append(kept, entry)
		}
	}
	in.env = kept
	server := in.serve()
	require.NoError(t, in.register("ada@example.com"))

	require.NoError(t, server.Process.Signal(syscall.SIGTERM))
	require.NoError(t, server.wait(), "SIGTERM ends the server with exit code 0")
	out, exit := runIn(t, in.dir, nil, "superuser", "upsert", "second@example.com", "another-password")
	assert.Equal(t, 0, exit, out)
}

func TestDemoOnce(t *testing.T) {
	t.Parallel()
	out, exit := runIn(t, t.TempDir(), nil, "demo", "--once")
	require.Equal(t, 0, exit, out)
	assert.Equal(t, 3, strings.Count(out, "/share/"), out)
}

func TestSimulatorCommand(t *testing.T) {
	t.Parallel()
	out, exit := runIn(t, t.TempDir(), nil, "simulator", "--addr", "0.0.0.0:0")
	assert.Equal(t, 1, exit, "it is for this machine only: %s", out)

	command, log := exec.Command(binary, "simulator", "--addr", "127.0.0.1:0"), &lockedBuffer{}
	command.Stdout = log
	require.NoError(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill() })
	require.Eventually(t, func() bool { return strings.Contains(log.String(), simulator.DemoAPIKey) }, 10*time.Second, 10*time.Millisecond)
	address := regexp.MustCompile(`FATHOM_API_URL=(\S+)`).FindStringSubmatch(log.String())
	require.Len(t, address, 2)
	request, err := http.NewRequest(http.MethodGet, address[1]+"/meetings", nil)
	require.NoError(t, err)
	request.Header.Set("X-Api-Key", simulator.DemoAPIKey)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, 200, response.StatusCode)
	require.NoError(t, command.Process.Signal(syscall.SIGTERM))
	assert.NoError(t, command.Wait())
}

func TestHealthCommand(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	server := in.serve()
	out, exit := runIn(t, in.dir, in.env, "health")
	assert.Equal(t, 0, exit, out)
	server.kill()
	out, exit = runIn(t, in.dir, in.env, "health")
	assert.Equal(t, 1, exit, out)
}
