package userdb

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// newTestService is a running service on a global database of its own.
func newTestService(t *testing.T) *Service {
	t.Helper()
	global := dbtest.NewGlobal(t)
	keys, err := vault.New(bytes.Repeat([]byte("k"), vault.KeySize))
	require.NoError(t, err)
	s := New(Config{App: global, Dir: filepath.Join(t.TempDir(), "user_dbs"), Vault: keys, Retention: Retention{DeleteGrace: time.Hour}})
	require.NoError(t, s.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, s.Stop(context.Background())) })
	return s
}

// user makes an account.
func (s *Service) user(t *testing.T, email string) *core.Record {
	t.Helper()
	return dbtest.NewUser(t, s.app, email)
}

func (s *Service) provisioned(t *testing.T, email string) registry.Entry {
	t.Helper()
	entry, err := s.Provision(t.Context(), s.user(t, email))
	require.NoError(t, err)
	return entry
}

func TestWhatWasRestoredMeanwhileIsNotDeleted(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
	condemned := entry
	require.NoError(t, s.condemn(t.Context(), &condemned, time.Now().Add(-time.Second)))
	due, err := s.registry.ByName(t.Context(), entry.Name)
	require.NoError(t, err)
	require.NoError(t, s.reprieve(t.Context(), due))
	require.ErrorIs(t, s.purge(t.Context(), due), registry.ErrConflict)
	assert.DirExists(t, s.Dir(entry.Name))

	require.NoError(t, s.condemn(t.Context(), &entry, time.Now().Add(time.Hour)))
	require.Error(t, s.purge(t.Context(), due), "its time has not come")
	assert.DirExists(t, s.Dir(entry.Name))
}

func TestDatabasesShareWhatIsTheSameInAll(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	one, err := s.Acquire(t.Context(), s.provisioned(t, "a@example.com").Name)
	require.NoError(t, err)
	defer one.Release()
	two, err := s.Acquire(t.Context(), s.provisioned(t, "b@example.com").Name)
	require.NoError(t, err)
	defer two.Release()
	cached := func(h *Handle, name string) *core.Collection {
		c, err := h.App.FindCachedCollectionByNameOrId(name)
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
			{a.AuthToken.Secret, b.AuthToken.Secret}, {a.FileToken.Secret, b.FileToken.Secret}, {a.VerificationToken.Secret, b.VerificationToken.Secret},
			{a.PasswordResetToken.Secret, b.PasswordResetToken.Secret}, {a.EmailChangeToken.Secret, b.EmailChangeToken.Secret},
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
	assert.Nil(t, cached(two, "meetings").Fields.GetByName("only_here"), "one database's schema is not another's")
}

// It changes a list that all of the process share: never in parallel.
func TestAStartThatMigratesReadsItsCollections(t *testing.T) {
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
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
	db, err := s.Acquire(t.Context(), entry.Name)
	require.NoError(t, err)
	defer db.Release()
	meetings, err := db.App.FindCachedCollectionByNameOrId("meetings")
	require.NoError(t, err)
	assert.NotNil(t, meetings.Fields.GetByName("added"))
	assert.True(t, db.App.AuxHasTable("added"))
	assert.True(t, db.App.AuxHasTable("_logs"))
}

func TestAStoppedServiceLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := newTestService(t)
	entry := s.provisioned(t, "ada@example.com")
	require.NoError(t, s.Stop(t.Context()))
	require.ErrorIs(t, s.Work(func(context.Context) error { return nil }), ErrClosed)
	_, err := s.Acquire(t.Context(), entry.Name)
	require.ErrorIs(t, err, ErrClosed)
	folders, err := os.ReadDir(s.dir)
	require.NoError(t, err)
	require.Len(t, folders, 1, "the blank for the next user is gone")
	assert.Equal(t, entry.Name, folders[0].Name())
}
