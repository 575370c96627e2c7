package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// addSchedule saves a schedule and a finished job of a user.
func (h *harness) addSchedule(user string) {
	h.t.Helper()
	h.saveRow("job_schedules", map[string]any{"user": user, "kind": "fathom.sync", "every": 3600, "enabled": true, "dedupe_key": user})
	h.saveRow("global_queue", map[string]any{"user": user, "kind": "fathom.sync", "status": "completed"})
}

func (h *harness) rows(table, user string) (n int) {
	h.t.Helper()
	require.NoError(h.t, h.app.DB().NewQuery("SELECT COUNT(*) FROM "+table+" WHERE user = '"+user+"'").Row(&n))
	return n
}

func TestRestoreOneUser(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	video := h.addRecording(ada.Name, "video of ada")
	h.addSchedule(ada.UserID)
	h.create()
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 2, "title": "after the backup"})
	h.save(bob.Name, "meetings", map[string]any{"recording_id": 2, "title": "after the backup"})
	require.NoError(t, os.Remove(video))

	_, err := h.restoreUser("ADA@example.com", false)
	require.ErrorContains(t, err, "add --replace")
	assert.Len(t, titles(t, h.databases, ada.Name), 2, "nothing was changed")
	_, err = h.restoreUser("nobody@example.com", false)
	require.ErrorContains(t, err, "contains no database of")

	restored, err := h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	assert.Equal(t, []any{ada.Name, "ada@example.com", 1, false, ""},
		[]any{restored.Name, restored.Email, restored.Recordings, restored.CreatedAccount, restored.Replaced})
	assert.Equal(t, []string{"meeting of ada@example.com"}, titles(t, h.databases, ada.Name))
	content, err := os.ReadFile(video)
	require.NoError(t, err)
	assert.Equal(t, "video of ada", string(content))
	assert.Len(t, titles(t, h.databases, bob.Name), 2)
	assert.Equal(t, 1, h.rows("job_schedules", ada.UserID))
	for _, prefix := range []string{".new-backup-", ".new-import-", ".trash-"} {
		left, err := filepath.Glob(filepath.Join(h.UserDBsDir, prefix+"*"))
		require.NoError(t, err)
		assert.Empty(t, left)
	}
}

func TestRestoreUserWhoseAccountIsGone(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.addRecording(ada.Name, "video of ada")
	h.addSchedule(ada.UserID)
	before, err := h.app.FindRecordById("users", ada.UserID)
	require.NoError(t, err)
	require.NoError(t, h.databases.Archive(t.Context(), []string{ada.Name}, ignoreOutcome))
	h.create()
	require.NoError(t, h.app.Delete(before))
	require.NoError(t, h.databases.Delete(t.Context(), []string{ada.Name}, true, ignoreOutcome))
	require.NoDirExists(t, h.databases.Dir(ada.Name))

	other := dbtest.NewUser(t, h.app, "ada@example.com")
	_, err = h.restoreUser(ada.Name, false)
	require.ErrorContains(t, err, "has another account")
	require.NoError(t, h.app.Delete(other))

	restored, err := h.restoreUser(ada.Name, false)
	require.NoError(t, err)
	assert.True(t, restored.CreatedAccount)
	assert.Equal(t, []string{"meeting of ada@example.com"}, titles(t, h.databases, ada.Name))
	after, err := h.app.FindRecordById("users", ada.UserID)
	require.NoError(t, err)
	assert.True(t, after.ValidatePassword("a-good-password"))
	assert.NotEqual(t, before.TokenKey(), after.TokenKey(), "earlier sessions stay invalid")
	assert.Equal(t, 1, h.rows("job_schedules", ada.UserID))
	assert.Equal(t, 1, h.rows("global_queue", ada.UserID))
	infos, err := h.databases.List(t.Context(), []string{ada.Name})
	require.NoError(t, err)
	assert.Equal(t, registry.StatusReady, infos[0].Status)
}

func TestRestoreUserWhoHasAnotherDatabase(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	user, err := h.app.FindRecordById("users", ada.UserID)
	require.NoError(t, err)
	h.create()
	require.NoError(t, h.databases.Delete(t.Context(), []string{ada.Name}, true, ignoreOutcome))
	h.provision("ada.other@example.com") // takes the sequence number
	second, err := h.databases.Provision(t.Context(), user)
	require.NoError(t, err)
	require.NotEqual(t, ada.Name, second.Name)

	restored, err := h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	assert.Equal(t, second.Name, restored.Replaced)
	assert.Len(t, titles(t, h.databases, ada.Name), 1)
	infos, err := h.databases.List(t.Context(), []string{second.Name})
	require.NoError(t, err)
	assert.Equal(t, registry.StatusDeleting, infos[0].Status)
	assert.NotNil(t, infos[0].DeleteAfter)
	assert.DirExists(t, h.databases.Dir(second.Name))
}

// saveRow saves a record of the global database.
func (h *harness) saveRow(collection string, fields map[string]any) *core.Record {
	h.t.Helper()
	c, err := h.app.FindCollectionByNameOrId(collection)
	require.NoError(h.t, err)
	record := core.NewRecord(c)
	record.Id = core.GenerateDefaultRandomId()
	for name, value := range fields {
		record.Set(name, value)
	}
	require.NoError(h.t, h.app.UnsafeWithoutHooks().SaveNoValidate(record))
	return record
}

// addAccountRows saves what else may belong to an account.
func (h *harness) addAccountRows(user string) (users string) {
	h.t.Helper()
	c, err := h.app.FindCollectionByNameOrId("users")
	require.NoError(h.t, err)
	h.addSchedule(user)
	h.saveRow("queue_pauses", map[string]any{"user": user, "kind": "fathom.sync", "reason": "asked to"})
	h.saveRow("sign_in_networks", map[string]any{"account": user, "network": "n", "last_used": time.Now()})
	for _, provider := range []string{"google", "github"} {
		h.saveRow(core.CollectionNameExternalAuths, map[string]any{
			"collectionRef": c.Id, "recordRef": user, "provider": provider, "providerId": "ada-at-" + provider,
		})
	}
	return c.Id
}

func TestRestoredUserHasEverythingThatWasTheirs(t *testing.T) {
	t.Parallel()
	for _, deletedBefore := range []bool{false, true} {
		h := newHarness(t)
		ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
		user, err := h.app.FindRecordById("users", ada.UserID)
		require.NoError(t, err)
		user.Set("name", "Ada Lovelace")
		user.SetVerified(true) // which removes sign-ins that were linked before
		require.NoError(t, h.app.Save(user))
		users := h.addAccountRows(ada.UserID)
		h.saveRow("fathom_endpoints", map[string]any{
			"user": ada.UserID, "purpose": "webhook", "path_hash": "p", "status": "active", "key_hash": "k",
		})
		deleteUser := func() {
			require.NoError(t, h.app.RunInTransaction(func(tx core.App) error {
				return errors.Join(h.databases.UserDeleted(t.Context(), tx, user), tx.Delete(user))
			}))
		}
		if deletedBefore {
			deleteUser()
		}
		h.create()
		if !deletedBefore {
			deleteUser()
		}
		require.NoError(t, h.databases.Delete(t.Context(), []string{ada.Name}, true, ignoreOutcome))
		h.saveRow(core.CollectionNameExternalAuths, map[string]any{ // somebody else has linked the account at GitHub meanwhile
			"collectionRef": users, "recordRef": bob.UserID, "provider": "github", "providerId": "ada-at-github",
		})

		restored, err := h.restoreUser("ada@example.com", false)
		require.NoError(t, err)
		assert.True(t, restored.CreatedAccount)
		assert.Equal(t, "ada@example.com", restored.Email)
		assert.Len(t, titles(t, h.databases, ada.Name), 1)
		for table, want := range map[string]int{"job_schedules": 1, "global_queue": 1, "queue_pauses": 1} {
			assert.Equal(t, want, h.rows(table, ada.UserID), table)
		}
		for _, query := range []string{
			"SELECT COUNT(*) FROM sign_in_networks WHERE account = '" + ada.UserID + "'",
			"SELECT COUNT(*) FROM _externalAuths WHERE recordRef = '" + ada.UserID + "' AND provider = 'google'",
			"SELECT COUNT(*) FROM _externalAuths WHERE recordRef = '" + bob.UserID + "' AND provider = 'github'",
		} {
			var n int
			require.NoError(t, h.app.DB().NewQuery(query).Row(&n))
			assert.Equal(t, 1, n, query)
		}
		after, err := h.app.FindRecordById("users", ada.UserID)
		require.NoError(t, err)
		assert.Equal(t, []any{"Ada Lovelace", true, true}, []any{after.GetString("name"), after.Verified(), after.ValidatePassword("a-good-password")})
		assert.Equal(t, user.GetString("created"), after.GetString("created"))
		assert.NotEmpty(t, after.TokenKey())
		var endpoints []string
		require.NoError(t, h.app.DB().Select("key_hash").From("fathom_endpoints").Column(&endpoints))
		if !deletedBefore {
			assert.Equal(t, []string{""}, endpoints, "the next sync replaces the webhook")
		}
		assert.Zero(t, h.rowsOf("kept_records"))
	}
}

func (h *harness) rowsOf(table string) (n int) {
	h.t.Helper()
	require.NoError(h.t, h.app.DB().NewQuery("SELECT COUNT(*) FROM "+table).Row(&n))
	return n
}

func TestReplacedDatabaseIsKept(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.create()
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 2, "title": "after the backup"})
	restored, err := h.restoreUser("ada@example.com", true)
	require.NoError(t, err)
	require.NotEmpty(t, restored.Former)
	assert.FileExists(t, filepath.Join(restored.Former, ada.Name, "data.db"))
	require.NoError(t, h.databases.ApplyRetention(t.Context()))
	assert.DirExists(t, restored.Former, "its time has not come")
	require.NoError(t, h.databases.Delete(t.Context(), []string{ada.Name}, true, ignoreOutcome))
	assert.NoDirExists(t, restored.Former)
}

func TestServerWithoutTheKeyRestoresWithThatOfTheCommand(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.create()
	writeOnly, err := backup.ParseKeys("", []string{h.recipient})
	require.NoError(t, err)
	h.Repository = backup.NewRepository(h.store, writeOnly)
	request := backup.UserRestore{Set: backup.Latest, User: ada.Name, Replace: true}
	_, err = h.RestoreUser(t.Context(), request)
	require.ErrorIs(t, err, backup.ErrNoIdentity)
	request.Keys = h.keys
	_, err = h.RestoreUser(t.Context(), request)
	require.NoError(t, err)
	assert.False(t, h.Repository.CanDecrypt())
}

// What the restore finds in S3 may be deleted before the database is replaced.
func TestRecordingThatDisappearsDuringTheRestoreIsRestored(t *testing.T) {
	t.Parallel()
	h, bucket := newS3Harness(t, true)
	ada := h.provision("ada@example.com")
	key, path := h.addS3Recording(bucket, ada.Name, "video of ada")
	h.create()
	inUse, err := h.databases.Acquire(t.Context(), ada.Name)
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		_, err := h.restoreUser("ada@example.com", true)
		done <- err
	}()
	require.Eventually(t, func() bool { // until it waits for exclusive access
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		another, err := h.databases.Acquire(ctx, ada.Name)
		if err == nil {
			another.Release()
		}
		return err != nil
	}, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, bucket.Delete(t.Context(), key))
	inUse.Release()
	require.NoError(t, <-done)
	assertContent(t, path, "video of ada")
}
