package durable_test

import (
	"archive/tar"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}

func TestPackAndUnpack(t *testing.T) {
	dir, archive := filepath.Join(t.TempDir(), "db"), filepath.Join(t.TempDir(), "db.tar.zst")
	writeFile(t, dir+"/data.db", "data")
	writeFile(t, dir+"/storage/collection/record/recording.mp4", "video")
	require.NoError(t, os.Mkdir(dir+"/empty", 0o700))
	size, err := durable.Pack(t.Context(), dir, archive)
	require.NoError(t, err)
	info, err := os.Stat(archive)
	require.NoError(t, err)
	assert.Equal(t, info.Size(), size)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, durable.CheckArchive(t.Context(), archive))

	back := filepath.Join(t.TempDir(), "back")
	require.NoError(t, durable.Unpack(t.Context(), archive, back, nil))
	for path, want := range map[string]string{"data.db": "data", "storage/collection/record/recording.mp4": "video"} {
		content, err := os.ReadFile(filepath.Join(back, path))
		require.NoError(t, err)
		assert.Equal(t, want, string(content))
	}
	assert.DirExists(t, back+"/empty")
	for _, path := range []string{back, back + "/storage", back + "/data.db"} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Zero(t, info.Mode().Perm()&0o077, path)
	}
}

func TestDamagedArchiveIsDetected(t *testing.T) {
	dir, archive := filepath.Join(t.TempDir(), "db"), filepath.Join(t.TempDir(), "db.tar.zst")
	writeFile(t, dir+"/data.db", "some content that is long enough to be damaged")
	_, err := durable.Pack(t.Context(), dir, archive)
	require.NoError(t, err)
	complete, err := os.ReadFile(archive)
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"truncated":          complete[:len(complete)-5],
		"empty":              nil,
		"different checksum": append(append([]byte{}, complete[:len(complete)-1]...), complete[len(complete)-1]^1),
	} {
		require.NoError(t, os.WriteFile(archive, content, 0o600))
		require.Error(t, durable.Unpack(t.Context(), archive, filepath.Join(t.TempDir(), "back"), nil), name)
		require.Error(t, durable.CheckArchive(t.Context(), archive), name)
	}
}

func TestUnpackStaysInsideItsFolder(t *testing.T) {
	for name, header := range map[string]tar.Header{
		"above":    {Name: "../outside", Typeflag: tar.TypeReg, Mode: 0o600},
		"absolute": {Name: "/tmp/fathom-to-loom-outside", Typeflag: tar.TypeReg, Mode: 0o600},
		"link":     {Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		"device":   {Name: "null", Typeflag: tar.TypeChar},
	} {
		archive := filepath.Join(t.TempDir(), "db.tar.zst")
		file, err := os.Create(archive)
		require.NoError(t, err)
		compressor, err := zstd.NewWriter(file)
		require.NoError(t, err)
		writer := tar.NewWriter(compressor)
		require.NoError(t, writer.WriteHeader(&header))
		require.NoError(t, writer.Close())
		require.NoError(t, compressor.Close())
		require.NoError(t, file.Close())
		dir := t.TempDir()
		require.Error(t, durable.Unpack(t.Context(), archive, filepath.Join(dir, "db"), nil), name)
		assert.NoFileExists(t, filepath.Join(dir, "outside"))
		assert.NoFileExists(t, "/tmp/fathom-to-loom-outside")
	}
}

func TestCancelledPackLeavesNothingBehind(t *testing.T) {
	dir, archive := filepath.Join(t.TempDir(), "db"), filepath.Join(t.TempDir(), "db.tar.zst")
	writeFile(t, dir+"/data.db", "data")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := durable.Pack(ctx, dir, archive)
	require.ErrorIs(t, err, context.Canceled)
	entries, err := os.ReadDir(filepath.Dir(archive))
	require.NoError(t, err)
	assert.Empty(t, entries)
}

func TestPackRefusesLinks(t *testing.T) {
	dir, archive := filepath.Join(t.TempDir(), "db"), filepath.Join(t.TempDir(), "db.tar.zst")
	writeFile(t, dir+"/data.db", "data")
	require.NoError(t, os.Symlink(t.TempDir(), dir+"/storage"))
	_, err := durable.Pack(t.Context(), dir, archive)
	require.ErrorIs(t, err, durable.ErrNotRegular)
	require.ErrorContains(t, err, "storage")
	assert.NoFileExists(t, archive)
}
