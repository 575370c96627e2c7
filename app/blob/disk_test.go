package blob_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

func TestTheDiskKeepsFilesWherePocketBaseExpectsThem(t *testing.T) {
	e := newDisk(t)
	key := put(t, e.store(), target("7", "a"), content(10, 1))
	assert.Equal(t, database+"/storage/collection/record7/recording.mp4", key)
	info, err := os.Stat(filepath.Join(e.root, key))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	for dir := filepath.Dir(filepath.Join(e.root, key)); dir != filepath.Join(e.root, database); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o700), info.Mode().Perm(), dir)
	}
	_, err = e.store().Link(t.Context(), key, blob.Headers{}, time.Minute)
	require.ErrorIs(t, err, blob.ErrNoLinks)
	require.NoError(t, e.store().Delete(t.Context(), key))
	assert.NoDirExists(t, filepath.Dir(filepath.Join(e.root, key)), "the folder of the record would remain forever")
}

// A crash of the machine may come between any two system calls of Complete.
func TestTheDiskCompletesAfterACrash(t *testing.T) {
	e := newDisk(t)
	state := begin(t, e.store(), target("1", "a"))
	w := write(t, e.store(), state, []byte("recording"))
	upload, err := w.Finish()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	file := filepath.Join(e.root, upload.Key)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700)) // it created the folder, but no more
	require.NoError(t, e.store().Complete(t.Context(), upload))
	require.NoError(t, e.store().Complete(t.Context(), upload))
	require.NoError(t, os.WriteFile(file, []byte("rec"), 0o600))
	err = e.store().Complete(t.Context(), upload)
	require.ErrorIs(t, err, blob.ErrUploadLost, "a file of another size isn't this blob")
}

func TestTheDiskContinuesAPartialFileOfAnEarlierVersion(t *testing.T) {
	e := newDisk(t)
	partial := filepath.Join(e.root, database, "partial")
	require.NoError(t, os.Mkdir(partial, 0o700))
	for _, name := range []string{"1-a.part", "2-a.part", "3-old.part"} {
		require.NoError(t, os.WriteFile(filepath.Join(partial, name), []byte("first "), 0o600))
	}
	state := begin(t, e.store(), target("1", "a"))
	assert.Equal(t, int64(6), state.upload(t).Size)
	w := write(t, e.store(), state, []byte("second"))
	upload, err := w.Finish()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, e.store().Complete(t.Context(), upload))
	assert.Equal(t, "first second", string(readAll(t, e.store(), upload.Key)))
	assert.Equal(t, hashOf([]byte("first second")), upload.SHA256)

	newer := begin(t, e.store(), target("2", "b"))
	assert.Zero(t, newer.upload(t).Size, "bytes of another source")
	small := target("2", "a")
	small.Size = 3
	assert.Zero(t, begin(t, e.store(), small).upload(t).Size, "more bytes than the recording has")
	e.backdate(t, time.Hour)
	isNamed := func(name string) bool { return name == upload.Key }
	removed, err := e.store().Sweep(t.Context(), database, time.Now(), isNamed)
	require.NoError(t, err)
	assert.Equal(t, 3, removed, "files that no upload names")
	assert.Zero(t, e.leftovers(t))
}

// The folder may be a mount, or a link to another file system, to which a rename from the database's folder fails.
func TestTheStorageFolderMayLieElsewhere(t *testing.T) {
	e := newDisk(t)
	elsewhere, err := os.MkdirTemp("/dev/shm", "blob") // another file system, where it exists
	if err != nil {
		elsewhere = t.TempDir()
	}
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(elsewhere)) })
	link := filepath.Join(e.root, database, "storage")
	require.NoError(t, os.Symlink(elsewhere, link))
	state := begin(t, e.store(), target("1", "a"))
	w := write(t, e.store(), state, []byte("recording"))
	upload, err := w.Finish()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, e.store().Complete(t.Context(), upload))
	assert.FileExists(t, filepath.Join(elsewhere, "collection/record1/recording.mp4"))
	assert.Equal(t, "recording", string(readAll(t, e.store(), upload.Key)))

	require.NoError(t, e.store().DeleteAll(t.Context(), database))
	left, err := os.ReadDir(elsewhere)
	require.NoError(t, err)
	assert.Empty(t, left)
	_, err = os.Lstat(link)
	require.NoError(t, err, "the operator's link remains")
}

// When a volume isn't mounted, no recording may look deleted.
func TestAMissingVolumeIsNotAnEmptyStorage(t *testing.T) {
	e := newDisk(t)
	require.NoError(t, os.Symlink(filepath.Join(t.TempDir(), "volume"), filepath.Join(e.root, database, "storage")))
	key := database + "/storage/collection/record/recording.mp4"
	_, err := e.store().Stat(t.Context(), key)
	require.ErrorContains(t, err, "links to a folder that doesn't exist")
	assert.NotErrorIs(t, err, blob.ErrNotFound)
	require.Error(t, e.store().DeleteAll(t.Context(), database))
	for _, err := range e.store().List(t.Context(), database) {
		require.Error(t, err)
	}
	_, err = e.store().Begin(t.Context(), target("1", "a"))
	require.Error(t, err)
}

func TestLinksBelowTheStorageFolderDoNotLeaveIt(t *testing.T) {
	e := newDisk(t)
	outside := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(outside, "record1"), 0o700))
	secret := filepath.Join(outside, "record1", "recording.mp4")
	require.NoError(t, os.WriteFile(secret, []byte("secret"), 0o600))
	storage := filepath.Join(e.root, database, "storage")
	require.NoError(t, os.Mkdir(storage, 0o700))
	require.NoError(t, os.Symlink(outside, filepath.Join(storage, "collection")))
	key := database + "/storage/collection/record1/recording.mp4"
	_, err := e.store().Open(t.Context(), key)
	require.Error(t, err)
	require.Error(t, e.store().Delete(t.Context(), key))
	require.NoError(t, e.store().DeleteAll(t.Context(), database))
	assert.FileExists(t, secret)
	assert.NoFileExists(t, filepath.Join(storage, "collection"))
}

// Users may upload files to other collections. They aren't recordings, and no record of recordings names them.
func TestTheDiskLeavesOtherFilesAlone(t *testing.T) {
	e := newDisk(t)
	folder := filepath.Join(e.root, database, "storage", "notes", "abc")
	require.NoError(t, os.MkdirAll(folder, 0o700))
	for _, name := range []string{"recording_x1y2z3a4b5.mp4", "photo.jpg", "recording.mp4.attrs"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600))
	}
	assert.Empty(t, list(t, e.store(), database))
	_, err := e.store().Sweep(t.Context(), database, time.Now().Add(time.Hour), func(string) bool { return false })
	require.NoError(t, err)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 3)
}

func TestBeginDoesNotCreateADatabase(t *testing.T) {
	e := newDisk(t)
	gone := target("1", "a")
	gone.Database = "2026-11-20-002-gone"
	_, err := e.store().Begin(t.Context(), gone)
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.NoDirExists(t, filepath.Join(e.root, gone.Database))
}
