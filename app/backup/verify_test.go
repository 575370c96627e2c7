package backup_test

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

// spaceOf returns a ledger of a disk with so many free bytes above the reserve.
func spaceOf(bytes int64) *ledger.Ledger {
	return ledger.New(ledger.Config{Free: func(string) (int64, error) { return ledger.DefaultReserve + bytes, nil }})
}

func TestVerifyLeavesTheReserveOfTheDiskFree(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	h.create()
	scratch := t.TempDir()
	_, err := h.Repository.Verify(t.Context(), backup.Latest, scratch, spaceOf(0))
	var full *ledger.DiskError
	require.ErrorAs(t, err, &full, "the backup isn't damaged")
	assertNames(t, scratch)
}

func TestVerifyNeedsNoSpaceForTheRecordingsOfAnArchive(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	video := make([]byte, 40<<20)
	_, _ = rand.Read(video)
	h.addRecording(ada.Name, string(video))
	require.NoError(t, h.databases.Archive(t.Context(), []string{ada.Name}, ignoreOutcome))
	h.create()
	result, err := h.Repository.Verify(t.Context(), backup.Latest, t.TempDir(), spaceOf(24<<20))
	require.NoError(t, err)
	assert.Empty(t, result.Problems)
	assert.Equal(t, 2, result.Databases)
}

func TestFoldersOfVerifications(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.create()
	scratch := filepath.Join(t.TempDir(), "user_dbs")
	used, abandoned := filepath.Join(scratch, ".verify-backup-1"), filepath.Join(scratch, ".verify-backup-2")
	for _, dir := range []string{used, abandoned} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "global"), 0o700))
	}
	lock := flock.New(used, flock.SetFlag(os.O_RDONLY)) // as another process
	locked, err := lock.TryLock()
	require.NoError(t, err)
	require.True(t, locked)
	defer lock.Close()

	startDatabases(t, h.app, scratch, blob.Stores{})
	assert.DirExists(t, used, "a server that starts doesn't take it for unfinished work of its own")
	_, err = h.Repository.Verify(t.Context(), backup.Latest, scratch, h.Ledger)
	require.NoError(t, err)
	assert.DirExists(t, filepath.Join(used, "global"))
	assert.NoDirExists(t, abandoned)
	require.NoError(t, lock.Close())
	h.UserDBsDir = scratch
	_, err = h.Create(t.Context())
	require.NoError(t, err)
	assert.NoDirExists(t, used, "the next backup removes what a crash has left")
}

func TestBackupThatIsRemovedWhileItIsVerifiedIsNotDamaged(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	set := h.create()
	removing := &removingStore{Store: h.store, remove: func() { assert.NoError(t, os.RemoveAll(h.dir)) }}
	_, err := backup.NewRepository(removing, h.keys).Verify(t.Context(), set.Name, t.TempDir(), h.Ledger)
	require.ErrorIs(t, err, backup.ErrNoSet)
	assert.ErrorContains(t, err, "was removed while it was verified")
}

// removingStore removes something before the second file is read.
type removingStore struct {
	store.Store
	mu     sync.Mutex
	reads  int
	remove func()
}

func (s *removingStore) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	s.mu.Lock()
	if s.reads++; s.reads == 2 {
		s.remove()
	}
	s.mu.Unlock()
	return s.Store.Open(ctx, key)
}
