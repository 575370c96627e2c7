package sqlite_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// program is another program with a database in a folder.
type program struct {
	t   *testing.T
	dir string
	db  *dbx.DB
}

func newProgram(t *testing.T, pragmas string) program {
	t.Helper()
	dir := t.TempDir()
	db, err := dbx.Open("sqlite", filepath.Join(dir, "a b#1%20.db")+pragmas)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() }) // a second time in some tests
	db.DB().SetMaxOpenConns(1)
	exec(t, db, "CREATE TABLE notes (text)")
	exec(t, db, "INSERT INTO notes VALUES (randomblob(9000))")
	return program{t, dir, db}
}

// files returns the mode and a checksum of the files in a folder, without that of an index, in which readers register.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		if filepath.Ext(entry.Name()) == ".db-shm" {
			content = nil
		}
		found[entry.Name()] = fmt.Sprintf("%s %x", info.Mode(), sha256.Sum256(content))
	}
	return found
}

// leave returns a folder in which the program was killed at this moment.
func (p program) leave() string {
	p.t.Helper()
	dir := p.t.TempDir()
	require.NoError(p.t, os.CopyFS(dir, os.DirFS(p.dir)))
	return dir
}

func TestOpenReadOnlyLeavesEveryFileAsItIs(t *testing.T) {
	rollback := newProgram(t, "")
	require.NoError(t, rollback.db.Close())
	closed := newProgram(t, "?_pragma=journal_mode(WAL)")
	require.NoError(t, closed.db.Close())
	killed := newProgram(t, "?_pragma=journal_mode(WAL)")
	running := newProgram(t, "?_pragma=journal_mode(WAL)")
	emptied := newProgram(t, "?_pragma=journal_mode(WAL)")
	exec(t, emptied.db, "PRAGMA wal_checkpoint(TRUNCATE)")
	for name, dir := range map[string]string{
		"rollback journal": rollback.dir, "closed": closed.dir, "killed": killed.leave(), "running": running.dir, "empty log": emptied.leave(),
	} {
		before := files(t, dir)
		db, err := sqlite.OpenReadOnly(filepath.Join(dir, "a b#1%20.db"))
		require.NoError(t, err, name)
		assert.Equal(t, 1, count(t, db, "notes"), name)
		_, err = db.NewQuery("DELETE FROM notes").Execute()
		assert.Error(t, err, name)
		require.NoError(t, db.Close(), name)
		assert.Equal(t, before, files(t, dir), name)
	}
}

func TestOpenReadOnlyRefusesAnUnfinishedTransaction(t *testing.T) {
	p := newProgram(t, "?_pragma=cache_size(1)")
	exec(t, p.db, "BEGIN")
	for range 100 {
		exec(t, p.db, "INSERT INTO notes VALUES (randomblob(9000))") // too much for the cache: some is in the file already
	}
	dir := p.leave()
	before := files(t, dir)
	require.Contains(t, before, "a b#1%20.db-journal")
	db, err := sqlite.OpenReadOnly(filepath.Join(dir, "a b#1%20.db"))
	require.NoError(t, err)
	err = db.NewQuery("SELECT COUNT(*) FROM notes").Row(new(int))
	assert.True(t, sqlite.IsUnfinished(err), "%v", err)
	require.NoError(t, db.Close())
	assert.Equal(t, before, files(t, dir))
}

func TestOpenReadOnlyFollowsLinks(t *testing.T) {
	dir := newProgram(t, "?_pragma=journal_mode(WAL)").leave()
	link := filepath.Join(t.TempDir(), "link.db")
	require.NoError(t, os.Symlink(filepath.Join(dir, "a b#1%20.db"), link))
	before := files(t, dir)
	db, err := sqlite.OpenReadOnly(link)
	require.NoError(t, err)
	assert.Equal(t, 1, count(t, db, "notes"))
	require.NoError(t, db.Close())
	assert.Equal(t, before, files(t, dir))
}

func TestOpenReadOnlyCreatesNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := sqlite.OpenReadOnly(filepath.Join(dir, "missing.db"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.Empty(t, files(t, dir))
}
