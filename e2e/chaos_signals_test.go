package e2e

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

// Signals of an operator, of a service manager and of the kernel.
var signals = []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL}

// sendSoon sends a signal to a process after a random time.
func sendSoon(random *rand.Rand, to *os.Process, signal syscall.Signal, within time.Duration) {
	timer := time.NewTimer(time.Duration(random.Int64N(int64(within))))
	defer timer.Stop()
	<-timer.C
	_ = to.Signal(signal) // fails if the process has ended
}

// interrupted is a command that was running when a signal was sent.
type interrupted struct {
	t      *testing.T
	args   []string
	cmd    *exec.Cmd
	output bytes.Buffer
}

func (in *installation) launchQuietly(args ...string) *interrupted {
	in.t.Helper()
	c := &interrupted{t: in.t, args: args, cmd: exec.Command(binary, args...)}
	c.cmd.Dir, c.cmd.Env, c.cmd.Stdout, c.cmd.Stderr = in.dir, in.env, &c.output, &c.output
	require.NoError(in.t, c.cmd.Start())
	return c
}

// requireHonest waits for the command and requires that its exit code says what happened. -1 means that the signal ended it, which
// any signal does before the program can handle it.
func (c *interrupted) requireHonest(signal string, codes ...int) {
	c.t.Helper()
	_ = c.cmd.Wait() // the exit code is checked below
	code := c.cmd.ProcessState.ExitCode()
	assert.Contains(c.t, codes, code, "%v after %s: %s", c.args, signal, &c.output)
	assert.NotContains(c.t, c.output.String(), "panic")
	if code == 1 {
		assert.NotEmpty(c.t, c.output.String(), "%v after %s", c.args, signal)
	}
}

// Operators' commands, and the server that does their work, receive signals at random moments while people work. The same
// command completes the work afterwards.
func TestSignalsAtAnyMomentLoseNothing(t *testing.T) {
	t.Parallel()
	random, sim := testseed.New(t), chaosSimulator(t)
	in := install(t, sim, "BACKUP_DIR=backups", "WORKER_CONCURRENCY=2")
	in.moveKeysToFile()
	server := in.serve()
	in.addDataKeys(testsize.Of(300, 3000))
	load := startLoad(in, 2)
	quiet := in.newDemoAccount()
	meetings := in.records(quiet, "meetings", "")
	out := in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	in.beginRotation("AES_MASTER_KEY")
	server.stop()
	server = in.serve()
	load.await(5)

	commands := [][]string{
		{"backup", "create"},
		{"keys", "rotate", "AES_MASTER_KEY"},
		{"backup", "restore", "latest", "--user", "ada@example.com", "--replace"},
	}
	sent := map[string]int{}
	for round := range testsize.Of(3, 90) {
		command, signal := commands[round%len(commands)], signals[(round/2+random.IntN(2))%len(signals)]
		c := in.launchQuietly(command...)
		if round%2 == 0 {
			sendSoon(random, c.cmd.Process, signal, 150*time.Millisecond)
			c.requireHonest(signal.String(), 0, 130, -1)
		} else {
			sendSoon(random, server.Process, signal, 150*time.Millisecond)
			c.requireHonest(signal.String()+" of the server", 0, 1)
			server.requireEnded(signal)
			starting := in.launch()
			sendSoon(random, starting.Process, syscall.SIGTERM, 400*time.Millisecond)
			_ = starting.wait() // returns an error when the signal arrived before the program could handle it
			assert.Contains(t, []int{0, 1, 130, -1}, starting.ProcessState.ExitCode(), starting.log)
			assert.NotContains(t, starting.log.String(), "panic")
			server = in.serve()
		}
		sent[strings.Join(command[:2], " ")+" "+signal.String()]++
		again := in.run(command...)
		require.Equal(t, 0, again.exitCode, "%v after %s: %+v", command, signal, again)
		load.await(2)
	}
	t.Logf("signals: %v; %s", sent, load.requireEverything(sim))
	quiet, err := in.signIn("ada@example.com")
	require.NoError(t, err)
	assert.Equal(t, meetings, in.records(quiet, "meetings", ""))
	out = in.run("backup", "verify")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	in.execute("DELETE FROM user_databases WHERE name LIKE '2001-01-01-%'")
	out = in.run("userdb", "verify")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	server = in.deletePrevious(server, "AES_MASTER_KEY")
	for _, p := range load.people {
		_, err := in.signIn(p.email)
		require.NoError(t, err)
	}
	assert.NotContains(t, server.log.String(), "level=ERROR")
}

// requireEnded waits for a server that was sent a signal.
func (p *process) requireEnded(signal syscall.Signal) {
	p.t.Helper()
	err := p.wait()
	if signal == syscall.SIGKILL {
		return
	}
	require.NoError(p.t, err, "the server must exit with code 0 after %s: %s", signal, p.log)
}
