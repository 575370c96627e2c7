package ledger_test

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/internal/otherfs"
)

// newRemoteAccount returns an account whose only stored files are remote: their sizes by their keys.
func newRemoteAccount(l *ledger.Ledger, dir string, quota int64, stored map[string]int64) *ledger.Account {
	return l.Account(ledger.AccountConfig{
		Dir: dir, Quota: quota, Shrink: func() {},
		Growing: func() (int64, error) { return 0, nil },
		Stored: func(skip func(string) bool) (int64, error) {
			var bytes int64
			for key, size := range stored {
				if !skip(key) {
					bytes += size
				}
			}
			return bytes, nil
		},
	})
}

func TestRemoteFileCountsTowardsTheQuotaButNeedsNoDiskSpace(t *testing.T) {
	l, d := newLedger(reserve + mb) // far less than is stored below
	stored := map[string]int64{"db/other": 7 * mb, "db/upload": 16 * mb}
	account := newRemoteAccount(l, t.TempDir(), 60*mb, stored)
	expect := func(used, reserved int64) {
		t.Helper()
		usage, err := account.Usage()
		require.NoError(t, err)
		assert.Equal(t, ledger.Usage{Used: used, Reserved: reserved}, usage)
	}
	spec := ledger.FileSpec{What: "video", Remote: true, Key: "db/upload", Existing: 16 * mb, Max: 500 * mb}

	spec.Size = 54 * mb
	_, err := account.OpenFile(spec)
	var over *ledger.QuotaError
	require.ErrorAs(t, err, &over)
	assert.EqualValues(t, 53*mb, over.Available)
	expect(23*mb, 0)

	spec.Size = 40 * mb
	space, err := account.OpenFile(spec)
	require.NoError(t, err)
	expect(23*mb, 24*mb)
	written := int64(16 * mb)
	for ; written < 37*mb; written += 300_000 {
		require.NoError(t, space.Allow(written+300_000))
	}
	stored["db/upload"] = 32 * mb // the parts that were saved meanwhile don't count twice
	account.Changed()
	expect(7*mb+written, 40*mb-written)
	require.NoError(t, account.Check("record", 100), "rows are not refused because of a remote file")
	assert.EqualValues(t, reserve+mb, d.free.Load())
	require.NoError(t, space.Close())
	require.NoError(t, space.Close())
	expect(39*mb, 0)

	spec.Size, spec.Existing = 0, 32*mb
	space, err = account.OpenFile(spec)
	require.NoError(t, err)
	require.NoError(t, space.Allow(53*mb))
	require.ErrorAs(t, space.Allow(54*mb), &over)
	require.NoError(t, space.Allow(0), "it was discarded")
	require.NoError(t, space.Close())

	unlimited := newRemoteAccount(l, t.TempDir(), 0, stored)
	space, err = unlimited.OpenFile(ledger.FileSpec{What: "video", Remote: true, Size: 400 * mb, Max: 500 * mb})
	require.NoError(t, err)
	require.NoError(t, space.Allow(400*mb))
	var tooLarge *ledger.SizeError
	require.ErrorAs(t, space.Allow(501*mb), &tooLarge)
	require.NoError(t, space.Close())
	_, err = l.Reserve(t.TempDir(), "rest", mb)
	require.NoError(t, err, "nothing was reserved on disk")
}

func TestRemoteFileThatIsStoredUnderAnotherKeyCountsOnce(t *testing.T) {
	l, _ := newLedger(1 << 40)
	stored := map[string]int64{"db/first": 16 * mb}
	account := newRemoteAccount(l, t.TempDir(), 60*mb, stored)
	space, err := account.OpenFile(ledger.FileSpec{What: "video", Remote: true, Key: "db/first", Existing: 16 * mb})
	require.NoError(t, err)
	require.NoError(t, space.Allow(0), "its bytes were discarded")
	delete(stored, "db/first")
	space.SetKey("db/second")
	require.NoError(t, space.Allow(32*mb))
	stored["db/second"] = 32 * mb
	account.Changed()
	usage, err := account.Usage()
	require.NoError(t, err)
	assert.EqualValues(t, 32*mb, usage.Used)
	require.NoError(t, space.Allow(59*mb), "the quota has space for it")
	require.NoError(t, space.Close())
	usage, err = account.Usage()
	require.NoError(t, err)
	assert.Equal(t, ledger.Usage{Used: 32 * mb}, usage)
}

// The folder of the recordings may be a link to another file system than that of the database.
func TestFileIsReservedOnTheFileSystemOfItsFolder(t *testing.T) {
	other := otherfs.Dir(t)
	database := t.TempDir()
	if otherfs.Device(t, other) == otherfs.Device(t, database) {
		t.Log("only one file system: the test can't tell both apart")
		return
	}
	require.NoError(t, os.Symlink(other, filepath.Join(database, "storage")))
	free := map[uint64]*atomic.Int64{otherfs.Device(t, other): {}, otherfs.Device(t, database): {}}
	free[otherfs.Device(t, other)].Store(reserve + 50*mb)
	free[otherfs.Device(t, database)].Store(reserve + 5*mb)
	l := ledger.New(ledger.Config{Reserve: reserve, Free: func(dir string) (int64, error) {
		return free[otherfs.Device(t, dir)].Load(), nil
	}})
	account := newAccount(l, database, 0, new(atomic.Int64), func() {})

	linked := filepath.Join(database, "storage", ".partial", "video.part") // its folder doesn't exist yet
	space, err := account.OpenFile(ledger.FileSpec{What: "video", Path: linked, Size: 40 * mb})
	require.NoError(t, err, "there is space on the other file system")
	_, err = account.OpenFile(ledger.FileSpec{What: "video", Path: linked + "2", Size: 11 * mb})
	require.ErrorIs(t, err, syscall.ENOSPC, "10 MB are left there")
	_, err = account.OpenFile(ledger.FileSpec{What: "video", Path: filepath.Join(database, "partial"), Size: 6 * mb})
	require.ErrorIs(t, err, syscall.ENOSPC, "5 MB are left beside the database")
	require.NoError(t, account.Check("record", 2*mb))

	require.NoError(t, space.Allow(mb))
	free[otherfs.Device(t, database)].Store(0)
	require.NoError(t, space.Allow(20*mb), "only its own file system matters")
	free[otherfs.Device(t, other)].Store(reserve)
	require.ErrorIs(t, space.Allow(40*mb), syscall.ENOSPC)
	require.NoError(t, space.Close())
}

func TestNothingIsReservedBehindALinkThatLeadsNowhere(t *testing.T) {
	l, _ := newLedger(1 << 40)
	database := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(t.TempDir(), "unmounted"), filepath.Join(database, "storage")))
	account := newAccount(l, database, 0, new(atomic.Int64), func() {})
	_, err := account.OpenFile(ledger.FileSpec{What: "video", Path: filepath.Join(database, "storage", "a", "video"), Size: mb})
	require.ErrorIs(t, err, os.ErrNotExist)
}
