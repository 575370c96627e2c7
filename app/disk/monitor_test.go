package disk_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
)

const mb = 1 << 20

// simulated is a simulated file system with a real reserve file.
type simulated struct {
	total    int64 // bytes that are free without the reserve
	readOnly bool
}

type fixture struct {
	*disk.Monitor
	dir   string
	log   *logtest.Buffer
	state *simulated
}

func newFixture(t *testing.T, dir string, total int64) fixture {
	t.Helper()
	f := fixture{dir: dir, log: &logtest.Buffer{}, state: &simulated{total: total}}
	f.Monitor = disk.New(disk.Config{Dirs: []string{dir}, Logger: slog.New(slog.NewTextHandler(f.log, nil)), Usage: func(string) (disk.Usage, error) {
		return disk.Usage{Free: f.state.total - f.reserved(t), ReadOnly: f.state.readOnly}, nil
	}})
	require.NoError(t, f.Prepare())
	return f
}

// reserved returns the size of the reserve file, 0 without one.
func (f fixture) reserved(t *testing.T) int64 {
	info, err := os.Stat(filepath.Join(f.dir, disk.ReserveName))
	if os.IsNotExist(err) {
		return 0
	}
	if !assert.NoError(t, err) {
		return 0
	}
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	return info.Size()
}

func TestReserveIsReleasedAndCreatedAgain(t *testing.T) {
	f := newFixture(t, t.TempDir(), 500*mb)
	assert.EqualValues(t, 64*mb, f.reserved(t))
	require.NoError(t, f.CheckSpace())

	f.state.total = 64*mb + 15*mb // others have used the rest
	f.Check()
	assert.EqualValues(t, 16*mb, f.reserved(t), "a part is kept for the next start")
	require.ErrorIs(t, f.CheckSpace(), syscall.ENOSPC)
	assert.Equal(t, disk.Full, f.Problem())
	assert.Contains(t, f.log.String(), "disk is full")

	f.state.total = 95 * mb
	f.Check()
	require.ErrorIs(t, f.CheckSpace(), disk.ErrFull, "the space is needed for deletions")

	f.state.total = 96 * mb
	f.Check()
	require.NoError(t, f.CheckSpace())
	assert.EqualValues(t, 64*mb, f.reserved(t))
	assert.Equal(t, disk.NoFault, f.Problem())
}

func TestReserveLetsTheServerStartOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	f := newFixture(t, dir, 500*mb)
	require.EqualValues(t, 64*mb, f.reserved(t))

	f = newFixture(t, dir, 64*mb) // nothing but the reserve is left
	assert.Zero(t, f.reserved(t))
	require.Error(t, f.CheckSpace())

	f = newFixture(t, dir, 60*mb) // a later start has used some of it
	require.Error(t, f.CheckSpace(), "the rest of the reserve is not for new data")
}

func TestServerStartsAgainAfterTheReleasedSpaceWasUsed(t *testing.T) {
	dir := t.TempDir()
	f := newFixture(t, dir, 500*mb)
	f.state.total = 64*mb + 1
	f.Check()
	f.state.total = 16 * mb // others have used what was released
	f.Check()
	require.EqualValues(t, 16*mb, f.reserved(t))
	f = newFixture(t, dir, 16*mb)
	assert.Zero(t, f.reserved(t))
	require.Error(t, f.CheckSpace())
}

func TestSmallDiskHasNoReserve(t *testing.T) {
	f := newFixture(t, t.TempDir(), 90*mb)
	assert.Zero(t, f.reserved(t))
	require.NoError(t, f.CheckSpace())
	f.state.total = 10 * mb
	f.Check()
	require.Error(t, f.CheckSpace())
}

func TestReadOnlyDiskIsReported(t *testing.T) {
	f := newFixture(t, t.TempDir(), 500*mb)
	f.state.readOnly = true
	f.Check()
	assert.Equal(t, disk.ReadOnly, f.Problem())
	f.Check()
	assert.Equal(t, 1, strings.Count(f.log.String(), "disk is read-only"), "it is logged once")
	f.state.readOnly = false
	f.Check()
	assert.Equal(t, disk.NoFault, f.Problem())
}

func TestEachFileSystemHasOneReserve(t *testing.T) {
	dirs := []string{t.TempDir(), t.TempDir(), t.TempDir()}
	devices := map[string]uint64{dirs[0]: 1, dirs[1]: 1, dirs[2]: 2}
	m := disk.New(disk.Config{Dirs: dirs, Usage: func(dir string) (disk.Usage, error) {
		return disk.Usage{Device: devices[dir], Free: 500 * mb}, nil
	}})
	require.NoError(t, m.Prepare())
	assert.FileExists(t, filepath.Join(dirs[0], disk.ReserveName))
	assert.NoFileExists(t, filepath.Join(dirs[1], disk.ReserveName))
	assert.FileExists(t, filepath.Join(dirs[2], disk.ReserveName))
	usage, err := disk.UsageOf(dirs[0])
	require.NoError(t, err)
	assert.Positive(t, usage.Free)
}

func TestWritableDirectory(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, disk.CheckWritable(dir, "missing.db"))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, files, "the check leaves nothing behind")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "data.db"), 0o700))
	require.Error(t, disk.CheckWritable(dir, "data.db"))
}
