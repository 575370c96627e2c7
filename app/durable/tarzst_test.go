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
	require.NoError(t, os.Remove(dir+"/storage"))
	require.NoError(t, os.Mkdir(dir+"/storage", 0o700))
	require.NoError(t, os.Symlink(t.TempDir(), dir+"/storage/storage"))
	_, err = durable.Pack(t.Context(), dir, archive, "storage")
	require.ErrorIs(t, err, durable.ErrNotRegular, "only the folder itself may be a link")
	assert.NoFileExists(t, archive)
}

func TestPackKeepsTheLinksThatItMay(t *testing.T) {
	for name, target := range map[string]string{"absolute": t.TempDir(), "relative": "../elsewhere", "dangling": "/nowhere/at/all"} {
		dir, archive := filepath.Join(t.TempDir(), "db"), filepath.Join(t.TempDir(), "db.tar.zst")
		if name == "absolute" {
			writeFile(t, target+"/recording.mp4", "video")
		}
		writeFile(t, dir+"/data.db", "data")
		require.NoError(t, os.Symlink(target, dir+"/storage"))
		_, err := durable.Pack(t.Context(), dir, archive, "storage")
		require.NoError(t, err, name)
		require.NoError(t, durable.CheckArchive(t.Context(), archive), name)
		found, err := durable.LinkTarget(t.Context(), archive, "storage")
		require.NoError(t, err, name)
		assert.Equal(t, target, found, name)

		require.ErrorIs(t, durable.Unpack(t.Context(), archive, filepath.Join(t.TempDir(), "back"), nil), durable.ErrNotRegular, name)
		back := filepath.Join(t.TempDir(), "back")
		require.NoError(t, durable.Unpack(t.Context(), archive, back, nil, "storage"), name)
		unpacked, err := os.Readlink(back + "/storage")
		require.NoError(t, err, name)
		assert.Equal(t, target, unpacked, name)
		assert.FileExists(t, back+"/data.db", name)
	}
}

func TestArchiveWithoutALinkHasNoTarget(t *testing.T) {
	dir, archive := filepath.Join(t.TempDir(), "db"), filepath.Join(t.TempDir(), "db.tar.zst")
	writeFile(t, dir+"/storage/recording.mp4", "video")
	_, err := durable.Pack(t.Context(), dir, archive, "storage")
	require.NoError(t, err)
	for _, name := range []string{"storage", "recording.mp4", "missing"} {
		target, err := durable.LinkTarget(t.Context(), archive, name)
		require.NoError(t, err)
		assert.Empty(t, target)
	}
	_, err = durable.LinkTarget(t.Context(), archive+"-missing", "storage")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// An archive may come from a backup that somebody else could write to.
func TestUnpackWritesNothingThroughALink(t *testing.T) {
	link := func(name, target string) tar.Header {
		return tar.Header{Name: name, Typeflag: tar.TypeSymlink, Linkname: target}
	}
	file := func(name string) tar.Header { return tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o600} }
	folder := func(name string) tar.Header { return tar.Header{Name: name, Typeflag: tar.TypeDir, Mode: 0o700} }
	for name, entries := range map[string]func(outside string) []tar.Header{
		"link before file": func(outside string) []tar.Header {
			return []tar.Header{link("storage", outside), file("storage/planted")}
		},
		"file before link": func(outside string) []tar.Header {
			return []tar.Header{folder("storage"), file("storage/planted"), link("storage", outside)}
		},
		"link before folder": func(outside string) []tar.Header {
			return []tar.Header{link("storage", outside), folder("storage"), file("storage/planted")}
		},
		"other link": func(outside string) []tar.Header {
			return []tar.Header{link("partial", outside), file("partial/planted")}
		},
		"link in a folder": func(outside string) []tar.Header {
			return []tar.Header{folder("a"), link("a/storage", outside), file("a/storage/planted")}
		},
		"link above": func(outside string) []tar.Header { return []tar.Header{link("../storage", outside)} },
		"hard link": func(outside string) []tar.Header {
			return []tar.Header{{Name: "storage", Typeflag: tar.TypeLink, Linkname: outside}}
		},
	} {
		outside := t.TempDir()
		archive := filepath.Join(t.TempDir(), "db.tar.zst")
		writeArchive(t, archive, entries(outside))
		dir := t.TempDir()
		require.Error(t, durable.Unpack(t.Context(), archive, filepath.Join(dir, "db"), nil, "storage"), name)
		planted, err := os.ReadDir(outside)
		require.NoError(t, err)
		assert.Empty(t, planted, name)
		_, err = os.Lstat(filepath.Join(dir, "storage"))
		require.ErrorIs(t, err, os.ErrNotExist, name)
	}
}

// writeArchive writes an archive with empty files.
func writeArchive(t *testing.T, path string, entries []tar.Header) {
	t.Helper()
	file, err := os.Create(path)
	require.NoError(t, err)
	compressor, err := zstd.NewWriter(file)
	require.NoError(t, err)
	writer := tar.NewWriter(compressor)
	for _, header := range entries {
		require.NoError(t, writer.WriteHeader(&header))
	}
	require.NoError(t, writer.Close())
	require.NoError(t, compressor.Close())
	require.NoError(t, file.Close())
}
