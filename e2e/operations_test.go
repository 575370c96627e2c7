package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const operationsPage = "../docs/operations.md"

// block is a shell script on the page.
type block struct{ heading, script string }

// shellBlocks returns the ```sh blocks of a page in their order.
func shellBlocks(t *testing.T, page string) (blocks []block) {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	heading := ""
	for _, found := range regexp.MustCompile("(?ms)^#+ ([^\n]+)$|^ *```sh\n(.*?)^ *```$").FindAllStringSubmatch(string(text), -1) {
		if found[1] != "" {
			heading = found[1]
			continue
		}
		blocks = append(blocks, block{heading, found[2]})
	}
	require.NotEmpty(t, blocks)
	require.Equal(t, len(blocks), strings.Count(string(text), "```sh"), "a block is not recognized")
	return blocks
}

// systemctl stands in for systemd: it starts and stops the two services of the page in the current folder.
const systemctl = `#!/bin/sh
set -eu
pid=$STATE/$2.pid
stop() { [ ! -e "$pid" ] || { kill "$(cat "$pid")"; while kill -0 "$(cat "$pid")" 2>/dev/null; do sleep 0.05; done; rm "$pid"; }; }
start() {
	case $2 in
	fathom-to-loom)
		fathom-to-loom serve >>"$STATE/$2.log" 2>&1 &
		echo $! >"$pid"
		until fathom-to-loom health >/dev/null 2>&1; do kill -0 "$(cat "$pid")" || { cat "$STATE/$2.log" >&2; exit 1; }; sleep 0.05; done ;;
	litestream)
		(set -a; . ./litestream.env; DATA_DIR=$PWD/pb_data; exec litestream replicate -config deploy/litestream.yml) >>"$STATE/$2.log" 2>&1 &
		echo $! >"$pid"
		sleep 0.5; kill -0 "$(cat "$pid")" ;;
	esac
}
case $1 in
start) start "$@" ;;
stop) stop ;;
restart) stop; start "$@" ;;
*) exit 1 ;;
esac
`

// The page's blocks run in order, in one installation, as an operator would run them. Where the page has two machines,
// the test loses the data directory before the second one takes over.
func TestOperationsPageWorks(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	mnt, tools := t.TempDir(), t.TempDir()
	litestream, genuine := standIn(t), testsize.Of(false, true)
	if genuine {
		var err error
		litestream, err = buildLitestream()
		require.NoError(t, err)
	}
	require.NoError(t, os.WriteFile(filepath.Join(tools, "systemctl"), []byte(systemctl), 0o700))
	require.NoError(t, os.Symlink(binary, filepath.Join(tools, "fathom-to-loom")))
	require.NoError(t, os.Symlink(litestream, filepath.Join(tools, "litestream")))
	require.NoError(t, os.MkdirAll(filepath.Join(in.dir, "deploy"), 0o700))
	config, err := os.ReadFile(litestreamConfig)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(in.dir, "deploy", "litestream.yml"), config, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(in.dir, ".env"), []byte(in.keys.DotEnv()), 0o600))

	// Settings of the test, such as the port, are in the environment, and the keys in .env, where the page changes them.
	settings := in.env
	for _, line := range in.keys.Environ() {
		settings = withoutLine(settings, line)
	}
	environ := append(settings, "PATH="+tools+":"+os.Getenv("PATH"), "STATE="+tools)
	t.Cleanup(func() {
		for _, service := range []string{"litestream", "fathom-to-loom"} {
			command := exec.Command(filepath.Join(tools, "systemctl"), "stop", service)
			command.Dir, command.Env = in.dir, environ
			_ = command.Run() // it may have ended
		}
	})
	here := strings.NewReplacer("/mnt/", mnt+"/", "/tmp/drill", filepath.Join(mnt, "drill"))
	visited := ""
	for _, block := range shellBlocks(t, operationsPage) {
		if block.heading != visited {
			in.enter(block.heading, tools)
			visited = block.heading
		}
		command := exec.CommandContext(t.Context(), "sh", "-eu", "-c", here.Replace(block.script))
		command.Dir, command.Env = in.dir, environ
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s:\n%s\n%s\n%s", block.heading, block.script, out, logOf(tools))
		if strings.Contains(block.script, "systemctl start fathom-to-loom") && block.heading == "Start, stop and look" {
			in.newDemoAccount()
		}
		if replica := filepath.Join(mnt, "standby", "1"); strings.Contains(block.script, "standby/1") {
			if !genuine {
				in.copyTo(replica)
			}
			polltest.Until(t, 10*time.Millisecond, func() bool {
				copied, err := filepath.Glob(filepath.Join(replica, "*"))
				return err == nil && len(copied) > 0
			}, "nothing was copied: %s", logOf(tools))
		}
	}
	ada, err := in.signIn("ada@example.com")
	require.NoError(t, err)
	require.NotEmpty(t, in.records(ada, "meetings", ""))
}

// enter prepares what the page's prose asks for under a heading.
func (in *installation) enter(heading, tools string) {
	in.t.Helper()
	if heading != "Take over" {
		return
	}
	for _, service := range []string{"fathom-to-loom", "litestream"} { // the machine is lost
		pid, err := os.ReadFile(filepath.Join(tools, service+".pid"))
		require.NoError(in.t, err)
		require.NoError(in.t, exec.Command("kill", "-9", strings.TrimSpace(string(pid))).Run())
		require.NoError(in.t, os.Remove(filepath.Join(tools, service+".pid")))
	}
	require.NoError(in.t, os.RemoveAll(in.dataDir()))
}

func withoutLine(lines []string, unwanted string) (kept []string) {
	key, _, _ := strings.Cut(unwanted, "=")
	for _, line := range lines {
		if !strings.HasPrefix(line, key+"=") {
			kept = append(kept, line)
		}
	}
	return kept
}

func logOf(tools string) string {
	log, err := os.ReadFile(filepath.Join(tools, "fathom-to-loom.log"))
	if err != nil {
		return err.Error()
	}
	return string(log)
}

// There is no Docker in tests, but the table's commands can be checked: the server must be created again after a change of
// .env, and every command and folder must exist.
func TestTheOperationsPageTranslatesToDockerCompose(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(operationsPage)
	require.NoError(t, err)
	_, section, found := strings.Cut(string(page), "### With Docker Compose\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	translations := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (.*`.*) \\| (.*) \\|$").FindAllStringSubmatch(section, -1) {
		for _, from := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			translations[from[1]] = row[2]
		}
	}
	for _, block := range shellBlocks(t, operationsPage) {
		for _, call := range regexp.MustCompile(`systemctl \w+ fathom-to-loom`).FindAllString(block.script, -1) {
			assert.Contains(t, translations, call, "the page doesn't translate a command")
		}
	}
	for _, call := range []string{"systemctl start fathom-to-loom", "systemctl restart fathom-to-loom"} {
		assert.Regexp(t, "^`docker compose up -d`", translations[call])
	}
	assert.Regexp(t, "`docker compose restart` doesn't", section)

	// The rotation as the table has it: the container has the folder at another path, and none of the settings.
	write := translations["keys rotate KEY --write .env"]
	rotate := regexp.MustCompile("fathom-to-loom (keys rotate KEY --write /host/.env)`").FindStringSubmatch(write)
	require.NotNil(t, rotate, write)
	assert.Contains(t, write, `-v "$PWD:/host"`)
	in := installWithFile(t)
	in.serve()
	before := config.LoadFrom(in.dir, nil)
	args := strings.Fields(strings.NewReplacer("KEY", "JWT_SECRET", "/host", in.dir).Replace(rotate[1]))
	out := run(t, t.TempDir(), nil, args...)
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Contains(t, out.stderr, "docker compose up -d")
	after := config.LoadFrom(in.dir, nil)
	assert.Equal(t, before.JWTSecret.Reveal(), after.JWTSecretPrevious.Reveal())
	compose, err := os.ReadFile("../docker-compose.yml")
	require.NoError(t, err)
	assert.Contains(t, string(compose), "env_file: .env", "what creates the container again")
	assert.Contains(t, string(compose), "read_only: true")
}

// Keys that are rotated are worth nothing if the copies that the page asks for are not renewed.
func TestTheOperationsPageRenewsEveryCopyOfTheKeys(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(operationsPage)
	require.NoError(t, err)
	_, rotation, found := strings.Cut(string(page), "## Rotate a key\n")
	require.True(t, found)
	rotation, _, _ = strings.Cut(rotation, "\n## ")
	first, rest, found := strings.Cut(rotation, "--write .env\n```\n")
	require.True(t, found, first)
	before, _, _ := strings.Cut(rest, "systemctl restart")
	for _, place := range []string{"Now copy `.env`", "password manager", "standby"} {
		assert.Contains(t, before, place)
	}
}

// Commands within a sentence or a table can't be run as they are, but they exist, with the flags that the page names.
func TestCommandsInTheTextOfTheOperationsPageExist(t *testing.T) {
	t.Parallel()
	requireCommandsExist(t, operationsPage, 6)
}

// requireCommandsExist requires that the commands within a page's sentences and tables exist, with the flags that the page
// names. They can't be run as they are.
func requireCommandsExist(t *testing.T, page string, atLeast int) {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	prose := regexp.MustCompile("(?ms)^ *```.*?^ *```$").ReplaceAllString(string(text), "")
	found := regexp.MustCompile("`fathom-to-loom ([^`]+)`").FindAllStringSubmatch(prose, -1)
	require.GreaterOrEqual(t, len(found), atLeast)
	for _, match := range found {
		args := strings.Fields(strings.TrimSuffix(strings.TrimSpace(match[1]), "--help"))
		out := run(t, t.TempDir(), nil, append(args, "--help")...)
		assert.Equal(t, 0, out.exitCode, fmt.Sprint(match[0], out.stderr))
		assert.Contains(t, out.stdout, "fathom-to-loom "+strings.Join(commandWords(args), " "), match[0])
	}
}

// commandWords returns the words before the first flag or address.
func commandWords(args []string) (words []string) {
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") || strings.ContainsAny(arg, "@./") {
			break
		}
		words = append(words, arg)
	}
	return words
}
