package registry_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// setCell makes the registry say that a server has a database, or this one if cell is blank.
func (f *fixture) setCell(t *testing.T, name, cell string) {
	t.Helper()
	_, err := f.app.NonconcurrentDB().Update(migrations.UserDatabases, dbx.Params{"cell": cell}, dbx.HashExp{"name": name}).Execute()
	require.NoError(t, err)
	f.Forget("", name)
}

func TestDatabasesOfOtherServersAreNotFoundHere(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada, bob := f.ready(t, "ada@example.com"), f.ready(t, "bob@example.com")
	for i, entry := range []registry.Entry{ada, bob} {
		require.NoError(t, f.Change(t.Context(), entry, registry.Fields{"port": 9000 + i}))
	}
	ada, bob = f.entry(t, ada.Name), f.entry(t, bob.Name)
	names := func(list func() ([]registry.Entry, error)) (names []string) {
		entries, err := list()
		require.NoError(t, err)
		for _, entry := range entries {
			names = append(names, entry.Name)
		}
		return names
	}
	all := func() ([]registry.Entry, error) { return f.All(t.Context()) }
	unnamed := func() ([]registry.Entry, error) { return f.Find(t.Context(), nil) }
	withPorts := func() ([]registry.Entry, error) { return f.WithPorts(t.Context()) }
	here := func() ([]registry.Entry, error) { return registry.Here(t.Context(), f.app.DB()) }
	everywhere := func() ([]registry.Entry, error) { return registry.Everywhere(t.Context(), f.app.DB()) }

	f.setCell(t, ada.Name, "c2")
	for _, list := range []func() ([]registry.Entry, error){all, unnamed, withPorts, here} {
		assert.Equal(t, []string{bob.Name}, names(list))
	}
	assert.Equal(t, []string{ada.Name, bob.Name}, names(everywhere))
	for _, entry := range []registry.Entry{ada, bob} {
		named, err := registry.Everywhere(t.Context(), f.app.DB(), entry.Name, "2020-01-01-001-nobody")
		require.NoError(t, err)
		require.Len(t, named, 1)
		assert.Equal(t, entry.Name, named[0].Name)
	}
	owned, err := f.Lookup(t.Context(), ada.Name)
	require.ErrorIs(t, err, registry.ErrElsewhere)
	assert.Equal(t, ada.UserID, owned.UserID)
	assert.NotEmpty(t, owned.Credential)
	_, err = f.ByName(t.Context(), ada.Name)
	require.ErrorIs(t, err, registry.ErrElsewhere)
	found, err := f.ByUser(t.Context(), ada.UserID)
	require.ErrorIs(t, err, registry.ErrElsewhere)
	assert.True(t, found.IsElsewhere())
	for _, name := range []string{ada.Name, "ada@example.com", "ADA@example.com"} {
		_, err := f.Find(t.Context(), []string{bob.Name, name})
		require.ErrorIs(t, err, registry.ErrElsewhere)
		require.NotErrorIs(t, err, registry.ErrNotFound)
		assert.Contains(t, err.Error(), `"`+name+`": the database is on another server`)
	}
	accounts, err := f.Accounts(t.Context(), registry.AccountFilter{})
	require.NoError(t, err)
	require.Len(t, accounts, 2)
	assert.True(t, accounts[0].IsElsewhere())
	has, err := registry.HasDatabase(t.Context(), f.app, ada.UserID)
	require.NoError(t, err)
	assert.True(t, has)

	f.setCell(t, ada.Name, "")
	for _, list := range []func() ([]registry.Entry, error){all, unnamed, withPorts, here, everywhere} {
		assert.Equal(t, []string{ada.Name, bob.Name}, names(list))
	}
	assert.Equal(t, ada, f.entry(t, ada.Name))
	_, err = f.Lookup(t.Context(), ada.Name)
	require.NoError(t, err)
}

func TestDatabasesOfOtherServersAreNotChangedHere(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada := f.ready(t, "ada@example.com")
	f.setCell(t, ada.Name, "c2") // after the caller has read the row
	require.ErrorIs(t, f.Change(t.Context(), ada, registry.Fields{"status": registry.StatusArchived}), registry.ErrElsewhere)
	require.ErrorIs(t, f.Remove(t.Context(), ada), registry.ErrElsewhere)
	require.NoError(t, f.RecordUsage(t.Context(), map[string]registry.UsageUpdate{ada.Name: {LastUsed: now, Size: 5}}))
	user, err := f.app.FindRecordById(migrations.Users, ada.UserID)
	require.NoError(t, err)
	_, err = f.Reserve(t.Context(), user, now, nothingTaken, wrap)
	require.Error(t, err, "each user has at most one row")
	owned := registry.Owned{User: dbx.NullStringMap{"id": {String: ada.UserID, Valid: true}}, Database: dbx.NullStringMap{"name": {String: ada.Name, Valid: true}}}
	inTransaction := func(change func(tx core.App) error) {
		require.ErrorIs(t, f.app.RunInTransaction(change), registry.ErrElsewhere)
	}
	inTransaction(func(tx core.App) error { return registry.ReserveNamed(t.Context(), tx, owned, time.Time{}) })
	inTransaction(func(tx core.App) error {
		_, err := registry.ReleaseOther(t.Context(), tx, ada.UserID, "2024-01-16-009-other", now)
		return err
	})
	f.deleteUser(t, ada.UserID)
	deleted, err := f.ByName(t.Context(), ada.Name)
	require.ErrorIs(t, err, registry.ErrElsewhere)
	assert.Equal(t, registry.StatusDeleting, deleted.Status)
	require.ErrorIs(t, f.Undelete(t.Context(), deleted, registry.Fields{"status": registry.StatusReady}), registry.ErrElsewhere)

	f.setCell(t, ada.Name, "")
	assert.Zero(t, f.entry(t, ada.Name).Size)
	require.NoError(t, f.Undelete(t.Context(), f.entry(t, ada.Name), registry.Fields{"status": registry.StatusReady}))
}

// The global database of an earlier version has no such field.
func TestRegistriesOfEarlierVersionsAreRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada := f.ready(t, "ada@example.com")
	_, err := f.app.NonconcurrentDB().NewQuery("ALTER TABLE user_databases DROP COLUMN cell").Execute()
	require.NoError(t, err)
	entries, err := registry.Here(t.Context(), f.app.DB())
	require.NoError(t, err)
	assert.Equal(t, []registry.Entry{ada}, entries)
}
