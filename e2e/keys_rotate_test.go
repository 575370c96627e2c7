package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// installWithFile creates an installation whose keys are in .env, as the documentation says.
func installWithFile(t *testing.T) *installation {
	t.Helper()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.moveKeysToFile()
	return in
}

// moveKeysToFile writes the keys to .env, from which the installation has them from now on.
func (in *installation) moveKeysToFile() {
	in.t.Helper()
	require.NoError(in.t, os.WriteFile(filepath.Join(in.dir, ".env"), []byte(in.keys.DotEnv()), 0o600))
	var env []string
	for _, setting := range in.env {
		key, _, _ := strings.Cut(setting, "=")
		if !strings.Contains(in.keys.DotEnv(), "\n"+key+"=") {
			env = append(env, setting)
		}
	}
	in.env = env
}

// beginRotation does step 1, up to the restart.
func (in *installation) beginRotation(key string) {
	in.t.Helper()
	before := config.LoadFrom(in.dir, nil)
	out := in.run("keys", "rotate", key, "--write", ".env")
	require.Equal(in.t, 0, out.exitCode, "%+v", out)
	assert.Contains(in.t, out.stderr, "Copy it now to wherever you keep the keys, and to the standby")
	assert.Contains(in.t, out.stderr, "and run: fathom-to-loom keys rotate "+key)
	after := config.LoadFrom(in.dir, nil)
	former, _ := before.Key(key)
	current, previous := after.Key(key)
	require.Equal(in.t, former.Reveal(), previous.Reveal())
	require.NotEqual(in.t, former.Reveal(), current.Reveal())
	assert.NotContains(in.t, out.stdout+out.stderr, current.Reveal())
	info, err := os.Stat(filepath.Join(in.dir, ".env"))
	require.NoError(in.t, err)
	assert.Equal(in.t, os.FileMode(0o600), info.Mode().Perm())

	again := in.run("keys", "rotate", key, "--write", ".env")
	require.Equal(in.t, 1, again.exitCode, "%+v", again)
	assert.Contains(in.t, again.stderr, "an earlier rotation is not finished")
}

// deletePrevious does step 3, and returns when the server runs without the former key.
func (in *installation) deletePrevious(server *process, key string) *process {
	in.t.Helper()
	path := filepath.Join(in.dir, ".env")
	text, err := os.ReadFile(path)
	require.NoError(in.t, err)
	line := regexp.MustCompile("(?m)^.*" + key + "_PREVIOUS.*\n") // as sed does on docs/operations.md
	require.Len(in.t, line.FindAll(text, -1), 2, "the line and its comment")
	require.NoError(in.t, os.WriteFile(path, line.ReplaceAll(text, nil), 0o600))
	server.stop()
	return in.serve()
}

// addDataKeys adds registry rows that have data keys and nothing else.
func (in *installation) addDataKeys(count int) {
	in.t.Helper()
	master, err := in.keys.AESMasterKey.Bytes()
	require.NoError(in.t, err)
	keys, err := vault.New(master)
	require.NoError(in.t, err)
	in.useDatabase(func(db *dbx.DB) {
		require.NoError(in.t, db.Transactional(func(tx *dbx.Tx) error {
			for i := range count {
				name := fmt.Sprintf("2001-01-01-%05d-nobody", i)
				_, wrapped, err := keys.NewDataKey(name)
				if err != nil {
					return err
				}
				row := dbx.Params{"id": fmt.Sprintf("key%012d", i), "name": name, "date": "2001-01-01", "seq": i + 1, "status": "failed", "data_key": wrapped, "user": ""}
				if _, err := tx.Insert("user_databases", row).Execute(); err != nil {
					return err
				}
			}
			return nil
		}))
	})
}

func (in *installation) useDatabase(use func(db *dbx.DB)) {
	in.t.Helper()
	db, err := sqlite.Open(filepath.Join(in.dir, "pb_data", sqlite.DataFile))
	require.NoError(in.t, err)
	defer func() { require.NoError(in.t, db.Close()) }()
	use(db)
}

// dataKeysOf counts the data keys that a master key wrapped, and all of them.
func (in *installation) dataKeysOf(db *dbx.DB, master config.Secret) (own, all int) {
	in.t.Helper()
	raw, err := master.Bytes()
	require.NoError(in.t, err)
	keys, err := vault.New(raw)
	require.NoError(in.t, err)
	prefix := "v1." + keys.KeyID() + ".%"
	err = db.NewQuery("SELECT COALESCE(SUM(data_key LIKE {:prefix}), 0), COUNT(*) FROM user_databases").Bind(dbx.Params{"prefix": prefix}).Row(&own, &all)
	require.NoError(in.t, err)
	return own, all
}

func TestTheMasterKeyIsRotatedAsDocumented(t *testing.T) {
	t.Parallel()
	in := installWithFile(t)
	server := in.serve()
	ada := in.newDemoAccount()
	server.stop()
	in.addDataKeys(20_000)
	server = in.serve()

	early := in.run("keys", "rotate", "AES_MASTER_KEY")
	require.Equal(t, 1, early.exitCode, "%+v", early)
	require.Contains(t, early.stderr, "no rotation of AES_MASTER_KEY has begun")
	in.beginRotation("AES_MASTER_KEY")
	early = in.run("keys", "rotate", "AES_MASTER_KEY")
	require.Equal(t, 1, early.exitCode, "%+v", early)
	require.Contains(t, early.stderr, "the running server has another AES_MASTER_KEY: restart it first")
	server.stop()
	server = in.serve()
	bob := in.newAccount("bob@example.com")

	// The server is killed in the middle.
	interrupted := make(chan output, 1)
	go func() {
		out, _ := execute(t.Context(), in.dir, in.env, "keys", "rotate", "AES_MASTER_KEY")
		interrupted <- out
	}()
	current := config.LoadFrom(in.dir, nil).AESMasterKey
	in.useDatabase(func(db *dbx.DB) {
		polltest.Until(t, time.Millisecond, func() bool {
			own, _ := in.dataKeysOf(db, current)
			return own > 1 // besides bob's
		}, "nothing is rewrapped: %s", server.log)
		server.kill()
		own, all := in.dataKeysOf(db, current)
		require.Less(t, own, all, "the server was killed too late")
	})
	out := <-interrupted
	require.Equal(t, 1, out.exitCode, "%+v", out)

	server = in.serve()
	_, err := in.signIn("ada@example.com")
	require.NoError(t, err, "both keys are used meanwhile")
	assert.Contains(t, in.run("doctor").stdout, "data keys still use AES_MASTER_KEY_PREVIOUS")
	out = in.run("keys", "rotate", "AES_MASTER_KEY")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Regexp(t, `^\d+ data keys were rewrapped, and none uses the former key any more. Delete the lines with AES_MASTER_KEY_PREVIOUS`, out.stdout)
	assert.Contains(t, in.run("doctor").stdout, "no data key uses AES_MASTER_KEY_PREVIOUS any more")
	server.kill() // what the command has promised survives

	server = in.serve()
	server = in.deletePrevious(server, "AES_MASTER_KEY")
	in.useDatabase(func(db *dbx.DB) {
		own, all := in.dataKeysOf(db, current)
		assert.Equal(t, all, own)
	})
	for _, email := range []string{"ada@example.com", "bob@example.com"} {
		_, err := in.signIn(email)
		require.NoError(t, err)
	}
	in.requireCompleted(ada, in.enqueue(ada, "fathom.sync", object{}))
	in.mustCall(http.MethodPost, bob.recordsURL("connections"), bob.session, object{"provider": "fathom", "secret": simulator.DemoAPIKey})
	in.requireHealthy()
	server.stop()

	// Without a server, the command does the work.
	in.beginRotation("AES_MASTER_KEY")
	out = in.run("keys", "rotate", "AES_MASTER_KEY", "--json")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Contains(t, out.stdout, `"finished": true`)
	assert.Contains(t, out.stderr, `{"stage":"rewrap data keys","done":20002,"total":20002,"unit":"keys"`)
	assert.Contains(t, out.stderr, `{"stage":"record owners"`)
}

func TestTheSecretOfSessionsIsRotatedAsDocumented(t *testing.T) {
	t.Parallel()
	in := installWithFile(t)
	server := in.serve()
	old := in.newAccount("ada@example.com")
	in.beginRotation("JWT_SECRET")
	server.stop()
	server = in.serve()
	assert.Empty(t, in.records(old, "meetings", ""), "the session is still valid")
	current, err := in.signIn("ada@example.com")
	require.NoError(t, err)
	assert.Empty(t, in.records(current, "meetings", ""))
	out := in.run("keys", "rotate", "JWT_SECRET")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Contains(t, out.stdout, "delete the lines with JWT_SECRET_PREVIOUS")

	server = in.deletePrevious(server, "JWT_SECRET")
	assert.Empty(t, in.records(current, "meetings", ""))
	var answer object
	status, err := call(http.MethodGet, old.recordsURL("meetings"), old.session, nil, &answer)
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, status, answer)
	server.stop()
}

func TestTheKeyOfSettingsIsRotatedAsDocumented(t *testing.T) {
	t.Parallel()
	in := installWithFile(t)
	server := in.serve()
	in.mustCall(http.MethodPatch, in.url+"/api/settings", in.superuserToken(in.keys.AdminEmail), object{"meta": object{"appName": "Loom at Example"}})
	in.beginRotation("PB_ENCRYPTION_KEY")
	early := in.run("keys", "rotate", "PB_ENCRYPTION_KEY")
	require.Equal(t, 1, early.exitCode, "%+v", early)
	require.Contains(t, early.stderr, "restart it first")
	server.stop()
	before := snapshot(t, in.dir)
	require.Equal(t, 0, in.run("userdb", "list").exitCode, "commands that only read use the former key")
	assert.Equal(t, before, snapshot(t, in.dir))

	for delay := 20 * time.Millisecond; delay < 400*time.Millisecond; delay += 40 * time.Millisecond {
		starting := in.launch()
		timer := time.NewTimer(delay)
		<-timer.C
		starting.kill()
	}
	server = in.serve()
	out := in.run("keys", "rotate", "PB_ENCRYPTION_KEY")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Contains(t, out.stdout, "Delete the lines with PB_ENCRYPTION_KEY_PREVIOUS")
	server.kill()
	server = in.serve()
	server = in.deletePrevious(server, "PB_ENCRYPTION_KEY")
	settings := in.mustCall(http.MethodGet, in.url+"/api/settings", in.superuserToken(in.keys.AdminEmail), nil)
	assert.Equal(t, "Loom at Example", settings["meta"].(object)["appName"])
	server.stop()
}
