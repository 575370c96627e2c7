package userdb_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/otherfs"
)

// linkStorage moves the storage folder of a person's closed database to another file system, as an operator does, and
// returns its new place.
func linkStorage(p apptest.Person) (target string) {
	p.T.Helper()
	target = filepath.Join(otherfs.Dir(p.T), p.Name)
	storage := filepath.Join(p.FolderPath(p.Name), "storage")
	require.NoError(p.T, os.CopyFS(target, os.DirFS(storage)))
	require.NoError(p.T, os.RemoveAll(storage))
	require.NoError(p.T, os.Symlink(target, storage))
	return target
}

// recordingIn returns the only recording file in a storage folder.
func recordingIn(t *testing.T, storage string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(storage, "*", "*", "recording.mp4"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	return files[0]
}

// verifyDatabase returns the problems of a person's database.
func verifyDatabase(p apptest.Person) (problems []string) {
	p.T.Helper()
	report := func(v userdb.Verification) { problems = v.Problems }
	require.NoError(p.T, p.App.Databases.Verify(p.T.Context(), []string{p.Name}, 1, report))
	return problems
}

func TestArchivingKeepsALinkedStorageFolder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	before := p.Fingerprint()
	target := linkStorage(p)
	assert.Equal(t, before, p.Fingerprint(), "downloads follow the link")
	assert.Empty(t, verifyDatabase(p))

	require.Empty(t, archiveDatabase(s, p.Name))
	assert.NoDirExists(t, s.FolderPath(p.Name))
	assert.Contains(t, archivedFiles(t, s.ArchivePath(p.Name)), "storage")
	assert.NotContains(t, strings.Join(archivedFiles(t, s.ArchivePath(p.Name)), " "), "recording.mp4")
	content, err := os.ReadFile(recordingIn(t, target))
	require.NoError(t, err)
	assert.Equal(t, p.Marker(), string(content), "the recordings stay where they are")

	back := s.SignInAgain(p, apptest.Password)
	assert.Equal(t, before, back.Fingerprint())
	link, err := os.Readlink(filepath.Join(s.FolderPath(p.Name), "storage"))
	require.NoError(t, err)
	assert.Equal(t, target, link)
	assert.Empty(t, s.Leftovers())
}

func TestLinkedStorageFolderIsMeasuredAndExported(t *testing.T) {
	t.Parallel()
	const size = 9_000_000
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_QUOTA=10MB", "USER_DB_IDLE_TIMEOUT=100ms"}})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	target := linkStorage(p)
	require.NoError(t, os.Truncate(recordingIn(t, target), size))
	partial := filepath.Join(target, ".partial", "1001-aaaa.part")
	require.NoError(t, os.Mkdir(filepath.Dir(partial), 0o700))
	require.NoError(t, os.WriteFile(partial, bytes.Repeat([]byte("p"), 700_000), 0o600))
	handle := acquire(p)
	handle.StorageChanged()
	usage, err := s.App.Databases.Usage(handle.Database)
	require.NoError(t, err)
	assert.Greater(t, usage.Bytes, int64(size+700_000))
	handle.Release()
	preference := map[string]any{"key": "one", "value": strings.Repeat("v", 10_000)}
	refused := p.Own("POST", "/api/collections/preferences/records", preference)
	assert.Equal(t, http.StatusInsufficientStorage, refused.Status, "%d: %s", usage.Bytes, refused.Raw)

	details, err := s.App.Databases.Show(t.Context(), p.Name)
	require.NoError(t, err)
	assert.Greater(t, details.Usage, int64(size+700_000))
	assert.Equal(t, target, details.Storage)
	waitUntilAllClosed(s)
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["size"].(float64) > size })
	require.NoError(t, s.App.Databases.Maintain(t.Context()))
	assert.Greater(t, s.RegistryRow(p.Name)["size"], float64(size))
	assert.FileExists(t, partial, "unfinished files of today are kept")

	var exported bytes.Buffer
	require.NoError(t, s.App.Databases.ExportByName(t.Context(), p.Name, &exported))
	archive, err := zip.NewReader(bytes.NewReader(exported.Bytes()), int64(exported.Len()))
	require.NoError(t, err)
	found := map[string]uint64{}
	for _, file := range archive.File {
		found[file.Name] = file.UncompressedSize64
		assert.NotContains(t, file.Name, ".partial")
	}
	relative, err := filepath.Rel(target, recordingIn(t, target))
	require.NoError(t, err)
	assert.EqualValues(t, size, found["storage/"+filepath.ToSlash(relative)])

	require.NoError(t, os.Rename(target, target+"-unmounted"))
	require.ErrorContains(t, s.App.Databases.ExportByName(t.Context(), p.Name, &exported), "mount its disk")
	assert.Equal(t, 200, listMeetings(p), "the rest still works")
	problems := verifyDatabase(p)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0], target)
	require.Empty(t, archiveDatabase(s, p.Name), "the link is kept even if it leads nowhere")
	require.Empty(t, restoreDatabase(s, p.Name))
	require.NoError(t, os.Rename(target+"-unmounted", target))
	assert.EqualValues(t, size, fileSize(t, recordingIn(t, filepath.Join(s.FolderPath(p.Name), "storage"))))
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

func TestDeletionFollowsALinkedStorageFolder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_DELETE_GRACE=1h"}})
	ready, archived, kept := s.SignUp("ready@example.com"), s.SignUp("archived@example.com"), s.SignUp("kept@example.com")
	targets := map[string]string{}
	for _, p := range []apptest.Person{ready, archived, kept} {
		p.CreateSamples()
		targets[p.Name] = linkStorage(p)
	}
	require.Empty(t, archiveDatabase(s, archived.Name))
	for _, p := range []apptest.Person{ready, archived, kept} {
		deleteAccount(p)
	}
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	for _, target := range targets {
		recordingIn(t, target) // nothing happens during the grace period
	}
	require.Empty(t, restoreDatabase(s, kept.Name))
	for _, p := range []apptest.Person{ready, archived, kept} {
		s.Backdate(p.Name, "delete_after", time.Hour)
	}
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	for _, p := range []apptest.Person{ready, archived} {
		assert.Nil(t, s.RegistryRow(p.Name), p.Name)
		assert.NoDirExists(t, s.FolderPath(p.Name))
		assert.NoFileExists(t, s.ArchivePath(p.Name))
		left, err := os.ReadDir(targets[p.Name])
		require.NoError(t, err)
		assert.Empty(t, left, "the recordings are deleted where they are: %s", p.Email)
	}
	recordingIn(t, targets[kept.Name])
	assert.Empty(t, s.Leftovers())
}

// A mistake of the operator must not cost another user's recordings.
func TestFolderThatTwoDatabasesLinkToIsNotEmptied(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_DELETE_GRACE=0s"}})
	first, second := s.SignUp("first@example.com"), s.SignUp("second@example.com")
	first.CreateSamples()
	second.CreateSamples()
	target := linkStorage(first)
	storage := filepath.Join(s.FolderPath(second.Name), "storage")
	require.NoError(t, os.CopyFS(filepath.Join(target, "second"), os.DirFS(storage)))
	require.NoError(t, os.RemoveAll(storage))
	require.NoError(t, os.Symlink(filepath.Join(target, "second"), storage))
	old := time.Now().Add(-48 * time.Hour)
	require.NoError(t, os.Chtimes(recordingIn(t, storage), old, old))

	deleteAccount(first)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Contains(t, s.RegistryRow(first.Name)["error"], second.Name+" also uses")
	require.NoError(t, s.App.Databases.Maintain(t.Context()))
	recordingIn(t, storage)

	moved := otherfs.Dir(t)
	require.NoError(t, os.CopyFS(moved, os.DirFS(storage)))
	require.NoError(t, os.Remove(storage))
	require.NoError(t, os.Symlink(moved, storage))
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Nil(t, s.RegistryRow(first.Name))
	assert.NoDirExists(t, filepath.Join(target, "second"))
	recordingIn(t, moved)
}

func TestLinkedUserDatabasesFolder(t *testing.T) {
	t.Parallel()
	place := otherfs.Dir(t)
	s := apptest.Start(t, apptest.Options{Prepare: func(s *apptest.Server) {
		require.NoError(t, os.Symlink(place, filepath.Join(s.Dir, "user_dbs")))
	}})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	before := p.Fingerprint()
	require.FileExists(t, filepath.Join(place, p.Name, "data.db"))
	assert.Empty(t, verifyDatabase(p))
	require.Empty(t, archiveDatabase(s, p.Name))
	s = s.Restart()
	back := s.SignInAgain(p, apptest.Password)
	assert.Equal(t, before, back.Fingerprint())
	linkStorage(back)
	require.NoError(t, s.App.Databases.Maintain(t.Context()))
	assert.Equal(t, before, back.Fingerprint())
	deleteAccount(back)
	s.Backdate(p.Name, "delete_after", time.Hour)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Nil(t, s.RegistryRow(p.Name))
	assert.NoDirExists(t, filepath.Join(place, p.Name))
}
