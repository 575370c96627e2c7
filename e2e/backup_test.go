package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const drillUsers = 20

// writer is a user who saves one preference after the other, and remembers those that the server has acknowledged.
type writer struct {
	account
	email string

	mu    sync.Mutex
	saved []string
}

// write saves preferences until ctx ends.
func (w *writer) write(ctx context.Context, t *testing.T) {
	for i := 0; ctx.Err() == nil && i < 190; i++ {
		key := fmt.Sprintf("note_%d", i)
		status, err := call(http.MethodPost, w.recordsURL("preferences"), w.session, object{"key": key, "value": i}, &object{})
		if ctx.Err() != nil {
			return
		}
		if !assert.NoError(t, err) || !assert.Equal(t, http.StatusOK, status) {
			return
		}
		w.mu.Lock()
		w.saved = append(w.saved, key)
		w.mu.Unlock()
	}
}

func (w *writer) acknowledged() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string{}, w.saved...)
}

// The restore drill: back up while users write, lose everything, restore, and compare all that had been acknowledged before the
// backup began.
func TestRestoreDrill(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim, "BACKUP_DIR=backups", "SIGNUP_LIMITS=0,0,0")
	server := in.serve()
	ada := in.newDemoAccount()
	meeting := in.records(ada, "meetings", "")[0].(object)
	recordingID := int(meeting["recording_id"].(float64))
	in.requireCompleted(ada, in.transfer(ada, recordingID))
	in.requireRecording(ada, recordingID)
	meetings, transcripts := in.records(ada, "meetings", ""), in.records(ada, "transcripts", "")

	writers := make([]*writer, drillUsers)
	for i := range writers {
		email := fmt.Sprintf("user%d@example.com", i)
		writers[i] = &writer{account: in.newAccount(email), email: email}
	}
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	for _, w := range writers {
		writing.Go(func() { w.write(ctx, t) })
	}
	polltest.Until(t, 10*time.Millisecond, func() bool { return len(writers[drillUsers-1].acknowledged()) > 2 }, "nobody writes")
	before := make([][]string, drillUsers)
	for i, w := range writers {
		before[i] = w.acknowledged()
	}
	out := in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Contains(t, out.stdout, "21 user databases, 1 recording")
	stop()
	writing.Wait()

	out = in.run("backup", "verify")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	assert.Contains(t, out.stdout, "restored and opened 22 databases")
	out = in.run("backup", "restore", "latest")
	assert.Equal(t, 1, out.exitCode)
	assert.Contains(t, out.stderr, "is running")

	server.kill()
	for _, dir := range []string{"pb_data", "user_dbs"} {
		require.NoError(t, os.RemoveAll(filepath.Join(in.dir, dir)))
	}
	out = in.run("backup", "list")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	began := time.Now()
	out = in.run("backup", "restore", "latest")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	in.serve()
	t.Logf("restored and serving after %s", time.Since(began).Round(time.Millisecond))

	for i, w := range writers {
		who, err := in.signIn(w.email)
		require.NoError(t, err)
		assert.Equal(t, w.name, who.name)
		var found []string
		for _, record := range in.records(who, "preferences", "") {
			found = append(found, record.(object)["key"].(string))
		}
		assert.Subset(t, found, before[i], w.email)
		assert.Subset(t, append(w.acknowledged(), fmt.Sprintf("note_%d", len(w.acknowledged()))), found, "nothing else exists")
	}
	again, err := in.signIn("ada@example.com")
	require.NoError(t, err)
	assert.Equal(t, meetings, in.records(again, "meetings", ""))
	assert.Equal(t, transcripts, in.records(again, "transcripts", ""))
	in.requireRecording(again, recordingID)
	out = in.run("userdb", "verify")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	require.Contains(t, out.stdout, "21 checked, 0 with problems")
	in.requireCompleted(again, in.enqueue(again, "fathom.sync", object{}))
}

// kill -9 at random points of backups and restores loses nothing and leaves nothing half-done.
func TestKilledBackupsAndRestores(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim, "BACKUP_DIR=backups", "SIGNUP_LIMITS=0,0,0")
	server := in.serve()
	ada := in.newDemoAccount()
	meetings := in.records(ada, "meetings", "")
	for i := range 5 {
		in.newAccount(fmt.Sprintf("user%d@example.com", i))
	}
	server.stop()
	for wait := 50 * time.Millisecond; wait < 800*time.Millisecond; wait *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		_, _ = execute(ctx, in.dir, in.env, "backup", "create") // it is killed, or not
		cancel()
	}
	out := in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	out = in.run("backup", "verify")
	require.Equal(t, 0, out.exitCode, "%+v", out)

	for wait := 50 * time.Millisecond; wait < 800*time.Millisecond; wait *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		_, _ = execute(ctx, in.dir, in.env, "backup", "restore", "latest", "--replace")
		cancel()
		server := in.serve() // with the former data or the restored, which are the same
		again, err := in.signIn("ada@example.com")
		require.NoError(t, err)
		require.Equal(t, meetings, in.records(again, "meetings", ""))
		server.stop()
	}
	out = in.run("backup", "restore", "latest", "--replace")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	in.serve()
	again, err := in.signIn("ada@example.com")
	require.NoError(t, err)
	assert.Equal(t, meetings, in.records(again, "meetings", ""))
	out = in.run("userdb", "verify")
	require.Equal(t, 0, out.exitCode, "%+v", out)

	out = in.run("backup", "restore", "latest", "--user", "user1@example.com")
	assert.Equal(t, 1, out.exitCode)
	assert.Contains(t, out.stderr, "add --replace")
	out = in.run("backup", "restore", "latest", "--user", "user1@example.com", "--replace", "--json")
	assert.Equal(t, 0, out.exitCode, "%+v", out)
	_, err = in.signIn("user1@example.com")
	require.NoError(t, err)
}

// A server that only has recipients can't read its own backups. The operator's command brings the key, and the server keeps working.
func TestPersonIsRestoredWithAKeyThatTheServerLacks(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	in := install(t, startSimulator(t, simulator.Config{}), "BACKUP_DIR=backups", "BACKUP_KEY=", "BACKUP_RECIPIENTS="+identity.Recipient().String())
	server := in.serve()
	in.newAccount("ada@example.com")
	out := in.run("backup", "create")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	restore := []string{"backup", "restore", "latest", "--user", "ada@example.com", "--replace"}
	out = in.run(restore...)
	assert.Equal(t, 1, out.exitCode)
	assert.Contains(t, out.stderr, "set BACKUP_KEY")
	out = run(t, in.dir, append(in.env, "BACKUP_KEY="+identity.String()), restore...)
	require.Equal(t, 0, out.exitCode, "%+v", out)
	_, err = in.signIn("ada@example.com")
	require.NoError(t, err)
	assert.NotContains(t, server.log.String(), "AGE-SECRET-KEY")

	// The folder of another server's backups.
	other := install(t, startSimulator(t, simulator.Config{}), "BACKUP_DIR="+filepath.Join(in.dir, "backups"))
	other.serve()
	out = other.run("backup", "create")
	assert.Equal(t, 1, out.exitCode)
	assert.Contains(t, out.stderr, "belongs to another server")
	out = other.run("backup", "create", "--take-over")
	assert.Equal(t, 0, out.exitCode, "%+v", out)
}
