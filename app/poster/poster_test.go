package poster_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/poster"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// harness is an open user database with a meeting.
type harness struct {
	t       *testing.T
	db      *userdb.Database
	meeting *core.Record
}

func newHarness(t *testing.T, quota int64) *harness {
	t.Helper()
	global := dbtest.NewGlobal(t)
	keys, err := vault.New(bytes.Repeat([]byte("k"), vault.KeySize))
	require.NoError(t, err)
	databases := userdb.New(userdb.Config{App: global, Dir: filepath.Join(t.TempDir(), "user_dbs"), Vault: keys, Quota: quota})
	require.NoError(t, databases.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, databases.Stop(context.Background())) })
	entry, err := databases.Provision(t.Context(), dbtest.NewUser(t, global, "ada@example.com"))
	require.NoError(t, err)
	handle, err := databases.Acquire(t.Context(), entry.Name)
	require.NoError(t, err)
	t.Cleanup(handle.Release)
	meetings, err := handle.App.FindCollectionByNameOrId("meetings")
	require.NoError(t, err)
	h := &harness{t: t, db: handle.Database, meeting: core.NewRecord(meetings)}
	h.meeting.Set("recording_id", 1)
	h.meeting.Set("title", "Weekly sync")
	require.NoError(t, h.db.App.Save(h.meeting))
	return h
}

// files returns the names of the files of the meeting.
func (h *harness) files() (names []string) {
	h.t.Helper()
	paths, err := filepath.Glob(filepath.Join(h.db.App.DataDir(), "storage", h.meeting.BaseFilesPath(), "*"))
	require.NoError(h.t, err)
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}
	return names
}

// shown returns what is shown of the meeting now.
func (h *harness) shown() poster.Picture {
	h.t.Helper()
	meeting, err := h.db.App.FindRecordById("meetings", h.meeting.Id)
	require.NoError(h.t, err)
	shown, err := poster.Of(h.db, meeting)
	require.NoError(h.t, err)
	return shown
}

func (h *harness) save(content []byte) (string, error) {
	return poster.Save(h.t.Context(), h.db, h.meeting.Id, content)
}

// eventually waits for what PocketBase does in the background.
func (h *harness) eventually(done func() bool) {
	h.t.Helper()
	require.Eventually(h.t, done, time.Minute, 10*time.Millisecond)
}

func TestPosterTakesThePlaceOfTheTile(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	assert.True(t, h.shown().Drawn)
	assert.Equal(t, "image/svg+xml", h.shown().Type)
	assert.Contains(t, string(h.shown().Content), ">WS</text>")

	name, err := h.save(picture(t, 640, 360, 80, false))
	require.NoError(t, err)
	first := h.shown()
	assert.Equal(t, poster.Picture{Content: first.Content, Type: "image/jpeg", Tag: name}, first)
	assert.Equal(t, []string{name}, h.files())
	info, err := os.Stat(filepath.Join(h.db.App.DataDir(), "storage", h.meeting.BaseFilesPath(), name))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	other, err := h.save(picture(t, 320, 180, 80, true))
	require.NoError(t, err)
	assert.NotEqual(t, name, other)
	assert.NotEqual(t, first.Content, h.shown().Content)
	h.eventually(func() bool { return len(h.files()) == 1 })
	assert.Equal(t, []string{other}, h.files(), "the earlier poster is removed")

	require.NoError(t, os.Remove(filepath.Join(h.db.App.DataDir(), "storage", h.meeting.BaseFilesPath(), other)))
	assert.True(t, h.shown().Drawn, "a file that is missing costs only the picture")
}

func TestPosterIsDeletedWithItsMeeting(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	_, err := h.save(picture(t, 64, 36, 80, false))
	require.NoError(t, err)
	require.NoError(t, h.db.App.Delete(h.meeting))
	h.eventually(func() bool { return len(h.files()) == 0 })
	_, err = h.save(picture(t, 64, 36, 80, false))
	require.ErrorIs(t, err, poster.ErrNoMeeting)
	assert.Empty(t, h.files())
}

func TestRefusedPictureChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	_, err := h.save([]byte("no picture"))
	var invalid *poster.InvalidError
	require.ErrorAs(t, err, &invalid)
	_, err = h.save(picture(t, 64, 36, 80, false))
	var full *ledger.QuotaError
	require.ErrorAs(t, err, &full)
	assert.Contains(t, full.Message(), "Your storage is full")
	assert.Empty(t, h.files())
	assert.True(t, h.shown().Drawn)
}

// Two tabs may capture a frame at the same time.
func TestPostersOfAMeetingMaySaveAtTheSameTime(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	content := picture(t, 64, 36, 80, false)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			_, err := h.save(content)
			assert.NoError(t, err)
		})
	}
	group.Wait()
	h.eventually(func() bool { return len(h.files()) == 1 })
	assert.False(t, h.shown().Drawn, "the poster that the record names is the one that is left")
}

func TestPostersCountTowardsTheQuota(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	before, err := h.db.Space.Usage()
	require.NoError(t, err)
	_, err = h.save(picture(t, 320, 320, 70, true))
	require.NoError(t, err)
	after, err := h.db.Space.Usage()
	require.NoError(t, err)
	assert.GreaterOrEqual(t, after.Used-before.Used, int64(len(h.shown().Content)))
	assert.Zero(t, after.Reserved)
}
