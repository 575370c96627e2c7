package userdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// withOlderGlobal returns a service on the folders of another one, which it stops, with a global database that knows nobody.
func (h *harness) withOlderGlobal(t *testing.T) *harness {
	t.Helper()
	require.NoError(t, h.Stop(context.Background()))
	app := dbtest.NewGlobal(t)
	return &harness{Service: New(Config{App: app, Dir: h.dir, Vault: h.vault, Now: h.clock.Now}), t: t, clock: h.clock}
}

func (h *harness) start(t *testing.T) {
	t.Helper()
	require.NoError(t, h.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, h.Stop(context.Background())) })
}

func TestFoldersAreAdoptedByAnOlderGlobalDatabase(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob, carol := h.provision("ada@example.com"), h.provision("bob@example.com"), h.provision("carol@example.com")
	h.archiveNow(bob)
	older := h.withOlderGlobal(t)
	known, err := older.app.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	existing := core.NewRecord(known) // carol's account survived, her row didn't
	existing.Id = carol.UserID
	existing.SetEmail("carol@new.example.com")
	existing.SetPassword("a-good-password")
	require.NoError(t, older.app.Save(existing))
	older.start(t)

	for _, want := range []registry.Entry{ada, bob, carol} {
		entry := older.entry(want.Name)
		assert.Equal(t, want.UserID, entry.UserID)
		assert.Empty(t, entry.Error)
	}
	assert.Equal(t, registry.StatusReady, older.entry(ada.Name).Status)
	assert.Equal(t, registry.StatusArchived, older.entry(bob.Name).Status)
	assert.Equal(t, "ada@example.com", older.entry(ada.Name).Email)
	assert.Equal(t, "carol@new.example.com", older.entry(carol.Name).Email)
	older.acquire(ada.Name)
	user, err := older.app.FindRecordById("users", bob.UserID)
	require.NoError(t, err)
	again, err := older.Provision(t.Context(), user)
	require.NoError(t, err)
	assert.Equal(t, bob.Name, again.Name)
	dave := older.provision("dave@example.com")
	assert.Contains(t, dave.Name, "-004-", "sequence numbers continue")
}

// The operator has added a field that accounts must have, which no folder knows.
func TestFoldersAreAdoptedIfUsersHaveARequiredField(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	older := h.withOlderGlobal(t)
	users, err := older.app.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.Fields.Add(&core.TextField{Name: "department", Required: true})
	require.NoError(t, older.app.Save(users))
	older.start(t)
	assert.Equal(t, ada.UserID, older.entry(ada.Name).UserID)
}

func TestFoldersOfOthersAreNotAdopted(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	empty, copied, foreign, taken := h.provision("a@example.com"), h.provision("b@example.com"), h.provision("c@example.com"), h.provision("d@example.com")
	older := h.withOlderGlobal(t)
	require.NoError(t, os.Remove(filepath.Join(h.Dir(empty.Name), OwnerFile)))
	removeOwnerRecord(t, h.Dir(empty.Name))
	for entry, change := range map[registry.Entry][2]string{
		copied: {copied.Name, empty.Name}, foreign: {foreign.UserID, strings.Repeat("x", 15)},
	} {
		path := filepath.Join(h.Dir(entry.Name), OwnerFile)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(text), change[0], change[1])), 0o600))
	}
	older.newUser("d@example.com") // another account with the address
	older.start(t)
	for _, entry := range []registry.Entry{empty, copied, foreign, taken} {
		_, err := older.registry.ByName(t.Context(), entry.Name)
		require.ErrorIs(t, err, registry.ErrNotFound)
		assert.DirExists(t, h.Dir(entry.Name))
	}
}

func removeOwnerRecord(t *testing.T, dir string) {
	t.Helper()
	db, err := sqlite.Open(filepath.Join(dir, sqlite.DataFile))
	require.NoError(t, err)
	_, err = db.NewQuery("DELETE FROM users").Execute()
	require.NoError(t, errors.Join(err, db.Close()))
}

// Earlier versions didn't write down the owner, but the database knows the account.
func TestFoldersWithoutAnOwnerFileAreAdopted(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	for _, entry := range []registry.Entry{ada, bob} {
		h.addMeeting(t, entry.Name)
	}
	require.NoError(t, h.exclusively(t.Context(), bob.Name, func() error { return os.Remove(filepath.Join(h.Dir(bob.Name), OwnerFile)) }))
	require.NoError(t, os.MkdirAll(filepath.Dir(h.archivePath(bob.Name)), 0o700))
	h.closeNow(t, bob.Name)
	_, err := h.pack(t.Context(), bob.Name)
	require.NoError(t, err)
	require.NoError(t, h.removeFolder(bob.Name))
	older := h.withOlderGlobal(t)
	require.NoError(t, os.Remove(filepath.Join(h.Dir(ada.Name), OwnerFile)))
	older.start(t)
	for entry, email := range map[registry.Entry]string{ada: "ada@example.com", bob: "bob@example.com"} {
		adopted := older.entry(entry.Name)
		assert.Equal(t, []string{entry.UserID, email}, []string{adopted.UserID, adopted.Email})
		user, err := older.app.FindRecordById("users", entry.UserID)
		require.NoError(t, err)
		_, err = older.Provision(t.Context(), user)
		require.NoError(t, err)
		older.acquire(entry.Name)
		assert.Equal(t, 1, meetings(t, older.Dir(entry.Name)))
	}
	left, err := filepath.Glob(filepath.Join(older.dir, scratchPrefix+"adopt-*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestOwnersOfEarlierDatabasesAreRecorded(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	path := filepath.Join(h.Dir(ada.Name), OwnerFile)
	require.NoError(t, os.Remove(path))
	require.NoError(t, h.RefreshOwnerFiles(t.Context()))
	found, err := readOwner(t.Context(), h.Dir(ada.Name), false)
	require.NoError(t, err)
	assert.Equal(t, owner{Database: ada.Name, User: ada.UserID, Email: "ada@example.com", DataKey: ada.WrappedKey}, found)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
}
