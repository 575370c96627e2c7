package e2e

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestSDKReceivesEventsAgainAfterARestart(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	who := in.newAccount("ada@example.com")

	subscriber := exec.Command("node", "stream.mjs")
	subscriber.Env = append(nodeEnvironment(t), "DB_URL="+who.database, "DB_TOKEN="+who.session)
	subscriber.Stderr = os.Stderr
	stdout, err := subscriber.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, subscriber.Start())
	lines := make(chan string)
	stopReading := make(chan struct{})
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(stdout)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-stopReading:
				return
			}
		}
	}()
	defer func() {
		close(stopReading)
		_ = subscriber.Process.Kill()
		_ = subscriber.Wait() // returns that the process was killed
	}()

	// awaitLine waits for a line with a prefix and calls meanwhile at intervals.
	awaitLine := func(prefix string, meanwhile func()) {
		t.Helper()
		timeout := time.After(time.Minute)
		interval := time.NewTicker(100 * time.Millisecond)
		defer interval.Stop()
		for {
			select {
			case line, ok := <-lines:
				require.True(t, ok, "the subscriber ended before it printed %q", prefix)
				if strings.HasPrefix(line, prefix) {
					return
				}
			case <-interval.C:
				meanwhile()
			case <-timeout:
				require.FailNow(t, "the subscriber did not print "+prefix)
			}
		}
	}
	created := 0
	create := func(key string) func() {
		return func() {
			t.Helper()
			created++
			in.mustCall(http.MethodPost, who.recordsURL("preferences"), who.session, object{"key": fmt.Sprint(key, created)})
		}
	}
	awaitLine("connected", func() {})
	awaitLine("event before", create("before"))
	server.stop()
	in.serve()
	awaitLine("event after", create("after")) // the SDK waits a moment before it reconnects
}
