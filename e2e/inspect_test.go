package e2e

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestInspectedFathomIsReplayed(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{Meetings: 12})
	meetings := sim.Meetings()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "key.txt"), []byte(simulator.DemoAPIKey+"\n"), 0o600))
	out := run(t, dir, []string{"FATHOM_API_URL=" + sim.FathomURL()}, "fathom", "inspect", "--key-file", "key.txt",
		"--download", strconv.FormatInt(meetings[0].RecordingID, 10), "--output", "report.json")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Contains(t, out.stdout, "Meetings are listed newest first: true\n")
	assert.True(t, strings.HasSuffix(out.stderr, "written to report.json\n"), out.stderr)
	assert.NotContains(t, out.stdout+out.stderr, simulator.DemoAPIKey)

	file, err := os.Open(filepath.Join(dir, "report.json"))
	require.NoError(t, err)
	defer file.Close()
	recorded, err := simulator.ReadReport(file)
	require.NoError(t, err)
	replaying, err := simulator.New(simulator.Config{Recorded: recorded, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	require.NoError(t, replaying.Start(context.Background()))
	t.Cleanup(func() { assert.NoError(t, replaying.Stop(context.Background())) })

	in := install(t, replaying)
	in.serve()
	who := in.newDemoAccount()
	in.requireCompleted(who, in.enqueue(who, "fathom.sync", object{}))
	in.requireCompleted(who, in.enqueue(who, "recording.transfer", object{"recording_id": replaying.Meetings()[0].RecordingID}))
	assert.Len(t, replaying.Meetings(), len(meetings))
}

func TestInspectWithoutAReport(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "empty.txt"), []byte("\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wrong.txt"), []byte("a-key-of-somebody"), 0o600))
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--output", "r.json"}, "specify --key-file"},
		{[]string{"--key-file", "wrong.txt"}, "specify --output"},
		{[]string{"--key-file", "missing.txt", "--output", "r.json"}, "missing.txt"},
		{[]string{"--key-file", "empty.txt", "--output", "r.json"}, "the first line is empty"},
		{[]string{"--key-file", "wrong.txt", "--output", "r.json"}, "fathom refused the API key"},
		{[]string{"--key-file", "wrong.txt", "--output", "wrong.txt"}, "already exists"},
	} {
		out := run(t, dir, []string{"FATHOM_API_URL=" + sim.FathomURL()}, append([]string{"fathom", "inspect"}, test.args...)...)
		assert.Equal(t, 1, out.exitCode, test.args)
		assert.Contains(t, out.stderr, test.want, test.args)
		assert.NotContains(t, out.stderr, "a-key-of-somebody")
		assert.NoFileExists(t, filepath.Join(dir, "r.json"), "no incomplete report is left")
	}
}
