package userdb_test

import (
	"context"
	"os"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// revertMigrations reverts a person's database, but not its registry row, to the schema before recordings.blob. Later
// migrations are applied again, too, which changes nothing.
func revertMigrations(p apptest.Person) {
	p.T.Helper()
	apptest.Execute(p.T, p.DataFile(),
		"DELETE FROM _migrations WHERE file = '1796000000_recording_blobs.go'",
		"UPDATE _collections SET fields = (SELECT json_group_array(json(value)) FROM json_each(fields) "+
			"WHERE value ->> '$.name' NOT IN ('blob', 'upload')) WHERE name IN ('recordings', 'transfers')",
		"ALTER TABLE recordings DROP COLUMN blob",
		"ALTER TABLE transfers DROP COLUMN upload")
}

// isMigrated reports whether a person's database has recordings.blob.
func isMigrated(p apptest.Person) bool {
	p.T.Helper()
	var columns int
	apptest.QueryRow(p.T, p.DataFile(), "SELECT COUNT(*) FROM pragma_table_info('recordings') WHERE name = 'blob'", &columns)
	return columns == 1
}

// setSchemaVersion sets the schema version in the rows that match a condition; nil matches all.
func setSchemaVersion(s *apptest.Server, version string, where dbx.Expression) {
	s.T.Helper()
	_, err := s.App.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": version}, where).Execute()
	require.NoError(s.T, err)
}

func oldestVersion() string { return schema.List.Items()[0].File }

func migrateAll(s *apptest.Server) []userdb.Outcome {
	s.T.Helper()
	var outcomes []userdb.Outcome
	report := func(o userdb.Outcome) { outcomes = append(outcomes, o) }
	require.NoError(s.T, s.App.Databases.Migrate(s.T.Context(), nil, 2, report))
	return outcomes
}

func TestMigrateSkipsCurrentAndReportsBrokenDatabases(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	outdated := []apptest.Person{s.SignUp("a@example.com"), s.SignUp("b@example.com"), s.SignUp("c@example.com")}
	broken, current := s.SignUp("broken@example.com"), s.SignUp("current@example.com")
	for _, p := range outdated {
		revertMigrations(p)
	}
	intact, err := os.ReadFile(broken.DataFile())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(broken.DataFile(), []byte("not a database"), 0o600))
	setSchemaVersion(s, oldestVersion(), dbx.Not(dbx.HashExp{"name": current.Name}))

	outcomes := migrateAll(s)
	require.Len(t, outcomes, 4, "the current database is skipped")
	for i, o := range outcomes {
		assert.Equal(t, o.Name == broken.Name, o.Error != "", o)
		assert.Equal(t, []int{i + 1, 4}, []int{o.Done, o.Total})
	}
	for _, p := range outdated {
		assert.True(t, isMigrated(p), p.Email)
		assert.Equal(t, schema.Version(), s.RegistryRow(p.Name)["schema_version"])
	}
	assert.NotEmpty(t, s.RegistryRow(broken.Name)["error"], "the error is recorded in the registry")
	assert.Zero(t, s.OpenDatabases())

	require.NoError(t, os.WriteFile(broken.DataFile(), intact, 0o600))
	revertMigrations(broken)
	again := migrateAll(s)
	require.Len(t, again, 1, "a second run processes only the database that failed")
	assert.Empty(t, again[0].Error)
	assert.Empty(t, s.RegistryRow(broken.Name)["error"])
	assert.True(t, isMigrated(broken))
	assert.Empty(t, migrateAll(s))
	assert.Equal(t, 200, listMeetings(broken))
}

func TestInterruptedMigrateIsContinued(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		revertMigrations(s.SignUp(email))
	}
	setSchemaVersion(s, oldestVersion(), nil)
	ctx, interrupt := context.WithCancel(t.Context())
	var first []userdb.Outcome
	err := s.App.Databases.Migrate(ctx, nil, 1, func(o userdb.Outcome) {
		first = append(first, o)
		interrupt()
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, first, 1)
	require.Empty(t, first[0].Error)
	rest := migrateAll(s)
	require.Len(t, rest, 2, "the migrated database is skipped")
	for _, o := range rest {
		assert.Empty(t, o.Error)
	}
	assert.Empty(t, migrateAll(s))
}

func TestFolderFromAnOlderBackupIsMigratedOnOpening(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	revertMigrations(p)
	require.Equal(t, schema.Version(), s.RegistryRow(p.Name)["schema_version"], "the registry row is not from the backup")
	require.False(t, isMigrated(p))
	require.Equal(t, 200, listMeetings(p))
	assert.True(t, isMigrated(p))
}

func TestDatabaseWithANewerSchemaIsNotOpened(t *testing.T) {
	t.Parallel()
	const newer = "9999999999_from_the_future.go"
	s := apptest.Start(t, apptest.Options{})
	byFile, byRegistry := s.SignUp("ada@example.com"), s.SignUp("eve@example.com")
	apptest.Execute(t, byFile.DataFile(), "INSERT INTO _migrations (file, applied) VALUES ('"+newer+"', 1)")
	setSchemaVersion(s, newer, dbx.HashExp{"name": byRegistry.Name})
	for _, p := range []apptest.Person{byFile, byRegistry} {
		assert.Equal(t, 503, listMeetings(p))
		assert.Contains(t, s.RegistryRow(p.Name)["error"], "run the newer version")
	}
	outcomes := migrateAll(s)
	require.Len(t, outcomes, 1, "according to the registry, the other database is current")
	assert.Equal(t, byRegistry.Name, outcomes[0].Name)
	assert.Contains(t, outcomes[0].Error, "run the newer version")
	apptest.Execute(t, byFile.DataFile(), "DELETE FROM _migrations WHERE file = '"+newer+"'")
	assert.Equal(t, 200, listMeetings(byFile))
	assert.Empty(t, s.RegistryRow(byFile.Name)["error"], "the next opening clears the error")
}
