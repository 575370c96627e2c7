package userdb

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// unzipExport extracts a zip archive, in which no name may occur twice.
func unzipExport(t *testing.T, content []byte) (files map[string]string, dir string) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	files, dir = map[string]string{}, t.TempDir()
	for _, file := range archive.File {
		require.NotContains(t, files, file.Name)
		from, err := file.Open()
		require.NoError(t, err)
		raw, err := io.ReadAll(from)
		require.NoError(t, err)
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, raw, 0o600))
		files[file.Name] = string(raw)
	}
	return files, dir
}
