package userdb

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// watchedInodes returns the inodes that this process watches with inotify.
func watchedInodes(t *testing.T) map[uint64]bool {
	t.Helper()
	watched := map[uint64]bool{}
	infos, err := filepath.Glob("/proc/self/fdinfo/*")
	require.NoError(t, err)
	for _, path := range infos {
		file, err := os.Open(path)
		if err != nil {
			continue // closed meanwhile
		}
		for lines := bufio.NewScanner(file); lines.Scan(); {
			for _, field := range strings.Fields(lines.Text()) {
				if inode, ok := strings.CutPrefix(field, "ino:"); ok && strings.HasPrefix(lines.Text(), "inotify ") {
					number, err := strconv.ParseUint(inode, 16, 64)
					require.NoError(t, err)
					watched[number] = true
				}
			}
		}
		require.NoError(t, file.Close())
	}
	return watched
}

// Linux allows a user only 128 instances of inotify. PocketBase would use one for each open database.
func TestOpenDatabasesWatchNoFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for i := range 20 {
		h.acquire(h.provision(fmt.Sprintf("user%d@example.com", i)).Name)
	}
	watched, checked := watchedInodes(t), 0
	require.NoError(t, filepath.Walk(h.dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		checked++
		assert.False(t, watched[info.Sys().(*syscall.Stat_t).Ino], path)
		return nil
	}))
	assert.Greater(t, checked, 40, "a folder and a file for each database")
}
