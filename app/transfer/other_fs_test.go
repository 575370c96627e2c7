package transfer_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
)

// otherFileSystem returns an empty folder, if possible on another file system than the tests' data.
func otherFileSystem(t *testing.T) string {
	t.Helper()
	base := t.TempDir()
	own, err := disk.UsageOf(base)
	require.NoError(t, err)
	if memory, err := disk.UsageOf("/dev/shm"); err == nil && memory.Device != own.Device {
		dir, err := os.MkdirTemp("/dev/shm", "fathom-to-loom-test-")
		require.NoError(t, err)
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return dir
	}
	t.Log("this machine has no second file system: the test only covers a link")
	return base
}
