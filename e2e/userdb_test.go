package e2e

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/simulator"
)

// command runs a userdb command of an installation.
func (in *installation) command(t *testing.T, args ...string) (out string, exit int) {
	t.Helper()
	return runIn(t, in.dir, in.env, append([]string{"userdb"}, args...)...)
}

// database is what `userdb list --json` says of one.
type database struct {
	Name, Email, Status, Error string
	Size                       int64
	Open                       bool
	Port                       int
}

func (in *installation) databases(t *testing.T) map[string]database {
	t.Helper()
	out, exit := in.command(t, "list", "--json")
	require.Equal(t, 0, exit, out)
	var list []database
	require.NoError(t, json.Unmarshal([]byte(out), &list), out)
	byEmail := map[string]database{}
	for _, d := range list {
		byEmail[d.Email] = d
	}
	return byEmail
}

// The commands do the same beside a running server and without one.
func TestUserDatabaseCommands(t *testing.T) {
	t.Parallel()
	for _, running := range []bool{true, false} {
		t.Run(fmt.Sprintf("server running: %t", running), func(t *testing.T) {
			t.Parallel()
			in := install(t, startSimulator(t, simulator.Config{}))
			server := in.serve()
			for _, name := range []string{"ada", "bob", "eve"} {
				require.NoError(t, in.register(name+"@example.com"))
			}
			if !running {
				require.NoError(t, server.Process.Signal(syscall.SIGTERM))
				require.NoError(t, server.wait())
			}
			ok := func(want string, args ...string) {
				t.Helper()
				out, exit := in.command(t, args...)
				assert.Equal(t, 0, exit, "%v: %s", args, out)
				assert.Contains(t, out, want, args)
			}
			fails := func(want string, args ...string) {
				t.Helper()
				out, exit := in.command(t, args...)
				assert.Equal(t, 1, exit, "%v: %s", args, out)
				assert.Contains(t, out, want, args)
			}
			list := in.databases(t)
			require.Len(t, list, 3)
			assert.Equal(t, "ready", list["ada@example.com"].Status)
			assert.Greater(t, list["ada@example.com"].Size, int64(100_000))
			ok("NAME", "list")
			ok(list["bob@example.com"].Name, "list", "bob@example.com")
			ok("ada@example.com", "show", list["ada@example.com"].Name)
			ok(`"folder": "`+in.dir, "show", "ada@example.com", "--json")
			ok("in all", "stats")
			ok(`"ready": 3`, "stats", "--json")
			ok("0 with problems", "verify")
			ok("nothing to do", "migrate", "--all")

			ok("archived", "archive", "bob@example.com")
			assert.Equal(t, "archived", in.databases(t)["bob@example.com"].Status)
			ok("bob@example.com", "list", "--status", "archived")
			ok("restored", "restore", "bob@example.com")
			ok("marked for deletion", "delete", "eve@example.com")
			assert.Equal(t, "deleting", in.databases(t)["eve@example.com"].Status)
			ok("restored", "restore", "eve@example.com")
			fails("add --yes", "delete", "eve@example.com", "--now")
			assert.Equal(t, "ready", in.databases(t)["eve@example.com"].Status)
			ok("deleted", "delete", "eve@example.com", "--now", "--yes")
			require.Len(t, in.databases(t), 2)

			ok("written to ada.zip", "export", "ada@example.com", "--output", "ada.zip")
			archive, err := zip.OpenReader(filepath.Join(in.dir, "ada.zip"))
			require.NoError(t, err)
			assert.Equal(t, "README.txt", archive.File[0].Name)
			require.NoError(t, archive.Close())
			fails("already exists", "export", "ada@example.com", "--output", "ada.zip")
			fails("not found", "export", "nobody@example.com", "--output", "nobody.zip")
			assert.NoFileExists(t, filepath.Join(in.dir, "nobody.zip"))
			out, exit := in.command(t, "export", "ada@example.com", "--output", "-")
			assert.Equal(t, 0, exit)
			assert.Contains(t, out, "PK")

			fails("not found", "show", "nobody@example.com")
			fails("nothing to restore", "restore", "ada@example.com")
			fails("1 of 2 failed", "archive", "bob@example.com", "bob@example.com")
			fails("say --all", "migrate")
			fails("say --all", "migrate", "--all", "ada@example.com")
			fails("arg", "archive")
			fails("unknown flag", "list", "--jsno")

			broken := filepath.Join(in.dir, "user_dbs", list["ada@example.com"].Name, "data.db")
			require.NoError(t, os.WriteFile(broken, []byte("this is no database"), 0o600))
			fails("1 of 2 user databases have problems", "verify")
			fails("SQLite", "verify", "ada@example.com", "--json")
		})
	}
}

// A kill at any moment of packing or unpacking costs nobody anything.
func TestKillDuringArchive(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{RecordingSize: 8 << 20}))
	server := in.serve()
	who := in.ready(t)
	require.Equal(t, "completed", in.finish(t, who, in.enqueue(t, who, "recording.transfer", map[string]any{"recording_id": 1001}))["status"])
	seen := map[string]bool{}
	for round := range 12 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = in.command(t, "archive", who.name) // the kill may come first
		}()
		<-time.After(time.Duration(rand.IntN(120)) * time.Millisecond)
		server.kill()
		<-done
		server = in.serve()
		status := in.databases(t)["ada@example.com"].Status
		seen[status] = true
		require.Contains(t, []string{"ready", "archived"}, status, "round %d", round)
		if round%3 == 1 { // killed while it comes back, too
			back := make(chan struct{})
			go func() {
				defer close(back)
				_, _ = in.signIn("ada@example.com") // the kill may come first
			}()
			<-time.After(time.Duration(rand.IntN(150)) * time.Millisecond)
			server.kill()
			<-back
			server = in.serve()
		}
		again, err := in.signIn("ada@example.com")
		require.NoError(t, err)
		who = again
		_, page, err := call("GET", who.db+"/api/collections/recordings/records", who.session, nil)
		require.NoError(t, err)
		require.Len(t, page["items"], 1, "round %d", round)
	}
	out, exit := in.command(t, "verify")
	assert.Equal(t, 0, exit, out)
	t.Log("after a kill it was", seen)
	for _, name := range list(t, filepath.Join(in.dir, "user_dbs")) {
		assert.NotRegexp(t, `^\.(trash|new-[^b])`, name, "it was left lying")
	}
}

// The SDK connects again by itself when the server is stopped and started, and
// gets events as before.
func TestStreamsComeBackAfterARestart(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	require.NoError(t, in.register("ada@example.com"))
	who, err := in.signIn("ada@example.com")
	require.NoError(t, err)

	follower := exec.Command("node", "stream.mjs")
	follower.Env = append(environ(), "DB_URL="+who.db, "DB_TOKEN="+who.session)
	follower.Stderr = os.Stderr
	stdout, err := follower.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, follower.Start())
	defer func() { _ = follower.Process.Kill(); _ = follower.Wait() }()
	lines := make(chan string, 100)
	go func() {
		scanner := bufio.NewScanner(stdout)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
		close(lines)
	}()
	// comes waits for a line that begins so, and does something every now and then.
	comes := func(begin string, meanwhile func()) {
		t.Helper()
		deadline := time.NewTimer(60 * time.Second)
		defer deadline.Stop()
		again := time.NewTicker(100 * time.Millisecond)
		defer again.Stop()
		for {
			select {
			case line, ok := <-lines:
				require.True(t, ok, "the follower ended before %q", begin)
				if strings.HasPrefix(line, begin) {
					return
				}
			case <-again.C:
				meanwhile()
			case <-deadline.C:
				t.Fatalf("no %q came", begin)
			}
		}
	}
	written := 0
	write := func(key string) func() {
		return func() {
			t.Helper()
			written++
			status, answer, err := call("POST", who.db+"/api/collections/preferences/records", who.session, map[string]any{"key": fmt.Sprint(key, written)})
			require.NoError(t, err)
			require.Equal(t, 200, status, answer)
		}
	}
	comes("connected", func() {})
	comes("event before", write("before"))
	require.NoError(t, server.Process.Signal(syscall.SIGTERM))
	require.NoError(t, server.wait())
	in.serve()
	comes("event after", write("after")) // the SDK waits a little before it connects again
}
