package ledger_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

const (
	mb      = 1_000_000
	reserve = 10 * mb
)

// disk is a file system of a limited size.
type disk struct{ free atomic.Int64 }

func newLedger(free int64) (*ledger.Ledger, *disk) {
	d := &disk{}
	d.free.Store(free)
	return ledger.New(ledger.Config{Reserve: reserve, Free: func(string) (int64, error) { return d.free.Load(), nil }}), d
}

// newAccount returns an account whose stored files are those in dir and whose rows take the given bytes.
func newAccount(l *ledger.Ledger, dir string, quota int64, rows *atomic.Int64, shrink func()) *ledger.Account {
	return l.Account(ledger.AccountConfig{
		Dir: dir, Quota: quota, Shrink: shrink,
		Growing: func() (int64, error) { return rows.Load(), nil },
		Stored: func(skip func(string) bool) (int64, error) {
			entries, err := os.ReadDir(dir)
			var bytes int64
			for _, entry := range entries {
				if path := filepath.Join(dir, entry.Name()); !skip(path) {
					info, statErr := os.Stat(path)
					err = errors.Join(err, statErr)
					bytes += info.Size()
				}
			}
			return bytes, err
		},
	})
}

// write writes a file in pieces, as large as the account and the disk allow, and returns its size and the error.
func (d *disk) write(space *ledger.File, path string, upTo, piece int64) (size int64, err error) {
	for size < upTo {
		next := min(size+piece, upTo)
		if err := space.Allow(next); err != nil {
			return size, err
		}
		d.free.Add(size - next)
		size = next
		if err := truncate(path, size); err != nil {
			return size, err
		}
	}
	return size, nil
}

func truncate(path string, size int64) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(file.Truncate(size), file.Close())
}

func TestConcurrentWritersNeverUseTheReserveOfTheDisk(t *testing.T) {
	const writers, upTo = 8, 40 * mb
	for name, known := range map[string]int64{"known sizes": upTo, "unknown sizes": 0} {
		t.Run(name, func(t *testing.T) {
			l, d := newLedger(reserve + 100*mb)
			var group sync.WaitGroup
			var complete atomic.Int64
			failures := make(chan error, writers)
			for range writers {
				dir := t.TempDir()
				account := newAccount(l, dir, 0, new(atomic.Int64), func() {})
				group.Go(func() {
					path := filepath.Join(dir, "file")
					space, err := account.OpenFile(ledger.FileSpec{What: "video", Path: path, Size: known})
					if err == nil {
						if _, err = d.write(space, path, upTo, 300_000); err == nil {
							complete.Add(1)
						}
						err = errors.Join(err, space.Close())
					}
					failures <- err
				})
			}
			group.Wait()
			close(failures)
			assert.GreaterOrEqual(t, d.free.Load(), int64(reserve))
			for err := range failures {
				if err != nil {
					require.ErrorIs(t, err, syscall.ENOSPC)
				}
			}
			if known > 0 {
				assert.EqualValues(t, 2, complete.Load(), "writers that fit are not disturbed by those that don't")
			} else {
				assert.Less(t, complete.Load(), int64(writers))
			}
			_, err := l.Reserve(t.TempDir(), "rest", d.free.Load()-reserve)
			require.NoError(t, err, "nothing remains reserved")
		})
	}
}

func TestConcurrentWritersNeverExceedTheQuota(t *testing.T) {
	const quota, rows = 50 * mb, 3 * mb
	l, d := newLedger(1 << 40)
	dir := t.TempDir()
	used := new(atomic.Int64)
	used.Store(rows)
	account := newAccount(l, dir, quota, used, func() {})
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() {
			path := filepath.Join(dir, string(rune('a'+i)))
			spec := ledger.FileSpec{What: "video", Path: path}
			if i%2 == 0 {
				spec.Size = 12 * mb
			}
			space, err := account.OpenFile(spec)
			if err == nil {
				_, err = d.write(space, path, 12*mb, 777_777)
				err = errors.Join(err, space.Close())
			}
			if over, refused := errors.AsType[*ledger.QuotaError](err); err != nil {
				assert.True(t, refused, err)
				assert.EqualValues(t, quota, over.Quota)
			}
			for range 20 {
				account.Changed()
				if _, err := account.Usage(); !assert.NoError(t, err) {
					return
				}
				space, err := account.Reserve("record", 100_000)
				if err == nil {
					used.Add(100_000)
				}
				space.Release()
			}
		})
	}
	group.Wait()
	usage, err := account.Usage()
	require.NoError(t, err)
	assert.Zero(t, usage.Reserved)
	assert.LessOrEqual(t, usage.Used, int64(quota))
	assert.Greater(t, usage.Used, int64(quota-12*mb), "the quota can be used")
	onDisk := used.Load()
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, file := range files {
		info, err := file.Info()
		require.NoError(t, err)
		onDisk += info.Size()
	}
	assert.Equal(t, onDisk, usage.Used)
}

func TestUsageIsExactWhileAFileIsWritten(t *testing.T) {
	l, d := newLedger(1 << 40)
	dir, rows := t.TempDir(), new(atomic.Int64)
	rows.Store(7)
	account := newAccount(l, dir, 100*mb, rows, func() {})
	path := filepath.Join(dir, "file")
	require.NoError(t, truncate(path, 2*mb))
	require.NoError(t, truncate(filepath.Join(dir, "other"), 5*mb))
	expect := func(used, reserved int64) {
		t.Helper()
		for range 2 { // measured and cached
			usage, err := account.Usage()
			require.NoError(t, err)
			assert.Equal(t, ledger.Usage{Used: used, Reserved: reserved}, usage)
			defer account.Changed()
		}
	}
	expect(7*mb+7, 0)
	space, err := account.OpenFile(ledger.FileSpec{What: "video", Path: path, Size: 30 * mb})
	require.NoError(t, err)
	expect(7*mb+7, 28*mb)
	require.NoError(t, truncate(path, 0))
	require.NoError(t, space.Allow(0))
	expect(5*mb+7, 30*mb)
	_, err = d.write(space, path, 20*mb, mb)
	require.NoError(t, err)
	expect(25*mb+7, 10*mb)
	require.NoError(t, space.Close())
	require.NoError(t, space.Close())
	expect(25*mb+7, 0)
	require.NoError(t, os.Remove(path))
	account.Changed()
	expect(5*mb+7, 0)
}

func TestWriterStopsWhenAnotherProgramFillsTheDisk(t *testing.T) {
	l, d := newLedger(reserve + 100*mb)
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	account := newAccount(l, dir, 0, new(atomic.Int64), func() {})
	space, err := account.OpenFile(ledger.FileSpec{What: "video", Path: path, Size: 90 * mb})
	require.NoError(t, err)
	require.NoError(t, space.Allow(mb))
	d.free.Store(reserve + 20*mb)
	size, err := d.write(space, path, 90*mb, mb)
	require.ErrorIs(t, err, syscall.ENOSPC)
	assert.Less(t, size, int64(21*mb))
	assert.GreaterOrEqual(t, d.free.Load(), int64(reserve))
	require.NoError(t, space.Close())
}

func TestRefusalsSayWhatIsNeededAndWhatIsLeft(t *testing.T) {
	l, d := newLedger(reserve + 1000*mb)
	dir, rows := t.TempDir(), new(atomic.Int64)
	rows.Store(54 * mb)
	account := newAccount(l, dir, 60*mb, rows, func() {})
	path := filepath.Join(dir, "file")
	open := func(size int64) error {
		_, err := account.OpenFile(ledger.FileSpec{What: "video", Path: path, Size: size, Max: 500 * mb})
		return err
	}
	var over *ledger.QuotaError
	require.ErrorAs(t, open(26*mb), &over)
	assert.Contains(t, over.Message(), "This video needs 26 MB; 6.0 MB of your 60 MB are left. Delete ")

	space, err := account.OpenFile(ledger.FileSpec{What: "video", Path: path, Max: 500 * mb})
	require.NoError(t, err)
	_, err = d.write(space, path, 26*mb, mb)
	require.ErrorAs(t, err, &over)
	assert.Contains(t, over.Message(), "This video needs more than the 6.0 MB of your 60 MB that are left. Delete ")
	require.NoError(t, os.Remove(path))
	require.NoError(t, space.Close())

	rows.Store(61 * mb)
	require.ErrorAs(t, account.Check("record", 1), &over)
	assert.Contains(t, over.Message(), "Your storage is full")

	rows.Store(0)
	var tooLarge *ledger.SizeError
	require.ErrorAs(t, open(501*mb), &tooLarge)
	assert.Equal(t, "This video has 501 MB, but the maximum on this server is 500 MB.", tooLarge.Message())

	unlimited := newAccount(l, dir, 0, rows, func() {})
	space, err = unlimited.OpenFile(ledger.FileSpec{What: "video", Path: path, Max: 5 * mb})
	require.NoError(t, err)
	require.NoError(t, space.Allow(5*mb))
	require.ErrorAs(t, space.Allow(5*mb+1), &tooLarge)
	assert.Equal(t, "This video is larger than 5.0 MB, the maximum on this server.", tooLarge.Message())
	require.NoError(t, space.Close())

	var full *ledger.DiskError
	_, err = unlimited.OpenFile(ledger.FileSpec{What: "video", Path: path, Size: 2000 * mb})
	require.ErrorAs(t, err, &full)
	assert.Equal(t, d.free.Load()-reserve, full.Available)
	assert.Contains(t, full.Message(), "disk is full")
	assert.Contains(t, full.Message(), "2.0 GB")
}

func TestRowsAreShrunkBeforeAWriteIsRefused(t *testing.T) {
	l, _ := newLedger(1 << 40)
	rows := new(atomic.Int64)
	rows.Store(19 * mb)
	shrunk := 0
	account := newAccount(l, t.TempDir(), 20*mb, rows, func() { shrunk++; rows.Store(9 * mb) })
	require.NoError(t, account.Check("record", mb))
	assert.Zero(t, shrunk)
	require.NoError(t, account.Check("record", 2*mb))
	assert.Equal(t, 1, shrunk)
}

func TestWriterOfUnknownSizeStopsAtTheReserve(t *testing.T) {
	l, d := newLedger(reserve + 10*mb)
	writer := l.Writer(t.TempDir(), "user database")
	var written int64
	for ; ; written += 100_000 {
		if err := writer.Allow(100_000); err != nil {
			require.ErrorIs(t, err, syscall.ENOSPC)
			break
		}
		d.free.Add(-100_000)
	}
	assert.Greater(t, written, int64(5*mb))
	assert.GreaterOrEqual(t, d.free.Load(), int64(reserve))
	writer.Release()
	_, err := l.Reserve(t.TempDir(), "rest", d.free.Load()-reserve)
	require.NoError(t, err, "nothing remains reserved")
}

func BenchmarkAllow(b *testing.B) {
	l, _ := newLedger(1 << 60)
	dir := b.TempDir()
	account := newAccount(l, dir, 1<<60, new(atomic.Int64), func() {})
	space, err := account.OpenFile(ledger.FileSpec{What: "video", Path: filepath.Join(dir, "file")})
	require.NoError(b, err)
	var size int64
	for b.Loop() {
		size += 32 << 10
		if err := space.Allow(size); err != nil {
			b.Fatal(err)
		}
	}
}
