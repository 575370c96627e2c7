package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Ctrl-C must stop an export cleanly, wherever it runs: in the command or in the server.
func TestInterruptedExportLeavesNothingAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	server := in.serve()
	who := in.newAccount("ada@example.com")
	large := filepath.Join(in.dir, "user_dbs", who.name, "storage", "large")
	require.NoError(t, os.MkdirAll(filepath.Dir(large), 0o700))
	require.NoError(t, os.WriteFile(large, nil, 0o600))
	require.NoError(t, os.Truncate(large, 20<<30)) // takes no space

	interrupt := func() {
		t.Helper()
		target := t.TempDir()
		command, stderr := exec.Command(binary, "userdb", "export", who.name, "--output", filepath.Join(target, "ada.zip")), new(bytes.Buffer)
		command.Dir, command.Env, command.Stderr = in.dir, in.env, stderr
		require.NoError(t, command.Start())
		defer func() { _ = command.Process.Kill() }() // fails if it has ended
		polltest.Until(t, time.Millisecond, func() bool { return sizeOf(target) > 1<<20 }, "the export wrote nothing")
		require.NoError(t, command.Process.Signal(os.Interrupt))
		_ = command.Wait() // the exit code is checked below
		assert.Equal(t, 130, command.ProcessState.ExitCode(), stderr)
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		assert.Equal(t, "fathom-to-loom: interrupted: no file was written", lines[len(lines)-1])
		assertEmptyDir(t, target)
		// The server notices that the command is gone.
		scratch := func() []string {
			found, err := filepath.Glob(filepath.Join(in.dir, "user_dbs", ".new-export-*"))
			require.NoError(t, err)
			return found
		}
		polltest.Until(t, 10*time.Millisecond, func() bool { return len(scratch()) == 0 }, "temporary files are left: %v", scratch())
	}
	interrupt()
	server.stop()
	interrupt()

	require.NoError(t, os.Remove(large))
	path := filepath.Join(t.TempDir(), "ada.zip")
	out := in.run("userdb", "export", who.name, "--output", path)
	require.Equal(t, output{stderr: "written to " + path + "\n"}, out)
}

// Ctrl-C while Litestream fetches the copy, and while data keys are rewrapped. The same commands then do the rest.
func TestInterruptedPromotionAndRotationContinue(t *testing.T) {
	t.Parallel()
	in := installWithReplica(t)
	in.addDataKeys(20_000)
	in.copyTo(strings.TrimPrefix(in.setting("LITESTREAM_REPLICA"), "file://"))
	require.NoError(t, os.RemoveAll(in.dataDir()))

	stuck := filepath.Join(t.TempDir(), "litestream") // writes a part of the copy and doesn't end
	require.NoError(t, os.WriteFile(stuck, []byte("#!/bin/sh\necho part > \"$7\"\nexec sleep 600\n"), 0o700))
	part := filepath.Join(in.dataDir(), ".promoting", sqlite.DataFile)
	in.interrupt(func() bool { return fileExists(part) }, promotion(t, stuck, "--no-start")...)
	assert.NoFileExists(t, part)
	assert.Equal(t, 2, in.promote(standIn(t)).Incarnation.Number)

	former, fresh := in.keys.AESMasterKey, config.Secret(otherMasterKey(t))
	in.env = append(in.env, "AES_MASTER_KEY="+fresh.Reveal(), "AES_MASTER_KEY_PREVIOUS="+former.Reveal())
	in.useDatabase(func(db *dbx.DB) {
		in.interrupt(func() bool {
			own, _ := in.dataKeysOf(db, fresh)
			return own > 0
		}, "keys", "rotate", "AES_MASTER_KEY")
		own, all := in.dataKeysOf(db, fresh)
		require.Less(t, own, all, "the command was interrupted too late")
		in.mustRun("keys", "rotate", "AES_MASTER_KEY")
		own, all = in.dataKeysOf(db, fresh)
		assert.Equal(t, all, own)
	})
}

// interrupt runs a command, sends it SIGINT when it has begun its work, and requires that it says how to continue.
func (in *installation) interrupt(begun func() bool, args ...string) {
	in.t.Helper()
	command, stderr := exec.Command(binary, args...), new(bytes.Buffer)
	command.Dir, command.Env, command.Stderr = in.dir, in.env, stderr
	require.NoError(in.t, command.Start())
	defer func() { _ = command.Process.Kill() }() // fails if it has ended
	polltest.Until(in.t, time.Millisecond, begun, "%v did not begin its work", args)
	require.NoError(in.t, command.Process.Signal(os.Interrupt))
	_ = command.Wait() // the exit code is checked below
	assert.Equal(in.t, 130, command.ProcessState.ExitCode(), stderr)
	assert.Contains(in.t, stderr.String(), "fathom-to-loom: interrupted: run the command again to continue\n")
}

// setting returns the value of a setting of the installation.
func (in *installation) setting(key string) (value string) {
	for _, line := range in.env {
		if found, isKey := strings.CutPrefix(line, key+"="); isKey {
			value = found
		}
	}
	return value
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// sizeOf returns the number of bytes of the files in a folder.
func sizeOf(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil // the file is gone
		}
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
