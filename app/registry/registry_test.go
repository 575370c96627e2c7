package registry_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

var now = time.Date(2024, 1, 15, 23, 30, 0, 0, time.FixedZone("UTC-1", -3600)) // already the 16th in UTC

// fixture is a registry in a global database of its own.
type fixture struct {
	*registry.Registry
	app core.App
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	app := dbtest.NewGlobal(t)
	return &fixture{Registry: registry.New(app), app: app}
}

func (f *fixture) user(t *testing.T, email string) *core.Record {
	t.Helper()
	return dbtest.NewUser(t, f.app, email)
}

func nothingTaken(string) (bool, error) { return false, nil }

func wrap(name string) (string, error) { return "key of " + name, nil }

func (f *fixture) reserve(t *testing.T, user *core.Record) registry.Entry {
	t.Helper()
	entry, err := f.Reserve(t.Context(), user, now, nothingTaken, wrap)
	require.NoError(t, err)
	return entry
}

// ready reserves a database for a new user and makes it ready.
func (f *fixture) ready(t *testing.T, email string) registry.Entry {
	t.Helper()
	entry := f.reserve(t, f.user(t, email))
	require.NoError(t, f.Change(t.Context(), entry, registry.Fields{"status": registry.StatusReady}))
	return f.entry(t, entry.Name)
}

func (f *fixture) entry(t *testing.T, name string) registry.Entry {
	t.Helper()
	entry, err := f.ByName(t.Context(), name)
	require.NoError(t, err)
	return entry
}

// deleteUser deletes a user as the server does: their database is scheduled for deletion.
func (f *fixture) deleteUser(t *testing.T, id string) {
	t.Helper()
	user, err := f.app.FindRecordById(migrations.Users, id)
	require.NoError(t, err)
	require.NoError(t, f.app.RunInTransaction(func(tx core.App) error {
		if err := registry.UserDeleted(t.Context(), tx, user, now.Add(time.Hour)); err != nil {
			return err
		}
		return tx.Delete(user)
	}))
}

func TestReserveNumbersTheNamesOfADay(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada := f.user(t, "ada@example.com")
	first := f.reserve(t, ada)
	assert.Equal(t, "2024-01-16-001-ada", first.Name)
	assert.Equal(t, registry.StatusProvisioning, first.Status)
	assert.Equal(t, "key of "+first.Name, first.WrappedKey)
	stored := f.entry(t, first.Name)
	assert.WithinDuration(t, first.Created, stored.Created, time.Millisecond)
	stored.Created = first.Created
	assert.Equal(t, first, stored)
	assert.Equal(t, "2024-01-16-002-bob", f.reserve(t, f.user(t, "bob@example.com")).Name)

	_, err := f.Reserve(t.Context(), ada, now, nothingTaken, wrap)
	require.Error(t, err, "a user has one database")
	entries, err := f.All(t.Context())
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

func TestReserveSkipsNamesOfExistingFiles(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada := f.user(t, "ada@example.com")
	failure := errors.New("disk is gone")
	_, err := f.Reserve(t.Context(), ada, now, func(string) (bool, error) { return false, failure }, wrap)
	require.ErrorIs(t, err, failure)
	_, err = f.Reserve(t.Context(), ada, now, nothingTaken, func(string) (string, error) { return "", failure })
	require.ErrorIs(t, err, failure)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = f.Reserve(ctx, ada, now, func(string) (bool, error) { cancel(); return true, nil }, wrap)
	require.ErrorIs(t, err, context.Canceled)

	entry, err := f.Reserve(t.Context(), ada, now, func(name string) (bool, error) {
		return !strings.Contains(name, "-003-"), nil
	}, wrap)
	require.NoError(t, err)
	assert.Equal(t, "2024-01-16-003-ada", entry.Name)
	assert.Equal(t, "2024-01-16-004-bob", f.reserve(t, f.user(t, "bob@example.com")).Name)
}

func TestLookupIsCachedUntilForget(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	entry := f.ready(t, "ada@example.com")
	user, err := f.app.FindRecordById(migrations.Users, entry.UserID)
	require.NoError(t, err)
	active, err := f.Lookup(t.Context(), entry.Name)
	require.NoError(t, err)
	assert.Equal(t, registry.Credential(user), active.Credential)
	assert.Equal(t, entry, active.Entry)

	// No hooks are bound in this test, so that only the cache can give the old answer.
	require.NoError(t, f.Change(t.Context(), entry, registry.Fields{"status": registry.StatusFailed}))
	for _, forget := range [][2]string{{"", "another"}, {"another", ""}} {
		f.Forget(forget[0], forget[1])
		_, err = f.Lookup(t.Context(), entry.Name)
		require.NoError(t, err)
	}
	f.Forget(entry.UserID, "")
	_, err = f.Lookup(t.Context(), entry.Name)
	require.ErrorIs(t, err, registry.ErrNotFound, "it is not ready")

	require.NoError(t, f.Change(t.Context(), f.entry(t, entry.Name), registry.Fields{"status": registry.StatusReady}))
	_, err = f.Lookup(t.Context(), entry.Name)
	require.NoError(t, err)
	f.deleteUser(t, entry.UserID)
	f.Forget("", entry.Name)
	_, err = f.Lookup(t.Context(), entry.Name)
	require.ErrorIs(t, err, registry.ErrNotFound, "its user was deleted")
}

func TestFindByNameAndEmail(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada, bob := f.ready(t, "ada@example.com"), f.ready(t, "bob@example.com")
	found, err := f.Find(t.Context(), []string{"bob@example.com", ada.Name})
	require.NoError(t, err)
	assert.Equal(t, []registry.Entry{bob, ada}, found)
	found, err = f.Find(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, []registry.Entry{ada, bob}, found)
	_, err = f.Find(t.Context(), []string{ada.Name, "nobody@example.com"})
	require.ErrorIs(t, err, registry.ErrNotFound)
	require.ErrorContains(t, err, "nobody@example.com")

	f.deleteUser(t, ada.UserID)
	again := f.ready(t, "ada@example.com")
	_, err = f.Find(t.Context(), []string{"ada@example.com"})
	require.ErrorContains(t, err, "matches 2 databases")
	found, err = f.Find(t.Context(), []string{again.Name})
	require.NoError(t, err)
	assert.Equal(t, again.ID, found[0].ID)

	found, err = f.WithPorts(t.Context())
	require.NoError(t, err)
	assert.Empty(t, found)
	require.NoError(t, f.Change(t.Context(), bob, registry.Fields{"port": 9000}))
	found, err = f.WithPorts(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, bob.Name, found[0].Name)
}

func TestByUser(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada := f.ready(t, "ada@example.com")
	found, err := f.ByUser(t.Context(), ada.UserID)
	require.NoError(t, err)
	assert.Equal(t, ada, found)
	f.deleteUser(t, ada.UserID)
	for _, id := range []string{ada.UserID, "nobody", ""} {
		_, err = f.ByUser(t.Context(), id)
		require.ErrorIs(t, err, registry.ErrNotFound, id)
	}
}

func TestChangeDetectsConflicts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ready := f.ready(t, "ada@example.com")
	require.NoError(t, f.Change(t.Context(), ready, registry.Fields{"size": 1}))
	archive := registry.Fields{"status": registry.StatusArchived, "archived_at": now}
	require.NoError(t, f.Change(t.Context(), ready, archive))
	require.ErrorIs(t, f.Change(t.Context(), ready, registry.Fields{"size": 2}), registry.ErrConflict, "the status is different")

	archived := f.entry(t, ready.Name)
	require.NoError(t, f.Change(t.Context(), archived, registry.Fields{"archived_at": now.Add(time.Hour)}))
	require.ErrorIs(t, f.Change(t.Context(), archived, registry.Fields{"size": 2}), registry.ErrConflict, "it is another archive")

	require.NoError(t, f.Remove(t.Context(), archived))
	require.NoError(t, f.Remove(t.Context(), archived), "it is removed already")
	require.ErrorIs(t, f.Change(t.Context(), archived, registry.Fields{"size": 2}), registry.ErrConflict, "the row is gone")
	require.ErrorIs(t, f.Undelete(t.Context(), archived, registry.Fields{}), registry.ErrConflict)
}

func TestOnlyRemoveMarksTheContextOfADeletion(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var removals []bool
	f.app.OnRecordDelete(migrations.UserDatabases).BindFunc(func(e *core.RecordEvent) error {
		removals = append(removals, registry.IsRemoval(e.Context))
		return e.Next()
	})
	require.NoError(t, f.Remove(t.Context(), f.ready(t, "ada@example.com")))
	record, err := f.app.FindRecordById(migrations.UserDatabases, f.ready(t, "bob@example.com").ID)
	require.NoError(t, err)
	require.NoError(t, f.app.Delete(record))
	assert.Equal(t, []bool{true, false}, removals)
}

func TestRecordUsageSkipsDatabasesThatAreNotReady(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ready := f.ready(t, "ada@example.com")
	reserved := f.entry(t, f.reserve(t, f.user(t, "bob@example.com")).Name)
	at := now.UTC().Truncate(time.Second)
	require.NoError(t, f.RecordUsage(t.Context(), map[string]registry.UsageUpdate{
		ready.Name: {LastUsed: at, Size: 5}, reserved.Name: {LastUsed: at, Size: 5}, "unknown": {Size: 5},
	}))
	updated := f.entry(t, ready.Name)
	assert.Equal(t, at, updated.LastUsed.UTC())
	assert.Zero(t, updated.MaintainedAt)
	assert.EqualValues(t, 5, updated.Size)
	assert.Equal(t, reserved, f.entry(t, reserved.Name))

	require.NoError(t, f.RecordUsage(t.Context(), map[string]registry.UsageUpdate{ready.Name: {Maintained: at.Add(time.Hour), Size: 6}}))
	maintained := f.entry(t, ready.Name)
	assert.Equal(t, at, maintained.LastUsed.UTC(), "it keeps its value")
	assert.Equal(t, at.Add(time.Hour), maintained.MaintainedAt.UTC())
}

func TestUndeleteRecreatesTheAccount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada := f.ready(t, "ada@example.com")
	before, err := f.app.FindRecordById(migrations.Users, ada.UserID)
	require.NoError(t, err)
	f.deleteUser(t, ada.UserID)
	deleting := f.entry(t, ada.Name)
	assert.Equal(t, registry.StatusDeleting, deleting.Status)
	assert.Empty(t, deleting.UserID)
	assert.Equal(t, "ada@example.com", deleting.Email)
	assert.True(t, now.Add(time.Hour).Equal(deleting.DeleteAfter))

	other := f.user(t, "ada@example.com")
	require.ErrorContains(t, f.Undelete(t.Context(), deleting, registry.Fields{"status": registry.StatusReady}), "another account")
	require.NoError(t, f.app.Delete(other))
	require.NoError(t, f.Undelete(t.Context(), deleting, registry.Fields{"status": registry.StatusReady}))
	restored := f.entry(t, ada.Name)
	assert.Equal(t, registry.StatusReady, restored.Status)
	assert.Equal(t, ada.UserID, restored.UserID)
	assert.Zero(t, restored.DeleteAfter)
	after, err := f.app.FindRecordById(migrations.Users, ada.UserID)
	require.NoError(t, err)
	assert.True(t, after.ValidatePassword("a-good-password"))
	assert.NotEqual(t, before.TokenKey(), after.TokenKey(), "earlier sessions stay invalid")
	require.ErrorIs(t, f.Undelete(t.Context(), deleting, registry.Fields{}), registry.ErrConflict)
}

func TestErrorTextIsLimited(t *testing.T) {
	assert.Empty(t, registry.ErrorText(nil))
	assert.Equal(t, "corrupt", registry.ErrorText(errors.New("corrupt")))
	assert.Len(t, registry.ErrorText(errors.New(strings.Repeat("x", 2000))), 1000)
}
