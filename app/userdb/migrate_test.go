package userdb_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// editOwn changes the database of a person while nobody has it open.
func editOwn(p apptest.Person, statements ...string) {
	p.T.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(p.Server.FolderPath(p.Name), "data.db"))
	require.NoError(p.T, err)
	for _, statement := range statements {
		_, err = db.NewQuery(statement).Execute()
		require.NoError(p.T, err, statement)
	}
	require.NoError(p.T, db.Close())
}

// old takes a person's database back to before the newest migration.
func old(p apptest.Person) {
	p.T.Helper()
	editOwn(p,
		"DELETE FROM _migrations WHERE file = '"+schema.Version()+"'",
		"UPDATE _collections SET deleteRule = NULL WHERE name = 'recordings'")
}

func deleteRule(p apptest.Person) (rule string) {
	p.T.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(p.Server.FolderPath(p.Name), "data.db"))
	require.NoError(p.T, err)
	defer db.Close()
	require.NoError(p.T, db.NewQuery("SELECT COALESCE(deleteRule, '') FROM _collections WHERE name = 'recordings'").Row(&rule))
	return rule
}

func migrateAll(t *testing.T, s *apptest.Server) []userdb.Outcome {
	t.Helper()
	var outcomes []userdb.Outcome
	require.NoError(t, s.App.Databases.Migrate(t.Context(), nil, 2, func(o userdb.Outcome) { outcomes = append(outcomes, o) }))
	return outcomes
}

func TestAllDatabasesAreMigratedButForTheBrokenOnes(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	people := []apptest.Person{s.SignUp("a@example.com"), s.SignUp("b@example.com"), s.SignUp("c@example.com"), s.SignUp("broken@example.com"), s.SignUp("current@example.com")}
	broken := people[3]
	for _, p := range people[:3] {
		old(p)
	}
	whole, err := os.ReadFile(filepath.Join(s.FolderPath(broken.Name), "data.db"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.FolderPath(broken.Name), "data.db"), []byte("this is no database"), 0o600))
	_, err = s.App.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": schema.List.Items()[0].File},
		dbx.Not(dbx.HashExp{"name": people[4].Name})).Execute()
	require.NoError(t, err)

	outcomes := migrateAll(t, s)
	require.Len(t, outcomes, 4, "what is current is passed over")
	for i, o := range outcomes {
		assert.Equal(t, o.Name == broken.Name, o.Error != "", o)
		assert.Equal(t, []int{i + 1, 4}, []int{o.Done, o.Total})
	}
	for _, p := range people[:3] {
		assert.NotEmpty(t, deleteRule(p), p.Email)
		assert.Equal(t, schema.Version(), s.RegistryRow(p.Name)["schema_version"])
	}
	assert.NotEmpty(t, s.RegistryRow(broken.Name)["error"], "the registry says what is wrong")
	assert.Zero(t, s.OpenDatabases())

	require.NoError(t, os.WriteFile(filepath.Join(s.FolderPath(broken.Name), "data.db"), whole, 0o600))
	old(broken)
	again := migrateAll(t, s)
	require.Len(t, again, 1, "a second run goes on with what is left")
	assert.Empty(t, again[0].Error)
	assert.Empty(t, s.RegistryRow(broken.Name)["error"])
	assert.NotEmpty(t, deleteRule(broken))
	assert.Empty(t, migrateAll(t, s))
	assert.Equal(t, 200, broken.Own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestAMigrationOfAllGoesOnWhereItWasStopped(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		p := s.SignUp(email)
		old(p)
	}
	_, err := s.App.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": schema.List.Items()[0].File}, nil).Execute()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var first []userdb.Outcome
	err = s.App.Databases.Migrate(ctx, nil, 1, func(o userdb.Outcome) {
		first = append(first, o)
		stop()
	})
	require.ErrorIs(t, err, context.Canceled)
	require.NotEmpty(t, first)
	require.Empty(t, first[0].Error)
	rest := migrateAll(t, s)
	require.Less(t, len(rest), 3, "what is done is not done again")
	for _, o := range rest {
		assert.Empty(t, o.Error)
	}
	assert.Empty(t, migrateAll(t, s))
}

func TestAFolderFromAnOlderBackupIsMigratedWhenItIsOpened(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	old(p)
	require.Equal(t, schema.Version(), s.RegistryRow(p.Name)["schema_version"], "the registry knows nothing of it")
	require.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	assert.NotEmpty(t, deleteRule(p))
}

func TestADatabaseOfANewerProgramIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, q := s.SignUp("ada@example.com"), s.SignUp("eve@example.com")
	editOwn(p, "INSERT INTO _migrations (file, applied) VALUES ('9999999999_from_the_future.go', 1)")
	_, err := s.App.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": "9999999999_from_the_future.go"}, dbx.HashExp{"name": q.Name}).Execute()
	require.NoError(t, err)
	for _, refused := range []apptest.Person{p, q} {
		assert.Equal(t, 503, refused.Own("GET", "/api/collections/meetings/records", nil).Status)
		assert.Contains(t, s.RegistryRow(refused.Name)["error"], "run the newer version")
	}
	outcomes := migrateAll(t, s)
	require.Len(t, outcomes, 1, "by the registry p is current")
	for _, o := range outcomes {
		assert.Contains(t, o.Error, "run the newer version")
	}
	editOwn(p, "DELETE FROM _migrations WHERE file LIKE '9999999999%'")
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	assert.Empty(t, s.RegistryRow(p.Name)["error"], "what has passed is no longer said")
}
