package e2e

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// volume is a real file system of limited size that a test can fill up or break.
type volume struct {
	t     *testing.T
	image string
	dir   string // where it is mounted
}

// newVolume creates an ext4 file system in a file and mounts it until the test ends.
func newVolume(t *testing.T, sizeMB int64) *volume {
	t.Helper()
	parent := t.TempDir()
	v := &volume{t: t, image: filepath.Join(parent, "image"), dir: filepath.Join(parent, "volume")}
	require.NoError(t, os.WriteFile(v.image, nil, 0o600))
	require.NoError(t, os.Truncate(v.image, sizeMB<<20))
	require.NoError(t, os.Mkdir(v.dir, 0o700))
	v.command("mke2fs", "-q", "-F", "-t", "ext4", "-m", "0", "-O", "^has_journal", "-E", fmt.Sprintf("root_owner=%d:%d", os.Geteuid(), os.Getegid()), v.image)
	v.mount()
	t.Cleanup(func() { v.command("umount", v.dir) })
	return v
}

// command runs a program that root may run.
func (v *volume) command(name string, args ...string) {
	v.t.Helper()
	if os.Geteuid() != 0 {
		name, args = "sudo", append([]string{"-n", name}, args...)
	}
	output, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(v.t, err, "%s %s: %s", name, strings.Join(args, " "), output)
}

func (v *volume) mount() {
	v.t.Helper()
	v.command("mount", "-o", "loop,errors=remount-ro", v.image, v.dir)
}

// install is the function of this name, with the data on the volume.
func (v *volume) install(sim *simulator.Server, settings ...string) *installation {
	v.t.Helper()
	keys, err := config.Generate(rand.Reader)
	require.NoError(v.t, err)
	in := installIn(v.t, v.dir, sim, append(keys.Environ(), settings...)...)
	in.keys = keys
	return in
}

// fill takes all space that is left, as another program might. It may be called again.
func (v *volume) fill() {
	v.t.Helper()
	file, err := os.OpenFile(v.filler(), os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(v.t, err)
	defer file.Close()
	at, err := file.Seek(0, 2)
	require.NoError(v.t, err)
	for _, step := range []int64{16 << 20, 1 << 20, 4096} {
		for err = nil; err == nil; at += step {
			err = unix.Fallocate(int(file.Fd()), 0, at, step)
		}
		at -= step
		require.True(v.t, errors.Is(err, unix.ENOSPC), err)
	}
}

// empty gives back the space that fill has taken.
func (v *volume) empty() {
	v.t.Helper()
	require.NoError(v.t, os.Remove(v.filler()))
}

func (v *volume) filler() string { return filepath.Join(v.dir, "filler") }

// sync writes everything to the image.
func (v *volume) sync() {
	v.t.Helper()
	dir, err := os.Open(v.dir)
	require.NoError(v.t, err)
	defer dir.Close()
	require.NoError(v.t, unix.Syncfs(int(dir.Fd())))
}

// breakDown makes the kernel find a fault in the file system, which makes it read-only until repair.
func (v *volume) breakDown() {
	v.t.Helper()
	var device unix.Stat_t
	require.NoError(v.t, unix.Stat(v.dir, &device))
	link, err := os.Readlink(fmt.Sprintf("/sys/dev/block/%d:%d", unix.Major(device.Dev), unix.Minor(device.Dev)))
	require.NoError(v.t, err)
	v.command("sh", "-c", "echo test > /sys/fs/ext4/"+filepath.Base(link)+"/trigger_fs_error")
}

// repair does what an operator does with a broken file system. No process may use it.
func (v *volume) repair() {
	v.t.Helper()
	v.command("umount", v.dir)
	v.command("sh", "-c", "e2fsck -p -f "+v.image+"; test $? -le 1") // 1: faults were corrected
	v.mount()
}
