package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestTheServerLogsToStandardOutputAndAFile(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}), "LOG_FORMAT=json", "LOG_FILE=logs/server.log")
	var stdout, stderr logtest.Buffer
	command := exec.Command(binary, "serve")
	command.Dir, command.Env, command.Stdout, command.Stderr = in.dir, in.env, &stdout, &stderr
	server := in.startPrinting(command, &stdout)
	in.awaitAnswers(server)
	who := in.newDemoAccount()
	in.requireCompleted(who, in.enqueue(who, "fathom.sync", object{}))
	assert.Equal(t, 0, in.run("queue", "list").exitCode, "commands don't touch the file")
	server.stop()

	written, err := os.ReadFile(filepath.Join(in.dir, "logs", "server.log"))
	require.NoError(t, err)
	assert.Contains(t, server.log.String(), string(written))
	assert.Empty(t, stderr.String())
	messages := map[string]bool{}
	for line := range bytes.Lines(written) {
		var decoded map[string]any
		require.NoError(t, json.Unmarshal(line, &decoded), "%s", line)
		messages[decoded["msg"].(string)] = true
	}
	for _, message := range []string{"ready", "job started", "job ended", "stopping"} {
		assert.True(t, messages[message], message)
	}
}

func TestLogFileThatCannotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}), "LOG_FILE=logs")
	require.NoError(t, os.Mkdir(filepath.Join(in.dir, "logs"), 0o700))
	in.requireRefused("logs is not a regular file: set LOG_FILE to a file that the server may create and write, or unset it", "serve")
	in.env = append(in.env, "LOG_FILE=pb_data/server.log")
	in.requireRefused("LOG_FILE is not valid", "serve")
}

func TestLogLevelOfARunningServer(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}), "LOG_LEVEL=warn")
	in.requireRefused("no server is running: set LOG_LEVEL, and start it", "log", "level", "debug")
	server := in.serve()
	in.requireRefused(`there is no level "loud": use debug, info, warn or error`, "log", "level", "loud")
	level := func(want string, args ...string) {
		out := in.run(append([]string{"log", "level"}, args...)...)
		assert.Equal(t, want, strings.TrimSpace(out.stdout), "%+v", out)
	}
	level("warn")
	who := in.newDemoAccount()
	assert.NotContains(t, server.log.String(), "job started")
	level("debug", "debug")
	in.requireCompleted(who, in.enqueue(who, "fathom.sync", object{}))
	assert.Contains(t, server.log.String(), `msg="changed the level of the log" from=WARN to=DEBUG`)
	assert.Contains(t, server.log.String(), "called fathom")
	level("{\n  \"level\": \"ERROR\"\n}", "error", "--json")
	level("error")
	server.stop()
	assert.NotContains(t, server.log.String(), "stopping", "the level of this line is info")
	in.serve()
	level("warn")
}
