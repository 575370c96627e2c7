package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// userDatabase is a user database as `userdb list --json` prints it.
type userDatabase struct {
	Name, Email, Status, Error string
	Size                       int64
	Open                       bool
	Port                       int
}

// userDatabases returns all user databases by their owners' e-mail addresses.
func (in *installation) userDatabases() map[string]userDatabase {
	in.t.Helper()
	out := in.run("userdb", "list", "--json")
	require.Equal(in.t, 0, out.exitCode, "%+v", out)
	var list []userDatabase
	require.NoError(in.t, json.Unmarshal([]byte(out.stdout), &list), out.stdout)
	byEmail := map[string]userDatabase{}
	for _, d := range list {
		byEmail[d.Email] = d
	}
	return byEmail
}

// The commands work in the same way with a running server and without one.
func TestUserDatabaseCommands(t *testing.T) {
	t.Parallel()
	for _, running := range []bool{true, false} {
		t.Run(fmt.Sprintf("server running: %t", running), func(t *testing.T) {
			t.Parallel()
			in := install(t, startSimulator(t, simulator.Config{}))
			server := in.serve()
			for _, name := range []string{"ada", "bob", "eve"} {
				in.newAccount(name + "@example.com")
			}
			if !running {
				server.stop()
			}
			testUserDatabaseCommands(t, in)
		})
	}
}

func testUserDatabaseCommands(t *testing.T, in *installation) {
	succeeds := func(want string, args ...string) {
		t.Helper()
		out := in.run(append([]string{"userdb"}, args...)...)
		assert.Equal(t, 0, out.exitCode, "%v: %+v", args, out)
		assert.Contains(t, out.stdout, want, args)
	}
	fails := func(want string, args ...string) output {
		t.Helper()
		out := in.run(append([]string{"userdb"}, args...)...)
		assert.Equal(t, 1, out.exitCode, "%v: %+v", args, out)
		assert.Contains(t, out.stderr, want, args)
		return out
	}
	list := in.userDatabases()
	require.Len(t, list, 3)
	ada := list["ada@example.com"]
	assert.Equal(t, "ready", ada.Status)
	assert.Greater(t, ada.Size, int64(100_000))
	succeeds("NAME", "list")
	succeeds(list["bob@example.com"].Name, "list", "bob@example.com")
	succeeds("ada@example.com", "show", ada.Name)
	succeeds(`"folder": "`+in.dir, "show", "ada@example.com", "--json")
	succeeds("total", "stats")
	succeeds(`"ready": 3`, "stats", "--json")
	succeeds("3 checked, 0 with problems", "verify")
	succeeds("nothing to do", "migrate", "--all")

	succeeds("archived", "archive", "bob@example.com")
	assert.Equal(t, "archived", in.userDatabases()["bob@example.com"].Status)
	succeeds("bob@example.com", "list", "--status", "archived")
	succeeds("restored", "restore", "bob@example.com")
	assert.Equal(t, "ready", in.userDatabases()["bob@example.com"].Status)
	succeeds("scheduled for deletion", "delete", "eve@example.com")
	assert.Equal(t, "deleting", in.userDatabases()["eve@example.com"].Status)
	succeeds("restored", "restore", "eve@example.com")
	fails("--now deletes permanently: add --yes to confirm", "delete", "eve@example.com", "--now")
	assert.Equal(t, "ready", in.userDatabases()["eve@example.com"].Status)
	succeeds("deleted", "delete", "eve@example.com", "--now", "--yes")
	require.Len(t, in.userDatabases(), 2)

	testExportCommand(t, in)

	fails("user database not found", "show", "nobody@example.com")
	out := in.run("userdb", "restore", "ada@example.com")
	assert.Equal(t, 1, out.exitCode, "%+v", out)
	assert.Contains(t, out.stdout, "nothing to restore")
	fails("1 of 2 failed", "archive", "bob@example.com", "bob@example.com")
	fails("specify user databases or --all", "migrate")
	fails("specify user databases or --all", "migrate", "--all", "ada@example.com")
	assert.Equal(t, "fathom-to-loom: specify user databases (see \"fathom-to-loom userdb archive --help\")\n", fails("", "archive").stderr)
	assert.Equal(t, "fathom-to-loom: unknown flag: --jsno\n", fails("", "list", "--jsno").stderr)

	damaged := filepath.Join(in.dir, "user_dbs", ada.Name, "data.db")
	require.NoError(t, os.WriteFile(damaged, []byte("not a database"), 0o600))
	fails("1 of 2 user databases have problems", "verify")
	assert.Contains(t, fails("1 of 1 user databases have problems", "verify", "ada@example.com", "--json").stdout, "SQLite")
}

func testExportCommand(t *testing.T, in *installation) {
	file := filepath.Join(in.dir, "ada.zip")
	out := in.run("userdb", "export", "ada@example.com", "--output", "ada.zip")
	assert.Equal(t, output{stderr: "written to ada.zip\n"}, out)
	exported, err := os.ReadFile(file)
	require.NoError(t, err)
	assertExport(t, exported)

	out = in.run("userdb", "export", "ada@example.com", "--output", "ada.zip")
	assert.Equal(t, output{stderr: "fathom-to-loom: ada.zip already exists: choose another --output\n", exitCode: 1}, out)
	unchanged, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, exported, unchanged)

	out = in.run("userdb", "export", "nobody@example.com", "--output", "nobody.zip")
	assert.Equal(t, 1, out.exitCode, "%+v", out)
	assert.Contains(t, out.stderr, "user database not found")
	partial, err := filepath.Glob(filepath.Join(in.dir, "nobody.zip*"))
	require.NoError(t, err)
	assert.Empty(t, partial)

	out = in.run("userdb", "export", "ada@example.com", "--output", "-")
	assert.Equal(t, 0, out.exitCode, out.stderr)
	assertExport(t, []byte(out.stdout))
}

// assertExport checks that an export is a zip archive with a readme and a SQLite database.
func assertExport(t *testing.T, exported []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(exported), int64(len(exported)))
	require.NoError(t, err)
	read := func(name string) string {
		t.Helper()
		file, err := archive.Open(name)
		require.NoError(t, err)
		defer file.Close()
		content, err := io.ReadAll(file) // checks the CRC as well
		require.NoError(t, err)
		return string(content)
	}
	assert.Equal(t, "README.txt", archive.File[0].Name, "the readme comes first")
	assert.Contains(t, read("README.txt"), "data.db")
	assert.Equal(t, "SQLite format 3\x00", read("data.db")[:16])
}
