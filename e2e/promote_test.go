package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// promoted is what promote --json prints.
type promoted struct {
	Incarnation struct{ Number int }
	Restored    bool
	Aside       string
	Databases   int
	Missing     []string
}

func (in *installation) promote(program string, args ...string) promoted {
	in.t.Helper()
	out := in.run(promotion(in.t, program, append(args, "--no-start", "--json")...)...)
	require.Equal(in.t, 0, out.exitCode, "%+v", out)
	var result promoted
	require.NoError(in.t, json.Unmarshal([]byte(out.stdout), &result))
	return result
}

func TestStandbyTakesOver(t *testing.T) {
	t.Parallel()
	replica := filepath.Join(t.TempDir(), "replica")
	in := install(t, startSimulator(t, simulator.Config{}), "LITESTREAM_REPLICA=file://"+replica)
	server := in.serve()
	ada, bob := in.newDemoAccount(), in.newAccount("bob@example.com")
	job := in.transfer(ada, 1001)
	in.requireCompleted(ada, job)
	in.copyTo(replica)
	server.kill()
	database := filepath.Join(in.dataDir(), sqlite.DataFile)
	former, elsewhere := in.dataDir(), filepath.Join(t.TempDir(), "pb_data")
	require.NoError(t, os.Rename(former, elsewhere))
	require.NoError(t, os.RemoveAll(filepath.Join(in.dir, "user_dbs", bob.name)))

	result := in.promote(standIn(t))
	assert.Equal(t, promoted{Incarnation: struct{ Number int }{2}, Restored: true, Databases: 2, Missing: []string{bob.name}}, result)
	entries, err := os.ReadDir(in.dataDir())
	require.NoError(t, err)
	for _, entry := range entries {
		assert.Contains(t, []string{".lock", sqlite.DataFile}, entry.Name(), "nothing else is left")
	}

	// The command starts the server, too. What is in DATA_DIR is not replaced without a word.
	in.requireRefused("add --replace to move it aside, or --no-restore to take over with it", promotion(t, standIn(t))...)
	before, err := os.ReadFile(database)
	require.NoError(t, err)
	server = in.serveCommand(binary, promotion(t, standIn(t), "--replace")...)
	assert.Contains(t, server.log.String(), "Leave the former one off")
	assert.Contains(t, server.log.String(), bob.name)
	aside, err := filepath.Glob(filepath.Join(in.dataDir(), ".before-promotion-*", sqlite.DataFile))
	require.NoError(t, err)
	require.Len(t, aside, 1)
	kept, err := os.ReadFile(aside[0])
	require.NoError(t, err)
	assert.Equal(t, before, kept)
	ada, err = in.signIn("ada@example.com")
	require.NoError(t, err)
	in.requireCompleted(ada, job)
	in.requireRecording(ada, 1001)
	in.requireRefused("another fathom-to-loom is running", promotion(t, standIn(t), "--replace")...)
	server.stop()

	// The former server shares the user databases, and notices that it was replaced.
	present := filepath.Join(t.TempDir(), "present")
	require.NoError(t, os.Rename(in.dataDir(), present))
	require.NoError(t, os.Rename(elsewhere, in.dataDir()))
	for _, args := range [][]string{{"serve"}, {"userdb", "list"}, {"userdb", "migrate", "--all"}} {
		in.requireRefused("has taken over the user databases in user_dbs", args...)
	}
	assert.Equal(t, 4, in.promote(standIn(t), "--no-restore").Incarnation.Number)
	in.serve().stop()
	require.NoError(t, os.Rename(in.dataDir(), elsewhere))
	require.NoError(t, os.Rename(present, in.dataDir()))
	in.requireRefused("has taken over the user databases in user_dbs", "serve")
}

func TestPromotionThatCannotSucceedChangesNothing(t *testing.T) {
	t.Parallel()
	replica := filepath.Join(t.TempDir(), "replica")
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	in.newAccount("ada@example.com")
	server.stop()
	in.copyTo(replica)
	with := func(settings ...string) []string {
		return slices.Concat(in.env, []string{"LITESTREAM_REPLICA=file://" + replica}, settings)
	}
	right, without := with(), in.env
	before := snapshot(t, in.dir)
	for name, test := range map[string]struct {
		env    []string
		args   []string
		advice string
	}{
		"no word about the former server": {right, []string{"promote"}, "then add --old-server-is-off"},
		"no replica":                      {without, promotion(t, standIn(t), "--replace"), "LITESTREAM_REPLICA is not set"},
		"no Litestream":                   {right, promotion(t, "no-such-program", "--replace"), "litestream was not found: install it, or add --litestream PATH"},
		"no configuration":                {right, append(promotion(t, standIn(t), "--replace"), "--config", "missing.yml"), "add --config PATH"},
		"empty replica":                   {with("LITESTREAM_REPLICA=file:///nowhere"), promotion(t, standIn(t), "--replace"), "no matching backup files available"},
		"another master key":              {with("AES_MASTER_KEY=" + otherMasterKey(t)), promotion(t, standIn(t), "--replace"), "AES_MASTER_KEY is not the key that encrypted 1 of 1 user databases"},
		"malformed replica":               {with("LITESTREAM_REPLICA=/mnt/standby"), promotion(t, standIn(t), "--replace"), "LITESTREAM_REPLICA is not valid"},
	} {
		in.env = test.env
		out := in.run(test.args...)
		assert.Equal(t, 1, out.exitCode, "%s: %+v", name, out)
		assert.Contains(t, out.stderr, test.advice, name)
		assert.Empty(t, out.stdout, name)
		assert.Equal(t, before, snapshot(t, in.dir), name)
	}
	in.env = right
	server = in.serve()
	in.useDatabase(func(db *dbx.DB) { // as Litestream does
		in.newAccount("bob@example.com")
		require.NoError(t, db.Transactional(func(tx *dbx.Tx) error {
			var users int
			if err := tx.Select("COUNT(*)").From("users").Row(&users); err != nil {
				return err
			}
			server.stop()
			in.requireRefused("another program, such as Litestream, uses it", promotion(t, standIn(t), "--replace")...)
			return nil
		}))
	})
	assert.NoDirExists(t, filepath.Join(in.dataDir(), ".promoting"))
	in.serve()
}
