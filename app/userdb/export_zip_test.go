package userdb

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// removingWriter removes a file before the first write to the buffer.
type removingWriter struct {
	bytes.Buffer
	path string
}

func (w *removingWriter) Write(p []byte) (int, error) {
	_ = os.Remove(w.path) // fails after the first time
	return w.Buffer.Write(p)
}

func TestFileDeletedDuringAnExportIsExportedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "recording.mp4")
	require.NoError(t, os.WriteFile(path, []byte("video"), 0o600))
	to := &removingWriter{path: path}
	archive := zip.NewWriter(to)
	longName := strings.Repeat("n", 5000) // longer than the buffer of archive/zip, so the header is written immediately
	require.NoError(t, addFile(t.Context(), archive, path, longName, zip.Store))
	assert.NoFileExists(t, path)
	require.ErrorIs(t, addFile(t.Context(), archive, path, "missing", zip.Store), os.ErrNotExist)
	require.NoError(t, archive.Close())

	read, err := zip.NewReader(bytes.NewReader(to.Bytes()), int64(to.Len()))
	require.NoError(t, err)
	require.Len(t, read.File, 1)
	file, err := read.File[0].Open()
	require.NoError(t, err)
	content, err := io.ReadAll(file)
	require.NoError(t, err)
	assert.Equal(t, "video", string(content))
}
