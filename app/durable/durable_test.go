package durable_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

func text(content string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	}
}

// requireOnly checks that a folder contains one file with the given content.
func requireOnly(t *testing.T, path, content string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "no temporary file is left")
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, content, string(got))
}

func TestWriteFileCreatesAndReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, perm := range []os.FileMode{0o600, 0o640} {
		content := perm.String()
		require.NoError(t, durable.WriteFile(path, perm, text(content)))
		requireOnly(t, path, content)
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, perm, info.Mode().Perm())
	}
}

func TestFileHasNoNameWhileItIsWritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, write := range []func(string, os.FileMode, func(io.Writer) error) error{durable.WriteFile, durable.CreateFile} {
		require.NoError(t, write(path, 0o600, func(w io.Writer) error {
			assert.NoFileExists(t, path)
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Len(t, entries, 1)
			assert.True(t, durable.IsTemporary(entries[0].Name()), entries[0].Name())
			return text("content")(w)
		}))
		requireOnly(t, path, "content")
		require.NoError(t, os.Remove(path))
	}
}

func TestFailedWriteLeavesNothingBehind(t *testing.T) {
	failure := errors.New("disk full")
	write := func(w io.Writer) error { return errors.Join(text("half")(w), failure) }

	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, durable.WriteFile(path, 0o600, text("old")))
	require.ErrorIs(t, durable.WriteFile(path, 0o600, write), failure)
	requireOnly(t, path, "old")
	assert.Panics(t, func() {
		_ = durable.WriteFile(path, 0o600, func(io.Writer) error { panic("bug") })
	})
	requireOnly(t, path, "old")

	path = filepath.Join(t.TempDir(), "file")
	require.ErrorIs(t, durable.CreateFile(path, 0o600, write), failure)
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Empty(t, entries)

	// A folder of that name makes the rename fail, after everything else succeeded.
	require.NoError(t, os.MkdirAll(filepath.Join(path, "inside"), 0o700))
	require.Error(t, durable.WriteFile(path, 0o600, text("new")))
	entries, err = os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestCreateFileRefusesToOverwrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, durable.CreateFile(path, 0o600, text("first")))
	err := durable.CreateFile(path, 0o600, func(io.Writer) error {
		t.Error("the content was produced for nothing")
		return nil
	})
	require.ErrorIs(t, err, fs.ErrExist)
	requireOnly(t, path, "first")

	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink("nowhere", link))
	require.ErrorIs(t, durable.CreateFile(link, 0o600, text("second")), fs.ErrExist)
	target, err := os.Readlink(link)
	require.NoError(t, err)
	assert.Equal(t, "nowhere", target)
}

func TestCreateFileLosesToAFileThatAppearsMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	err := durable.CreateFile(path, 0o600, func(w io.Writer) error {
		return errors.Join(text("ours")(w), os.WriteFile(path, []byte("theirs"), 0o600))
	})
	require.ErrorIs(t, err, fs.ErrExist)
	requireOnly(t, path, "theirs")
}

func TestOneOfManyConcurrentCreatorsWins(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	var wg sync.WaitGroup
	var winner atomic.Pointer[string]
	for i := range 16 {
		wg.Go(func() {
			content := fmt.Sprintf("written by %d", i)
			err := durable.CreateFile(path, 0o600, text(content))
			if err == nil {
				assert.True(t, winner.CompareAndSwap(nil, &content), "two creators succeeded")
				return
			}
			assert.ErrorIs(t, err, fs.ErrExist)
		})
	}
	wg.Wait()
	require.NotNil(t, winner.Load())
	requireOnly(t, path, *winner.Load())
}

func TestConcurrentWritersDoNotMixTheirContents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	contents := map[string]bool{}
	var wg sync.WaitGroup
	for i := range 8 {
		content := fmt.Sprintf("%0100000d", i)
		contents[content] = true
		wg.Go(func() { assert.NoError(t, durable.WriteFile(path, 0o600, text(content))) })
	}
	wg.Wait()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.True(t, contents[string(got)], "the file holds one writer's content")
}

func TestTemporaryNames(t *testing.T) {
	for name, want := range map[string]bool{
		"auxiliary.db.tmp-123": true, "a.tmp-0": true,
		"auxiliary.db": false, "a.tmp-": false, "a.tmp-1.zst": false, "a.tmp-x1": false, "": false,
	} {
		assert.Equal(t, want, durable.IsTemporary(name), name)
	}
}

func TestLinkRefusesToOverwrite(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	require.NoError(t, os.WriteFile(from, []byte("new"), 0o600))
	require.NoError(t, os.WriteFile(to, []byte("old"), 0o600))
	require.ErrorIs(t, durable.LinkNew(from, to), fs.ErrExist)
	require.NoError(t, os.Remove(to))
	require.NoError(t, durable.LinkNew(from, to))
	requireOnly(t, to, "new")
}

func TestReplaceFileKeepsPermissionsOwnerAndLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	require.ErrorIs(t, durable.ReplaceFile(path, text("x")), fs.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("first"), 0o640))
	require.NoError(t, os.Chmod(path, 0o640))
	require.NoError(t, os.Symlink("file", link))
	if os.Geteuid() == 0 {
		require.NoError(t, os.Chown(path, 4711, 4712))
	}
	before, err := os.Stat(path)
	require.NoError(t, err)
	require.NoError(t, durable.ReplaceFile(link, text("second")))
	after, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, before.Mode(), after.Mode())
	assert.Equal(t, before.Sys().(*syscall.Stat_t).Uid, after.Sys().(*syscall.Stat_t).Uid)
	assert.Equal(t, before.Sys().(*syscall.Stat_t).Gid, after.Sys().(*syscall.Stat_t).Gid)
	target, err := os.Readlink(link)
	require.NoError(t, err)
	assert.Equal(t, "file", target)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "second", string(content))
	require.Error(t, durable.ReplaceFile(path, func(io.Writer) error { return errors.New("full") }))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, files, 2)
}
