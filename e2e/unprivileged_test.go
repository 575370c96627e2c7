package e2e

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// unprivileged is the user as whom commands run when the tests run as root, who may read everything.
const unprivileged = 65534

// installUnprivileged creates an installation in a folder that every user can reach.
func installUnprivileged(t *testing.T, sim *simulator.Server) *installation {
	t.Helper()
	dir, err := os.MkdirTemp("", "fathom-to-loom-e2e-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o755))
	keys, err := config.Generate(newRandom(t))
	require.NoError(t, err)
	// Absolute paths, which messages repeat.
	in := installIn(t, dir, sim, append(keys.Environ(), "DATA_DIR="+filepath.Join(dir, "pb_data"), "USER_DBS_DIR="+filepath.Join(dir, "user_dbs"))...)
	in.keys = keys
	return in
}

// giveAway makes the unprivileged user the owner of the installation's files.
func (in *installation) giveAway() {
	in.t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	require.NoError(in.t, filepath.WalkDir(in.dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, unprivileged, unprivileged))
	}))
}

// runUnprivileged runs a command of the installation as a user who isn't root.
func (in *installation) runUnprivileged(args ...string) output {
	in.t.Helper()
	var stdout, stderr bytes.Buffer
	ctx, cancel := context.WithTimeout(in.t.Context(), refusalTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, binary, args...)
	command.Dir, command.Env = in.dir, in.env
	command.Stdout, command.Stderr = &stdout, &stderr
	if os.Geteuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: unprivileged, Gid: unprivileged}}
	}
	if err := command.Run(); err != nil {
		require.ErrorAs(in.t, err, new(*exec.ExitError))
	}
	return output{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
}

// deny makes a folder inaccessible to the unprivileged user. The function that it returns undoes that.
func deny(t *testing.T, folder string) (allow func()) {
	t.Helper()
	if os.Geteuid() == 0 { // such as a folder that root has restored from a backup
		require.NoError(t, os.Lchown(folder, 0, 0))
		return func() { require.NoError(t, os.Lchown(folder, unprivileged, unprivileged)) }
	}
	info, err := os.Stat(folder)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(folder, 0))
	return func() { require.NoError(t, os.Chmod(folder, info.Mode().Perm())) }
}
