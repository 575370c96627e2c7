// Package otherfs gives tests a folder on another file system, across which files can't be renamed.
package otherfs

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
)

// Dir returns a new folder that is removed after the test. On Linux, it is on another file system than t.TempDir();
// on systems without /dev/shm, it is any folder.
func Dir(t testing.TB) string {
	t.Helper()
	const memory = "/dev/shm"
	if _, err := os.Stat(memory); err != nil {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "fathom-to-loom-test-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	t.Logf("%s is on file system %d, %s on %d", dir, Device(t, dir), os.TempDir(), Device(t, os.TempDir()))
	return dir
}

// Device identifies the file system of a folder.
func Device(t testing.TB, dir string) uint64 {
	t.Helper()
	usage, err := disk.UsageOf(dir)
	require.NoError(t, err)
	return usage.Device
}
