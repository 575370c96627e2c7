package e2e

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// readOnlyCommands returns the arguments of every command that only reads: about a user database and a job.
func readOnlyCommands(database, job string) [][]string {
	return [][]string{
		{"userdb", "list"},
		{"userdb", "show", database},
		{"userdb", "stats"},
		{"userdb", "verify"},
		{"blobs", "verify"},
		{"queue", "list"},
		{"queue", "show", job},
		{"queue", "stats"},
		{"log", "level"},
	}
}

func TestReadOnlyCommandsOnAStoppedServerChangeNothing(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	who := in.newDemoAccount()
	job := in.enqueue(who, "fathom.sync", object{})
	in.requireCompleted(who, job)
	server.stop()
	want := map[string]string{
		"userdb list": who.name, "userdb show": "ada@example.com", "userdb stats": "total", "userdb verify": "1 checked, 0 with problems",
		"blobs verify": "1 checked, 0 with problems",
		"queue list":   "fathom.sync", "queue show": "completed", "queue stats": "fathom.sync",
		"log level": "info",
	}
	before := snapshot(t, in.dir)
	require.NotContains(t, before, "pb_data/.control.sock", "the server removes its socket")
	for _, args := range readOnlyCommands(who.name, job) {
		out := in.run(args...)
		assert.Equal(t, 0, out.exitCode, "%v: %+v", args, out)
		assert.Contains(t, out.stdout, want[args[0]+" "+args[1]], args)
		assert.Empty(t, out.stderr, args)
		assert.Equal(t, before, snapshot(t, in.dir), "%v changed files", args)
	}
}

func TestReadOnlyCommandsOnAnOlderDataDirectoryAskForAnUpgrade(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	in.newAccount("ada@example.com")
	server.stop()
	db, err := sqlite.Open(filepath.Join(in.dir, "pb_data", sqlite.DataFile))
	require.NoError(t, err)
	result, err := db.NewQuery("DELETE FROM _migrations WHERE file = (SELECT MAX(file) FROM _migrations)").Execute()
	require.NoError(t, err)
	deleted, err := result.RowsAffected()
	require.NoError(t, err)
	require.EqualValues(t, 1, deleted)
	require.NoError(t, db.Close())

	before := snapshot(t, in.dir)
	for _, args := range readOnlyCommands("ada@example.com", "any") {
		in.requireRefused("start the server once to upgrade it", args...)
		assert.Equal(t, before, snapshot(t, in.dir), "%v changed files", args)
	}
}

func TestReadOnlyCommandsWithoutDataAskForAServer(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, string){
		"missing directory": func(*testing.T, string) {},
		"empty directory":   func(t *testing.T, dir string) { require.NoError(t, os.Mkdir(filepath.Join(dir, "pb_data"), 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := install(t, startSimulator(t, simulator.Config{}))
			prepare(t, in.dir)
			before := snapshot(t, in.dir)
			for _, args := range readOnlyCommands("ada@example.com", "any") {
				in.requireRefused("start the server first, or set DATA_DIR", args...)
				assert.Equal(t, before, snapshot(t, in.dir), "%v created files", args)
			}
		})
	}
}

// refusalTimeout is how long a command may take to refuse. A server that starts instead runs until then.
const refusalTimeout = 30 * time.Second

// requireRefused requires that a command fails with one line that contains advice.
func (in *installation) requireRefused(advice string, args ...string) {
	in.t.Helper()
	ctx, cancel := context.WithTimeout(in.t.Context(), refusalTimeout)
	defer cancel()
	out, err := execute(ctx, in.dir, in.env, args...)
	require.NoError(in.t, err)
	require.Equal(in.t, 1, out.exitCode, "%v: %+v", args, out)
	assert.Empty(in.t, out.stdout, args)
	assert.Contains(in.t, out.stderr, advice, args)
	assert.Equal(in.t, 1, strings.Count(out.stderr, "\n"), out.stderr)
}

// snapshot returns the mode and a checksum of every file and folder in dir. It leaves out the files that
// SQLite keeps next to a database while they contain no data: the index of the log, and an empty log.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, "-wal") && info.Size() == 0 {
			return nil
		}
		files[name] = info.Mode().String()
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files[name] += fmt.Sprintf(" %x", sha256.Sum256(content))
		}
		return nil
	}))
	return files
}

// allFiles returns the names of all files in a folder, including those that snapshot leaves out.
func allFiles(t *testing.T, dir string) (names []string) {
	t.Helper()
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(name string, _ fs.DirEntry, err error) error {
		names = append(names, name)
		return err
	}))
	return names
}
