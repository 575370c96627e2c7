package logging_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func readAll(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	if !strings.HasSuffix(path, ".gz") {
		return string(content)
	}
	reader, err := gzip.NewReader(bytes.NewReader(content))
	require.NoError(t, err)
	content, err = io.ReadAll(reader)
	require.NoError(t, err)
	return string(content)
}

func TestFileHasTheLinesOfTheConsole(t *testing.T) {
	t.Parallel()
	log, console := newLog(logging.Text)
	path := filepath.Join(t.TempDir(), "logs", "server.log")
	log.Logger().Info("before")
	require.NoError(t, log.OpenFile(logging.FileConfig{Path: path, MaxSize: 2e6}))
	console.Reset()
	log.Logger().Info("during")
	require.NoError(t, log.Close())
	assert.Equal(t, console.String(), readAll(t, path))
	log.Logger().Info("after")
	require.NoError(t, log.Close())
	assert.NotContains(t, readAll(t, path), "after")
	assert.Contains(t, console.String(), "after")

	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	info, err = os.Stat(filepath.Dir(path))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

func TestFileIsContinuedAndMadePrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "server.log")
	require.NoError(t, os.WriteFile(path, []byte("earlier\n"), 0o644))
	log, _ := newLog(logging.Text)
	require.NoError(t, log.OpenFile(logging.FileConfig{Path: path, MaxSize: 2e6}))
	log.Logger().Info("later")
	require.NoError(t, log.Close())
	assert.Regexp(t, `^earlier\n.*later\n$`, readAll(t, path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
}

func TestLargeFilesAreReplacedAndCompressed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := logging.New(logging.Text, slog.LevelInfo, io.Discard)
	require.NoError(t, log.OpenFile(logging.FileConfig{Path: filepath.Join(dir, "server.log"), MaxSize: 1 << 20, MaxBackups: 2, MaxAge: 24 * time.Hour}))
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 1100 { // 4.4 MB in total
				log.Logger().Info("line", "data", strings.Repeat("x", 1000))
			}
		})
	}
	writers.Wait()
	require.NoError(t, log.Close())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	compressed := 0
	for _, entry := range entries {
		info, err := entry.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode(), entry.Name())
		content := readAll(t, filepath.Join(dir, entry.Name()))
		assert.LessOrEqual(t, len(content), 1<<20)
		for line := range strings.Lines(content) {
			require.True(t, strings.HasSuffix(line, "xxx\n"), "lines are whole")
		}
		if strings.HasSuffix(entry.Name(), ".gz") {
			compressed++
		}
	}
	assert.LessOrEqual(t, len(entries), 3, "two earlier files are kept")
	assert.Positive(t, compressed)
}

func TestFileThatCannotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	for _, path := range []string{filepath.Join(dir, "folder"), filepath.Join(dir, "file", "server.log"), "/dev/null"} {
		log, console := newLog(logging.Text)
		require.Error(t, log.OpenFile(logging.FileConfig{Path: path, MaxSize: 2e6}), path)
		log.Logger().Info("hello")
		assert.Contains(t, console.String(), "hello")
		assert.NoError(t, log.Close())
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2, "nothing was moved away")
}

// fullDisk accepts a number of bytes and then no more, like a file on a full disk.
type fullDisk struct {
	bytes.Buffer
	free int
}

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.free)
	d.free -= n
	d.Buffer.Write(p[:n])
	if n < len(p) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

func (d *fullDisk) Close() error { return nil }

func TestFullDiskLosesLinesOfTheFileOnly(t *testing.T) {
	t.Parallel()
	log, console := newLog(logging.Text)
	disk := &fullDisk{free: 100}
	logging.SetFile(log, disk)
	for range 5 {
		log.Logger().Info("line", "data", strings.Repeat("x", 20))
	}
	assert.Equal(t, 5, strings.Count(console.String(), "msg=line"))
	assert.Equal(t, 1, strings.Count(console.String(), "log file can't be written"), "it is reported once: %s", console)
	assert.Contains(t, console.String(), "no space left on device")

	disk.free = 1000
	log.Logger().Info("again")
	log.Logger().Info("and again")
	assert.Contains(t, console.String(), "log file is written again")
	assert.Regexp(t, `\n[^\n]* msg=again\n[^\n]* msg="and again"\n$`, disk.String(), "the part of a line is ended")
}
