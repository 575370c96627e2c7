package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// The private things of an account whose server is inspected.
const (
	inspectedEmail = "zoe.quillfeather@acme-rockets.example"
	inspectedToken = "ATATT3xFfGF0-inspected-token-of-zoe"
)

func startInspectedAtlassian(t *testing.T, behaviour simulator.AtlassianBehaviour) (*simulator.Server, string) {
	t.Helper()
	sim := startSimulator(t, simulator.Config{Meetings: -1, Atlassian: &simulator.AtlassianConfig{
		Tokens:    []simulator.AtlassianToken{{Email: inspectedEmail, Token: inspectedToken}},
		Sites:     []simulator.AtlassianSite{{ID: "5e1ab0c4-6d6f-4b0e-9f57-0d1a2b3c4d5e", Name: "quillfeather", URL: "https://quillfeather.atlassian.net"}},
		Behaviour: behaviour,
	}})
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "token.txt"), []byte(inspectedEmail+":"+inspectedToken+"\n"), 0o600))
	return sim, dir
}

// atlassianSettings are the settings of a command that uses the simulated Atlassian at an address.
func atlassianSettings(address, loomURL string) []string {
	return []string{"ATLASSIAN_MCP_URL=" + address, "LOOM_URL=" + loomURL}
}

func assertNothingInspectedIsShown(t *testing.T, text string) {
	t.Helper()
	assert.NotRegexp(t, `(?i)quillfeather|zoe|acme-rockets|layoffs|`+regexp.QuoteMeta(inspectedToken), text)
}

func TestInspectedAtlassianIsReplayed(t *testing.T) {
	t.Parallel()
	sim, dir := startInspectedAtlassian(t, simulator.AtlassianBehaviour{Form: simulator.UploadCurl})
	file, err := os.Open(filepath.Join("..", "app", "loominspect", "clip.mp4"))
	require.NoError(t, err)
	defer file.Close()
	_, err = sim.Upload(t.Context(), "Layoffs.mp4", file)
	require.NoError(t, err)
	out := run(t, dir, atlassianSettings(sim.AtlassianURL(), sim.LoomURL()), "loom", "inspect", "--token-file", "token.txt", "--upload", "--output", "report.json")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Contains(t, out.stdout, "The upload of the clip: done, complete true, 2.0 seconds, share link true\n")
	assert.Contains(t, out.stderr, "written to report.json\n")
	report, err := os.ReadFile(filepath.Join(dir, "report.json"))
	require.NoError(t, err)
	assertNothingInspectedIsShown(t, out.stdout+out.stderr+string(report))
	require.Len(t, sim.AtlassianUploads(), 1)
	assert.NotContains(t, string(report), sim.AtlassianUploads()[0].ID)
	assert.Contains(t, string(report), "curl --location --request POST")

	address := startReplay(t, filepath.Join(dir, "report.json"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "demo.txt"), []byte(simulator.DemoAtlassianToken), 0o600))
	again := run(t, dir, atlassianSettings(address+"/v2/mcp", address), "loom", "inspect", "--email", simulator.DemoAtlassianEmail,
		"--token-file", "demo.txt", "--upload", "--output", "again.json")
	require.Equal(t, 0, again.exitCode, "%+v", again)
	assert.Contains(t, again.stdout, "The upload of the clip: done, complete true, 2.0 seconds, share link true\n")
	second, err := os.ReadFile(filepath.Join(dir, "again.json"))
	require.NoError(t, err)
	assert.Contains(t, string(second), "curl --location --request POST", "step 1 is answered in the recorded form")
}

// startReplay starts the built simulator with a report, and returns its address.
func startReplay(t *testing.T, report string) string {
	t.Helper()
	command, out := exec.Command(binary, "simulator", "--addr", "127.0.0.1:0", "--replay", report), &logtest.Buffer{}
	command.Stdout, command.Stderr, command.Env, command.Dir = out, out, environment(), t.TempDir()
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		require.NoError(t, command.Process.Signal(syscall.SIGTERM))
		assert.NoError(t, command.Wait(), out.String())
	})
	address := regexp.MustCompile(`Simulator +(http://\S+)\n`)
	polltest.Until(t, 10*time.Millisecond, func() bool { return address.MatchString(out.String()) }, "the simulator printed no address: %s", out)
	return address.FindStringSubmatch(out.String())[1]
}

func TestInspectedAtlassianFails(t *testing.T) {
	t.Parallel()
	sim, dir := startInspectedAtlassian(t, simulator.AtlassianBehaviour{})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wrong.txt"), []byte("a-token-of-somebody"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "empty.txt"), []byte("\n"), 0o600))
	settings := atlassianSettings(sim.AtlassianURL(), sim.LoomURL())
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--output", "r.json"}, "specify --token-file FILE or --key-file FILE"},
		{[]string{"--token-file", "token.txt"}, "specify --output"},
		{[]string{"--token-file", "wrong.txt", "--output", "r.json"}, "specify --email"},
		{[]string{"--token-file", "token.txt", "--key-file", "wrong.txt", "--output", "r.json"}, "either --token-file or --key-file"},
		{[]string{"--key-file", "wrong.txt", "--email", "a@b.example", "--output", "r.json"}, "needs no e-mail address"},
		{[]string{"--key-file", "missing.txt", "--output", "r.json"}, "missing.txt"},
		{[]string{"--key-file", "empty.txt", "--output", "r.json"}, "the first line is empty"},
		{[]string{"--token-file", "token.txt", "--output", "wrong.txt"}, "already exists"},
	} {
		out := run(t, dir, settings, append([]string{"loom", "inspect"}, test.args...)...)
		assert.Equal(t, 1, out.exitCode, test.args)
		assert.Contains(t, out.stderr, test.want, test.args)
		assert.NotContains(t, out.stderr, "a-token-of-somebody")
		assert.NoFileExists(t, filepath.Join(dir, "r.json"))
	}

	out := run(t, dir, settings, "loom", "inspect", "--key-file", "wrong.txt", "--output", "refused.json")
	assert.Equal(t, 1, out.exitCode, "a report of a refusal is not a success")
	assert.Contains(t, out.stderr, "atlassian rejected the credential")
	sim.InjectAtlassian(simulator.AtlassianFault{Operation: "publishLoomVideo", Message: simulator.RefusalPlan})
	partial := run(t, dir, settings, "loom", "inspect", "--token-file", "token.txt", "--upload", "--output", "partial.json")
	assert.Equal(t, 1, partial.exitCode)
	assert.Contains(t, partial.stderr, simulator.RefusalPlan)
	for _, name := range []string{"refused.json", "partial.json"} {
		report, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err, "a report is written nevertheless")
		assertNothingInspectedIsShown(t, string(report)+partial.stdout+partial.stderr)
		assert.NotContains(t, string(report), "a-token-of-somebody")
		assert.NoError(t, new(simulator.Config).Replay(openReport(t, filepath.Join(dir, "partial.json"))))
	}
}

func openReport(t *testing.T, path string) *os.File {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func TestInterruptedInspectionIsWritten(t *testing.T) {
	t.Parallel()
	sim, dir := startInspectedAtlassian(t, simulator.AtlassianBehaviour{})
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	sim.InjectAtlassian(simulator.AtlassianFault{Operation: "publishLoomVideo", Hold: hold})
	command := exec.CommandContext(context.Background(), binary, "loom", "inspect", "--token-file", "token.txt", "--upload", "--output", "report.json")
	out := &logtest.Buffer{}
	command.Dir, command.Env, command.Stderr = dir, append(environment(), atlassianSettings(sim.AtlassianURL(), sim.LoomURL())...), out
	require.NoError(t, command.Start())
	published := func() bool { return sim.AtlassianStats().Calls["publishLoomVideo"] > 0 }
	polltest.Until(t, 10*time.Millisecond, published, "nothing was published: %s", out)
	require.NoError(t, command.Process.Signal(os.Interrupt))
	require.Error(t, command.Wait())
	assert.Equal(t, 130, command.ProcessState.ExitCode(), out.String())
	report, err := os.ReadFile(filepath.Join(dir, "report.json"))
	require.NoError(t, err, out.String())
	assert.Contains(t, string(report), "createLoomVideoUpload")
	assertNothingInspectedIsShown(t, string(report)+out.String())
}
