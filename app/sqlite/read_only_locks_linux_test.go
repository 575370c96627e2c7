package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// locksOn returns the locks that this process has on a file.
func locksOn(t *testing.T, path string) (locks []string) {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	text, err := os.ReadFile("/proc/locks")
	require.NoError(t, err)
	process, inode := fmt.Sprintf(" %d ", os.Getpid()), fmt.Sprintf(":%d ", info.Sys().(*syscall.Stat_t).Ino)
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, process) && strings.Contains(line, inode) {
			locks = append(locks, line[strings.Index(line, ":"):])
		}
	}
	slices.Sort(locks)
	return slices.Compact(locks) // the kernel lists some twice while other processes lock files
}

// Without its lock, another process that closes the database would remove the log that is in use.
func TestReadingKeepsTheLocksOfTheServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE t (n INTEGER)")
	before := locksOn(t, path)
	require.NotEmpty(t, before)
	db, err := sqlite.OpenReadOnly(path)
	require.NoError(t, err)
	assert.Zero(t, count(t, db, "t"))
	require.NoError(t, db.Close())
	assert.Equal(t, before, locksOn(t, path))
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}
