package hooks_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestRegistrationProvisions(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	require.Equal(t, 200, s.register("ada@example.com").Status)
	assert.Len(t, databaseFolders(t, s), 1)
}

func TestADatabaseIsItsOwnersByTheRegistry(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	theirs, err := s.app.FindFirstRecordByData("user_databases", "name", other.name)
	require.NoError(t, err)
	theirs.Set("user", "")
	require.NoError(t, s.app.Save(theirs))
	require.Equal(t, 200, p.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	row, err := s.app.FindFirstRecordByData("user_databases", "name", p.name)
	require.NoError(t, err)
	row.Set("user", other.id)
	require.NoError(t, s.app.Save(row))
	assert.Equal(t, 401, p.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}

func TestASecretIsBoundToItsPlace(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	require.Equal(t, "valid", p.saveKey(simulator.DemoAPIKey).text("status"))
	db, err := s.app.Databases.Acquire(t.Context(), p.name)
	require.NoError(t, err)
	defer db.Release()
	connection, err := db.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	sealed := connection.GetString("secret")
	require.NoError(t, db.App.Delete(connection))
	require.Equal(t, "invalid", p.saveKey("another-wrong-key").text("status"))
	moved, err := db.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	moved.Set("secret", sealed)
	require.NoError(t, db.App.Save(moved))
	job := p.run("fathom.sync", map[string]any{})
	assert.Equal(t, "dead", job.text("status"), "a ciphertext works where it was made and nowhere else")
	assert.Contains(t, job.text("error"), "can't be read")
}

func TestABrokenDatabaseHarmsOnlyItsOwner(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	broken, well := s.signUp("broken@example.com"), s.signUp("well@example.com")
	require.NoError(t, s.stop())
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "user_dbs", broken.name, "data.db"), []byte("this is no database"), 0o600))

	next := start(t, options{dir: s.dir, sim: s.sim})
	broken.server, broken.db = next, next.url+"/db/"+broken.name
	assert.Equal(t, 503, broken.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	assert.Contains(t, next.log.String(), broken.name)
	well.server, well.db = next, next.url+"/db/"+well.name
	assert.Equal(t, 200, well.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}

func TestAFailureInsideIsToldToTheOperatorOnly(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	_, err := s.app.NonconcurrentDB().NewQuery("ALTER TABLE user_databases RENAME TO gone").Execute()
	require.NoError(t, err)
	renewed := s.call(http.MethodPost, s.url+"/api/session", p.token, nil)
	assert.Equal(t, 503, renewed.Status)
	assert.NotContains(t, renewed.Raw, "no such table")
	assert.Contains(t, s.log.String(), "no such table")
}

func TestIdleDatabasesAreClosed(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_IDLE_TIMEOUT=200ms"}})
	p := s.signUp("ada@example.com")
	require.Equal(t, 200, p.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	s.eventually(func() bool { return s.openDatabases() == 0 })
	assert.Equal(t, 200, p.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}
