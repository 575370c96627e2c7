package hooks_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// editOwn changes the database of a person while nobody has it open.
func (p person) editOwn(statements ...string) {
	p.t.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(p.folder(p.name), "data.db"))
	require.NoError(p.t, err)
	for _, statement := range statements {
		_, err = db.NewQuery(statement).Execute()
		require.NoError(p.t, err, statement)
	}
	require.NoError(p.t, db.Close())
}

// old takes a person's database back to before the newest migration.
func (p person) old() {
	p.t.Helper()
	p.editOwn(
		"DELETE FROM _migrations WHERE file = '"+schema.Version()+"'",
		"UPDATE _collections SET deleteRule = NULL WHERE name = 'recordings'")
}

func (p person) deleteRule() (rule string) {
	p.t.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(p.folder(p.name), "data.db"))
	require.NoError(p.t, err)
	defer db.Close()
	require.NoError(p.t, db.NewQuery("SELECT COALESCE(deleteRule, '') FROM _collections WHERE name = 'recordings'").Row(&rule))
	return rule
}

func migrateAll(t *testing.T, s *server) []userdb.Outcome {
	t.Helper()
	var outcomes []userdb.Outcome
	require.NoError(t, s.app.Databases.Migrate(t.Context(), nil, 2, func(o userdb.Outcome) { outcomes = append(outcomes, o) }))
	return outcomes
}

func TestAllDatabasesAreMigratedButForTheBrokenOnes(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	people := []person{s.signUp("a@example.com"), s.signUp("b@example.com"), s.signUp("c@example.com"), s.signUp("broken@example.com"), s.signUp("current@example.com")}
	broken := people[3]
	for _, p := range people[:3] {
		p.old()
	}
	whole, err := os.ReadFile(filepath.Join(s.folder(broken.name), "data.db"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.folder(broken.name), "data.db"), []byte("this is no database"), 0o600))
	_, err = s.app.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": schema.List.Items()[0].File},
		dbx.Not(dbx.HashExp{"name": people[4].name})).Execute()
	require.NoError(t, err)

	outcomes := migrateAll(t, s)
	require.Len(t, outcomes, 4, "what is current is passed over")
	for i, o := range outcomes {
		assert.Equal(t, o.Name == broken.name, o.Error != "", o)
		assert.Equal(t, []int{i + 1, 4}, []int{o.Done, o.Total})
	}
	for _, p := range people[:3] {
		assert.NotEmpty(t, p.deleteRule(), p.email)
		assert.Equal(t, schema.Version(), s.row(p.name)["schema_version"])
	}
	assert.NotEmpty(t, s.row(broken.name)["error"], "the registry says what is wrong")
	assert.Zero(t, s.openDatabases())

	require.NoError(t, os.WriteFile(filepath.Join(s.folder(broken.name), "data.db"), whole, 0o600))
	broken.old()
	again := migrateAll(t, s)
	require.Len(t, again, 1, "a second run goes on with what is left")
	assert.Empty(t, again[0].Error)
	assert.Empty(t, s.row(broken.name)["error"])
	assert.NotEmpty(t, broken.deleteRule())
	assert.Empty(t, migrateAll(t, s))
	assert.Equal(t, 200, broken.own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestAMigrationOfAllGoesOnWhereItWasStopped(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		p := s.signUp(email)
		p.old()
	}
	_, err := s.app.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": schema.List.Items()[0].File}, nil).Execute()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var first []userdb.Outcome
	err = s.app.Databases.Migrate(ctx, nil, 1, func(o userdb.Outcome) {
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
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	p.old()
	require.Equal(t, schema.Version(), s.row(p.name)["schema_version"], "the registry knows nothing of it")
	require.Equal(t, 200, p.own("GET", "/api/collections/meetings/records", nil).Status)
	assert.NotEmpty(t, p.deleteRule())
}

func TestADatabaseOfANewerProgramIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, q := s.signUp("ada@example.com"), s.signUp("eve@example.com")
	p.editOwn("INSERT INTO _migrations (file, applied) VALUES ('9999999999_from_the_future.go', 1)")
	_, err := s.app.NonconcurrentDB().Update("user_databases", dbx.Params{"schema_version": "9999999999_from_the_future.go"}, dbx.HashExp{"name": q.name}).Execute()
	require.NoError(t, err)
	for _, refused := range []person{p, q} {
		assert.Equal(t, 503, refused.own("GET", "/api/collections/meetings/records", nil).Status)
		assert.Contains(t, s.row(refused.name)["error"], "run the newer version")
	}
	outcomes := migrateAll(t, s)
	require.Len(t, outcomes, 1, "by the registry p is current")
	for _, o := range outcomes {
		assert.Contains(t, o.Error, "run the newer version")
	}
	p.editOwn("DELETE FROM _migrations WHERE file LIKE '9999999999%'")
	assert.Equal(t, 200, p.own("GET", "/api/collections/meetings/records", nil).Status)
	assert.Empty(t, s.row(p.name)["error"], "what has passed is no longer said")
}
