package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWriteNewCreatesACompleteFileOrNone(t *testing.T) {
	write := func(content string, err error) func(io.Writer) error {
		return func(to io.Writer) error {
			_, writeErr := io.WriteString(to, content)
			return errors.Join(writeErr, err)
		}
	}
	filesIn := func(dir string) map[string]string {
		t.Helper()
		files := map[string]string{}
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, entry := range entries {
			content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
			require.NoError(t, err)
			files[entry.Name()] = string(content)
		}
		return files
	}

	t.Run("success", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, writeNew(filepath.Join(dir, "a.zip"), write("archive", nil)))
		assert.Equal(t, map[string]string{"a.zip": "archive"}, filesIn(dir))
	})
	t.Run("failed write", func(t *testing.T) {
		dir := t.TempDir()
		failure := errors.New("disk full")
		require.ErrorIs(t, writeNew(filepath.Join(dir, "a.zip"), write("half", failure)), failure)
		assert.Empty(t, filesIn(dir))
	})
	t.Run("existing file", func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.zip")
		require.NoError(t, os.WriteFile(path, []byte("earlier"), 0o600))
		err := writeNew(path, func(io.Writer) error { return errors.New("must not be called") })
		require.EqualError(t, err, path+" already exists: choose another --output")
		assert.Equal(t, map[string]string{"a.zip": "earlier"}, filesIn(dir))
	})
	t.Run("file that appears during the write", func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.zip")
		err := writeNew(path, func(to io.Writer) error {
			return errors.Join(write("archive", nil)(to), os.WriteFile(path, []byte("other"), 0o600))
		})
		require.EqualError(t, err, path+" already exists: choose another --output")
		assert.Equal(t, map[string]string{"a.zip": "other"}, filesIn(dir))
	})
	t.Run("missing folder", func(t *testing.T) {
		require.ErrorIs(t, writeNew(filepath.Join(t.TempDir(), "missing", "a.zip"), write("archive", nil)), os.ErrNotExist)
	})
}
