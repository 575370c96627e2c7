package backup_test

import (
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
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
	for collection, fields := range map[string]map[string]any{
		"job_schedules": {"user": user, "kind": "fathom.sync", "every": 3600, "enabled": true, "dedupe_key": user},
		"global_queue":  {"user": user, "kind": "fathom.sync", "status": "completed"},
	} {
		c, err := h.app.FindCollectionByNameOrId(collection)
		require.NoError(h.t, err)
		record := core.NewRecord(c)
		record.Id = core.GenerateDefaultRandomId()
		for name, value := range fields {
			record.Set(name, value)
		}
		require.NoError(h.t, h.app.UnsafeWithoutHooks().SaveNoValidate(record))
	}
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

	_, err := h.RestoreUser(t.Context(), backup.Latest, "ADA@example.com", false)
	require.ErrorContains(t, err, "add --replace")
	assert.Len(t, titles(t, h.databases, ada.Name), 2, "nothing was changed")
	_, err = h.RestoreUser(t.Context(), backup.Latest, "nobody@example.com", false)
	require.ErrorContains(t, err, "contains no database of")

	restored, err := h.RestoreUser(t.Context(), backup.Latest, "ada@example.com", true)
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
	_, err = h.RestoreUser(t.Context(), backup.Latest, ada.Name, false)
	require.ErrorContains(t, err, "has another account")
	require.NoError(t, h.app.Delete(other))

	restored, err := h.RestoreUser(t.Context(), backup.Latest, ada.Name, false)
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

	restored, err := h.RestoreUser(t.Context(), backup.Latest, "ada@example.com", true)
	require.NoError(t, err)
	assert.Equal(t, second.Name, restored.Replaced)
	assert.Len(t, titles(t, h.databases, ada.Name), 1)
	infos, err := h.databases.List(t.Context(), []string{second.Name})
	require.NoError(t, err)
	assert.Equal(t, registry.StatusDeleting, infos[0].Status)
	assert.NotNil(t, infos[0].DeleteAfter)
	assert.DirExists(t, h.databases.Dir(second.Name))
}

func TestUserIsRestoredWithAKeyThatTheServerLacks(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	writeOnly, err := backup.ParseKeys("", []string{identity.Recipient().String()})
	require.NoError(t, err)
	h := newHarness(t)
	h.Repository = backup.NewRepository(h.store, writeOnly)
	ada := h.provision("ada@example.com")
	h.create()
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 2, "title": "later"})
	_, err = h.RestoreUser(t.Context(), backup.Latest, "ada@example.com", true)
	require.ErrorIs(t, err, backup.ErrNoIdentity)
	_, err = h.WithKey("AGE-SECRET-KEY-1")
	require.ErrorContains(t, err, "BACKUP_KEY")
	assert.NotContains(t, err.Error(), "AGE-SECRET")

	service, err := h.WithKey(identity.String())
	require.NoError(t, err)
	_, err = service.RestoreUser(t.Context(), backup.Latest, "ada@example.com", true)
	require.NoError(t, err)
	assert.Equal(t, []string{"meeting of ada@example.com"}, titles(t, h.databases, ada.Name))
}
