package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// installWithReplica creates an installation with backups, an account, a backup of both and a replica.
func installWithReplica(t *testing.T) *installation {
	t.Helper()
	replica := filepath.Join(t.TempDir(), "replica")
	in := install(t, startSimulator(t, simulator.Config{}), "LITESTREAM_REPLICA=file://"+replica, "BACKUP_DIR=backups")
	server := in.serve()
	in.newAccount("ada@example.com")
	in.mustRun("backup", "create")
	in.copyTo(replica)
	server.stop()
	return in
}

func (in *installation) mustRun(args ...string) output {
	in.t.Helper()
	out := in.run(args...)
	require.Equal(in.t, 0, out.exitCode, "%v: %+v", args, out)
	return out
}

// swapDataDir exchanges the data directory with another folder.
func (in *installation) swapDataDir(other string) {
	in.t.Helper()
	aside := filepath.Join(in.t.TempDir(), "aside")
	require.NoError(in.t, os.Rename(in.dataDir(), aside))
	require.NoError(in.t, os.Rename(other, in.dataDir()))
	require.NoError(in.t, os.Rename(aside, other))
}

func (in *installation) incarnations() (own, mark int) {
	in.t.Helper()
	in.useDatabase(func(db *dbx.DB) {
		found, err := standby.Read(in.t.Context(), db)
		require.NoError(in.t, err)
		own = found.Number
	})
	found, err := standby.ReadMark(filepath.Join(in.dir, "user_dbs"))
	require.NoError(in.t, err)
	return own, found.Number
}

// A backup from before a promotion must not let the server that was replaced start again.
func TestRestoreOfAnOlderBackupDoesNotUndoAPromotion(t *testing.T) {
	t.Parallel()
	in := installWithReplica(t)
	former := filepath.Join(t.TempDir(), "former")
	require.NoError(t, os.Rename(in.dataDir(), former))
	assert.Equal(t, 2, in.promote(standIn(t)).Incarnation.Number)
	in.mustRun("backup", "restore", "latest", "--replace")
	own, mark := in.incarnations()
	assert.Equal(t, []int{2, 2}, []int{own, mark})
	in.serve().stop()

	in.swapDataDir(former)
	in.requireRefused("has taken over the user databases", "serve")
	in.requireRefused("has taken over the user databases", "backup", "restore", "latest", "--replace")
	in.requireSick("has taken over the user databases")
	in.swapDataDir(former)
	in.serve().stop()

	// A restore into an empty directory, by nobody knows which server, takes the user databases over.
	require.NoError(t, os.RemoveAll(former))
	require.NoError(t, os.Rename(in.dataDir(), former))
	in.mustRun("backup", "restore", "latest", "--replace")
	own, mark = in.incarnations()
	assert.Equal(t, []int{3, 3}, []int{own, mark})
	in.serve().stop()
	in.swapDataDir(former)
	in.requireRefused("has taken over the user databases", "serve")
	assert.Equal(t, 4, in.promote(standIn(t), "--replace").Incarnation.Number)
}

// Litestream keeps the file open that a restore moves aside, and would mix it with the log of the new one.
func TestRestoreDoesNotReplaceADatabaseThatAnotherProgramUses(t *testing.T) {
	t.Parallel()
	in := installWithReplica(t)
	server := in.serve()
	in.useDatabase(func(db *dbx.DB) {
		in.newAccount("bob@example.com")
		require.NoError(t, db.Transactional(func(tx *dbx.Tx) error { // as Litestream always does
			var users int
			if err := tx.Select("COUNT(*)").From("users").Row(&users); err != nil {
				return err
			}
			server.stop()
			in.requireRefused("another program, such as Litestream, uses it: stop that program first", "backup", "restore", "latest", "--replace")
			return nil
		}))
	})
	in.mustRun("backup", "restore", "latest", "--replace")
	in.serve()
}

// A restore that was interrupted while it replaced the data is completed before a promotion, and not after it.
func TestPromotionCompletesAnInterruptedRestoreFirst(t *testing.T) {
	t.Parallel()
	in := installWithReplica(t)
	const aside = ".before-restore-20260101T000000Z"
	users := filepath.Join(in.dir, "user_dbs")
	for _, dir := range []string{in.dataDir(), users} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, ".restoring", "new"), 0o700))
	}
	restored := filepath.Join(in.dataDir(), ".restoring", "new", sqlite.DataFile)
	require.NoError(t, sqlite.Snapshot(t.Context(), filepath.Join(in.dataDir(), sqlite.DataFile), restored))
	plan, err := json.Marshal(object{"set": "20260101T000000Z", "aside": aside, "directories": []object{
		{"dir": in.dataDir(), "former": []string{sqlite.DataFile}}, {"dir": users, "former": []string{}},
	}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(in.dataDir(), ".restoring", "commit.json"), plan, 0o600))

	in.requireRefused("start the server, which completes it", "userdb", "list")
	result := in.promote(standIn(t), "--replace")
	assert.Equal(t, 2, result.Incarnation.Number)
	assert.FileExists(t, filepath.Join(in.dataDir(), aside, sqlite.DataFile), "from before the restore")
	assert.FileExists(t, filepath.Join(in.dir, result.Aside, sqlite.DataFile), "that was restored")
	assert.NoDirExists(t, filepath.Join(in.dataDir(), ".restoring"))
	in.serve()
	own, mark := in.incarnations()
	assert.Equal(t, []int{2, 2}, []int{own, mark})
}

// The same call after an interruption between the installation of the global database and the end.
func TestInterruptedPromotionIsFinished(t *testing.T) {
	t.Parallel()
	in := installWithReplica(t)
	require.NoError(t, os.RemoveAll(in.dataDir()))
	mark := filepath.Join(in.dir, "user_dbs", ".incarnation")
	first := in.promote(standIn(t))
	interrupt := func() {
		t.Helper()
		text, err := json.Marshal(standby.Promoted{
			Incarnation: standby.Incarnation{Number: first.Incarnation.Number, Since: time.Now()}, Restored: true, Databases: 1, Missing: []string{},
		})
		require.NoError(t, err)
		require.NoError(t, os.Remove(mark))
		working := filepath.Join(in.dataDir(), ".promoting")
		require.NoError(t, os.Mkdir(working, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(working, "promoted.json"), text, 0o600))
	}
	interrupt()
	in.requireRefused("start the server, which completes it", "userdb", "list")
	before, err := os.ReadFile(filepath.Join(in.dataDir(), sqlite.DataFile))
	require.NoError(t, err)
	assert.Equal(t, first, in.promote(standIn(t)))
	after, err := os.ReadFile(filepath.Join(in.dataDir(), sqlite.DataFile))
	require.NoError(t, err)
	assert.Equal(t, before, after)
	in.requireRefused("add --replace to move it aside", promotion(t, standIn(t))...)

	interrupt()
	in.serve().stop()
	assert.FileExists(t, mark)
	in.requireRefused("add --replace to move it aside", promotion(t, standIn(t))...)
}
