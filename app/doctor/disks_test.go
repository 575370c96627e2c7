package doctor_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/otherfs"
)

func TestFileSystemsAreJudged(t *testing.T) {
	t.Parallel()
	for fsType, status := range map[string]doctor.Status{
		"ext4": doctor.OK, "xfs": doctor.OK, "fuseblk": doctor.OK, "nfs4": doctor.Fail, "cifs": doctor.Fail, "9p": doctor.Fail, "fuse.sshfs": doctor.Fail,
		"fuse.s3fs": doctor.Fail, "fuse.mergerfs": doctor.Warn, "virtiofs": doctor.Warn, "tmpfs": doctor.Warn, "overlay": doctor.Warn,
	} {
		dir := t.TempDir()
		cfg := doctor.Config{Mounts: func() ([]doctor.Mount, error) {
			return []doctor.Mount{{Point: "/", Type: "nfs"}, {Point: dir, Type: "nfs"}, {Point: dir, Type: fsType}, {Point: dir + "-other", Type: "nfs"}}, nil
		}}
		want := fsType
		requireFinding(t, examine(t, dir, cfg), "file systems", status, want)
	}
	usage := func(dir string) (disk.Usage, error) {
		return disk.Usage{Device: uint64(len(filepath.Base(dir))), Size: 1 << 40, Free: 1 << 39, ReadOnly: filepath.Base(dir) == "user_dbs"}, nil
	}
	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.Stop())
	report := examine(t, s.Dir, doctor.Config{Usage: usage})
	requireFinding(t, report, "file systems", doctor.Fail, "user_dbs is read-only")
	requireFinding(t, report, "file systems", doctor.Warn, "on different file systems")
}

func TestStorageOnOtherFileSystemsIsReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	who := s.SignUp("ada@example.com")
	folder := s.App.Databases.Dir(who.Name)
	require.NoError(t, s.Stop())
	other := otherfs.Dir(t)
	if otherfs.Device(t, other) == otherfs.Device(t, folder) {
		other = filepath.Join(other, "missing")
	}
	storage := filepath.Join(folder, "storage")
	require.NoError(t, os.RemoveAll(storage))
	require.NoError(t, os.Symlink(other, storage))
	if _, err := os.Stat(other); err == nil {
		requireFinding(t, examine(t, s.Dir, doctor.Config{}), "file systems", doctor.Warn, "the recordings of 1 user database ("+who.Name+") are on another file system")
		require.NoError(t, os.Remove(other))
	}
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "file systems", doctor.Fail, "is a link that leads nowhere")
	require.NoError(t, os.MkdirAll(other, 0o700)) // which the test removes
}

func TestSpaceIsExamined(t *testing.T) {
	t.Parallel()
	const much = 1 << 40
	for name, test := range map[string]struct {
		usage  disk.Usage
		status doctor.Status
		want   string
	}{
		"enough":         {disk.Usage{Free: much, Files: 1 << 20, NewFiles: 1 << 19}, doctor.OK, "1.1 TB free"},
		"full":           {disk.Usage{Free: 1 << 20}, doctor.Fail, "is full"},
		"little":         {disk.Usage{Free: 500e6}, doctor.Warn, "only 500 MB are free"},
		"no inodes":      {disk.Usage{Free: much, Files: 1 << 20}, doctor.Fail, "has no inodes left"},
		"few inodes":     {disk.Usage{Free: much, Files: 1 << 20, NewFiles: 5000}, doctor.Warn, "only 5000 more files"},
		"dynamic inodes": {disk.Usage{Free: much}, doctor.OK, "free"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := doctor.Config{Usage: func(string) (disk.Usage, error) { return test.usage, nil }}
			requireFinding(t, examine(t, t.TempDir(), cfg), "disk space", test.status, test.want)
		})
	}
	broken := doctor.Config{Usage: func(string) (disk.Usage, error) { return disk.Usage{}, errors.New("stale file handle") }}
	requireFinding(t, examine(t, t.TempDir(), broken), "disk space", doctor.Fail, "stale file handle")
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "pb_data"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pb_data", disk.ReserveName), nil, 0o600))
	enough := doctor.Config{Usage: func(string) (disk.Usage, error) { return disk.Usage{Free: much}, nil }}
	requireFinding(t, examine(t, dir, enough), "disk space", doctor.Warn, "its reserve is not complete")
}

func TestOpenFilesAreCounted(t *testing.T) {
	t.Parallel()
	limit := func(n uint64) doctor.Config { return doctor.Config{OpenFiles: func() uint64 { return n }} }
	requireFinding(t, examine(t, t.TempDir(), limit(1024)), "open files", doctor.Warn, "may open 1024 files, but 500 databases")
	requireFinding(t, examine(t, t.TempDir(), limit(1024), "USER_DB_MAX_OPEN=20"), "open files", doctor.OK, "enough for 20 databases")
}
