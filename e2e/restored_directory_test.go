package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// A backup need not contain auxiliary.db, and has no lock file. Backups by SQLite's VACUUM INTO have no write-ahead
// log either.
func TestEveryCommandWorksOnARestoredDirectory(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	for name, back := range map[string]func(t *testing.T, file, target string){
		"copied file": func(t *testing.T, file, target string) {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(target, content, 0o600))
		},
		"VACUUM INTO": func(t *testing.T, file, target string) {
			require.NoError(t, sqlite.Snapshot(t.Context(), file, target))
			require.NoError(t, os.Chmod(target, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := install(t, sim)
			server := in.serve()
			who := in.newDemoAccount()
			job := in.enqueue(who, "fathom.sync", object{})
			in.requireCompleted(who, job)
			server.stop()
			data, own := filepath.Join(in.dir, "pb_data"), filepath.Join(in.dir, "user_dbs", who.name)
			for _, dir := range []string{data, own} {
				file := filepath.Join(dir, sqlite.DataFile)
				back(t, file, file+".backup")
				require.NoError(t, os.Rename(file+".backup", file))
				require.NoError(t, os.RemoveAll(filepath.Join(dir, sqlite.AuxiliaryFile)))
			}
			require.NoError(t, os.Remove(filepath.Join(data, ".lock")))
			require.NoError(t, os.Remove(filepath.Join(in.dir, "user_dbs", ".lock")))

			before, names := snapshot(t, in.dir), allFiles(t, in.dir)
			for _, args := range readOnlyCommands(who.name, job) {
				out := in.run(args...)
				assert.Equal(t, 0, out.exitCode, "%v: %+v", args, out)
				assert.Empty(t, out.stderr, args)
				assert.Equal(t, before, snapshot(t, in.dir), "%v changed files", args)
				assert.Equal(t, names, allFiles(t, in.dir), "%v created files", args)
			}
			for _, command := range changingCommands(who.name) {
				out := in.run(command.args...)
				assert.Equal(t, 0, out.exitCode, "%v: %+v", command.args, out)
			}
			in.serve()
		})
	}
}
