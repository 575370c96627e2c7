package gateway_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestRegistrationProvisions(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	assert.Len(t, s.DatabaseFolders(), 1)
}

func TestADatabaseIsItsOwnersByTheRegistry(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	theirs, err := s.App.FindFirstRecordByData("user_databases", "name", other.Name)
	require.NoError(t, err)
	theirs.Set("user", "")
	require.NoError(t, s.App.Save(theirs))
	require.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	row, err := s.App.FindFirstRecordByData("user_databases", "name", p.Name)
	require.NoError(t, err)
	row.Set("user", other.ID)
	require.NoError(t, s.App.Save(row))
	assert.Equal(t, 401, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}

func TestASecretIsBoundToItsPlace(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	connection, err := db.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	sealed := connection.GetString("secret")
	require.NoError(t, db.App.Delete(connection))
	require.Equal(t, "invalid", p.SaveKey("another-wrong-key").Text("status"))
	moved, err := db.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	moved.Set("secret", sealed)
	require.NoError(t, db.App.Save(moved))
	job := p.RunJob("fathom.sync", map[string]any{})
	assert.Equal(t, "dead", job.Text("status"), "a ciphertext works where it was made and nowhere else")
	assert.Contains(t, job.Text("error"), "can't be read")
}

func TestABrokenDatabaseHarmsOnlyItsOwner(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	broken, well := s.SignUp("broken@example.com"), s.SignUp("well@example.com")
	require.NoError(t, s.Stop())
	require.NoError(t, os.WriteFile(filepath.Join(s.Dir, "user_dbs", broken.Name, "data.db"), []byte("this is no database"), 0o600))

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	broken.Server, broken.DatabaseURL = next, next.URL+"/db/"+broken.Name
	assert.Equal(t, 503, broken.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	assert.Contains(t, next.Log.String(), broken.Name)
	well.Server, well.DatabaseURL = next, next.URL+"/db/"+well.Name
	assert.Equal(t, 200, well.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}

func TestAFailureInsideIsToldToTheOperatorOnly(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	_, err := s.App.NonconcurrentDB().NewQuery("ALTER TABLE user_databases RENAME TO gone").Execute()
	require.NoError(t, err)
	renewed := s.Call(http.MethodPost, s.URL+"/api/session", p.Token, nil)
	assert.Equal(t, 503, renewed.Status)
	assert.NotContains(t, renewed.Raw, "no such table")
	assert.Contains(t, s.Log.String(), "no such table")
}

func TestIdleDatabasesAreClosed(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=200ms"}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
	assert.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}
