package userdb

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDatabasesShareDecodedCollectionsButNoSecrets(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	one := h.acquire(h.provision("a@example.com").Name)
	defer one.Release()
	two := h.acquire(h.provision("b@example.com").Name)
	defer two.Release()
	cached := func(handle *Handle, name string) *core.Collection {
		c, err := handle.App.FindCachedCollectionByNameOrId(name)
		require.NoError(t, err)
		return c
	}
	assert.Same(t, cached(one, "meetings"), cached(two, "meetings"))
	for _, name := range []string{"users", core.CollectionNameSuperusers} {
		a, b := cached(one, name), cached(two, name)
		stored, err := one.App.FindCollectionByNameOrId(name)
		require.NoError(t, err)
		assert.Equal(t, stored.AuthToken, a.AuthToken, "the secrets are those of the database")
		assert.Equal(t, stored.FileToken, a.FileToken)
		for _, pair := range [][2]string{
			{a.AuthToken.Secret, b.AuthToken.Secret},
			{a.FileToken.Secret, b.FileToken.Secret},
			{a.VerificationToken.Secret, b.VerificationToken.Secret},
			{a.PasswordResetToken.Secret, b.PasswordResetToken.Secret},
			{a.EmailChangeToken.Secret, b.EmailChangeToken.Secret},
		} {
			assert.Len(t, pair[0], secretLength)
			assert.NotEqual(t, pair[0], pair[1])
		}
	}

	changed, err := one.App.FindCollectionByNameOrId("meetings")
	require.NoError(t, err)
	changed.Fields.Add(&core.TextField{Name: "only_here"})
	require.NoError(t, one.App.Save(changed))
	assert.NotNil(t, cached(one, "meetings").Fields.GetByName("only_here"))
	assert.Nil(t, cached(two, "meetings").Fields.GetByName("only_here"), "a schema change stays in its database")
}

// It changes a list that the whole process shares, and must not run in parallel.
func TestMigrationDuringBootstrapSeesItsCollections(t *testing.T) {
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	version := "9999999998_of_pocketbase.go"
	core.SystemMigrations.Add(&core.Migration{File: version, Up: func(tx core.App) error {
		meetings, err := tx.FindCollectionByNameOrId("meetings")
		if err != nil {
			return err
		}
		meetings.Fields.Add(&core.TextField{Name: "added"})
		if err := tx.Save(meetings); err != nil {
			return err
		}
		if _, err := tx.FindCachedCollectionByNameOrId("users"); err != nil {
			return errors.Join(errors.New("the cache is empty inside a migration"), err)
		}
		_, err = tx.AuxDB().NewQuery("CREATE TABLE added (n INTEGER)").Execute()
		return err
	}})
	defer func() {
		items := core.SystemMigrations.Items()
		core.SystemMigrations = core.MigrationsList{}
		for _, m := range items {
			if m.File != version {
				core.SystemMigrations.Add(m)
			}
		}
	}()
	db := h.acquire(entry.Name)
	defer db.Release()
	meetings, err := db.App.FindCachedCollectionByNameOrId("meetings")
	require.NoError(t, err)
	assert.NotNil(t, meetings.Fields.GetByName("added"))
	assert.True(t, db.App.AuxHasTable("added"))
	assert.True(t, db.App.AuxHasTable("_logs"))
}

func TestStopLeavesNoScratchFolders(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	require.NoError(t, h.Stop(t.Context()))
	require.ErrorIs(t, h.RunUntilStop(func(context.Context) error { return nil }), ErrClosed)
	_, err := h.Acquire(t.Context(), entry.Name)
	require.ErrorIs(t, err, ErrClosed)
	_, err = h.Provision(t.Context(), h.newUser("bob@example.com"))
	require.ErrorIs(t, err, ErrClosed)
	folders, err := os.ReadDir(h.dir)
	require.NoError(t, err)
	require.Len(t, folders, 1, "the spare is removed")
	assert.Equal(t, entry.Name, folders[0].Name())
}

func TestStopWithoutStart(t *testing.T) {
	t.Parallel()
	require.NoError(t, New(Config{Dir: t.TempDir()}).Stop(t.Context()))
}
