package userdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// reinstatement returns the present state of a database as a backup would contain it.
func (h *harness) reinstatement(t *testing.T, entry registry.Entry) Reinstatement {
	t.Helper()
	owned, err := registry.ReadOwned(t.Context(), h.app.ConcurrentDB(), entry.Name)
	require.NoError(t, err)
	folder := filepath.Join(h.dir, scratchPrefix+"backup-test")
	require.NoError(t, os.CopyFS(folder, os.DirFS(h.Dir(entry.Name))))
	return Reinstatement{Folder: folder, Owned: owned, Replace: true}
}

// meetings returns how many meetings a database file contains.
func meetings(t *testing.T, dir string) (n int) {
	t.Helper()
	db, err := sqlite.OpenReadOnly(filepath.Join(dir, sqlite.DataFile))
	require.NoError(t, err)
	require.NoError(t, db.Select("COUNT(*)").From("meetings").Row(&n))
	require.NoError(t, db.Close())
	return n
}

func (h *harness) addMeeting(t *testing.T, name string) {
	t.Helper()
	handle, err := h.Acquire(t.Context(), name)
	require.NoError(t, err)
	_, err = handle.App.NonconcurrentDB().Insert("meetings", dbx.Params{"id": "m" + time.Now().Format("150405.000000"), "recording_id": time.Now().UnixNano()}).Execute()
	require.NoError(t, err)
	handle.Release()
}

// A failure in the middle of the replacement must neither lose the former database nor the restored one, nor leave the user with an empty
// one.
func TestFailedReplacementIsCompleted(t *testing.T) {
	t.Parallel()
	for _, restarted := range []bool{false, true} {
		h := newHarness(t)
		entry := h.provision("ada@example.com")
		h.addMeeting(t, entry.Name)
		h.closeNow(t, entry.Name)
		r := h.reinstatement(t, entry)
		h.addMeeting(t, entry.Name)
		failure := errors.New("too many open files")
		failing := false
		h.fileSystem = func(string) (uint64, error) {
			if failing {
				return 0, failure
			}
			return 1, nil
		}
		r.Complete = func(context.Context) error { // nothing has changed yet
			failing = true
			return nil
		}
		_, err := h.Reinstate(t.Context(), r)
		require.ErrorIs(t, err, failure)
		user, err := h.app.FindRecordById("users", entry.UserID)
		require.NoError(t, err)
		_, err = h.Provision(t.Context(), user)
		require.ErrorIs(t, err, failure, "the user doesn't get an empty database")
		failing = false
		s := h.Service
		if restarted {
			require.NoError(t, h.Stop(context.Background()))
			s = New(Config{App: h.app, Dir: h.dir, Vault: h.vault, Now: h.now, Retention: h.retention})
			require.NoError(t, s.Start(t.Context()))
			t.Cleanup(func() { require.NoError(t, s.Stop(context.Background())) })
		}
		_, err = s.Provision(t.Context(), user)
		require.NoError(t, err)
		assert.Equal(t, 1, meetings(t, s.Dir(entry.Name)))
		former, err := filepath.Glob(filepath.Join(s.dir, formerPrefix+"*"))
		require.NoError(t, err)
		require.Len(t, former, 1)
		assert.Equal(t, 2, meetings(t, filepath.Join(former[0], entry.Name)), "the former database is kept")
		assert.NoDirExists(t, s.stagedImport(entry.Name))
	}
}

// closeNow closes a database, so that its files are complete.
func (h *harness) closeNow(t *testing.T, name string) {
	t.Helper()
	require.NoError(t, h.exclusively(t.Context(), name, func() error {
		return sqlite.Checkpoint(t.Context(), filepath.Join(h.Dir(name), sqlite.DataFile))
	}))
}

func TestReplacedDatabaseIsRemovedAfterTheGracePeriod(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	h.closeNow(t, entry.Name)
	r := h.reinstatement(t, entry)
	h.archiveNow(h.entry(entry.Name))
	result, err := h.Reinstate(t.Context(), r)
	require.NoError(t, err)
	assert.FileExists(t, filepath.Join(result.Former, entry.Name+".tar.zst"), "it was archived")
	require.NoError(t, h.ApplyRetention(t.Context()))
	assert.DirExists(t, result.Former)
	h.clock.Advance(h.retention.DeleteGrace)
	require.NoError(t, h.ApplyRetention(t.Context()))
	assert.NoDirExists(t, result.Former)
	h.acquire(entry.Name)
}
