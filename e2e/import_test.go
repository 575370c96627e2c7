package e2e

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// earlierExport is an export that the program wrote in November 2026: 23 meetings, two recordings, and a connection.
var earlierExport = func() string {
	path, err := filepath.Abs("testdata/export-2026-11.zip")
	if err != nil {
		panic(err)
	}
	return path
}()

func TestExportOfNovember2026IsImported(t *testing.T) {
	t.Parallel()
	for _, running := range []bool{true, false} {
		t.Run(fmt.Sprintf("server running: %t", running), func(t *testing.T) {
			t.Parallel()
			in := install(t, startSimulator(t, simulator.Config{}))
			server := in.serve()
			require.NoError(t, in.register("ada@example.com"))
			if !running {
				server.stop()
			}
			in.requireRefused("no such file", "userdb", "import", "missing.zip", "--email", "ada@example.com")
			out := in.run("userdb", "import", earlierExport, "--email", "ada@example.com")
			require.Equal(t, 0, out.exitCode, "%+v", out)
			assert.Regexp(t, `^imported as \d{4}-\d\d-\d\d-001-ada for ada@example\.com: 23 meetings, 2 recordings\n`+
				`enter the keys of these connections again, because exports contain none: fathom\n$`, out.stdout)
			in.requireRefused("ada@example.com has a database already", "userdb", "import", earlierExport, "--email", "ada@example.com")
			in.requireRefused("there is no account with the address", "userdb", "import", earlierExport, "--email", "bob@example.com")
			if !running {
				in.serve()
			}
			who, err := in.signIn("ada@example.com")
			require.NoError(t, err)
			require.Len(t, in.records(who, "meetings", ""), 23)
			in.requireRecording(who, 1001)
			in.requireRecording(who, 1002)
			connection := in.records(who, "connections", "")[0].(object)
			in.mustCall(http.MethodPatch, who.recordsURL("connections")+"/"+connection["id"].(string), who.session,
				object{"secret": simulator.DemoAPIKey})
			in.requireCompleted(who, in.transfer(who, 1003))
			in.requireRecording(who, 1003)
			in.requireSoundDatabases()
		})
	}
}

// The server is killed at random moments of an import. Afterwards, the account and its complete database exist, or
// neither does.
func TestKillDuringImportLeavesAllOrNothing(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	started := time.Now()
	out := in.run("userdb", "import", earlierExport, "--email", "first@example.com", "--create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	took := time.Since(started) // a little longer than the work in the server
	random := testseed.New(t)
	complete := 0
	for round := range testsize.Of(6, 30) {
		email := fmt.Sprintf("user%d@example.com", round)
		before := len(in.userDatabases())
		ended := make(chan error, 1)
		go func() {
			_, err := execute(context.Background(), in.dir, in.env, "userdb", "import", earlierExport, "--email", email, "--create")
			ended <- err
		}()
		polltest.Until(t, 100*time.Microsecond, func() bool {
			found, err := filepath.Glob(filepath.Join(in.dir, "user_dbs", ".new-import-*"))
			return err == nil && len(found) > 0
		}, "the import has not begun")
		<-time.After(time.Duration(random.Int64N(int64(took))))
		server.kill()
		require.NoError(t, <-ended)
		server = in.serve()
		found, err := filepath.Glob(filepath.Join(in.dir, "user_dbs", ".new-import-*"))
		require.NoError(t, err)
		assert.Empty(t, found)
		list := in.userDatabases()
		if database, imported := list[email]; imported {
			complete++
			assert.Equal(t, "ready", database.Status)
			require.Len(t, list, before+1)
			out := in.run("userdb", "verify", database.Name)
			assert.Equal(t, 0, out.exitCode, "%+v", out)
			continue
		}
		require.Len(t, list, before)
		out := in.run("userdb", "import", earlierExport, "--email", email, "--create")
		assert.Equal(t, 0, out.exitCode, "neither the account nor a database was left: %+v", out)
	}
	t.Logf("%d imports were complete when the server was killed", complete)
}
