package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// emptyLogs is the content of an auxiliary.db as PocketBase creates it.
func emptyLogs(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "logs.db")
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	exec(t, db, "CREATE TABLE `_logs` (`id` TEXT, `level` INTEGER, `created` TEXT)")
	require.NoError(t, db.Close())
	require.NoError(t, sqlite.Checkpoint(t.Context(), path))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

const (
	tableQuery  = "SELECT (1) FROM `sqlite_schema` WHERE `name` = '_logs'"
	logDeletion = "DELETE FROM `_logs` WHERE `level` < 0"
)

func TestAuxiliaryFileIsCreatedWhenSomethingIsLogged(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.AuxiliaryFile)
	var statements []sqlite.Statement
	observe := func(s sqlite.Statement) { statements = append(statements, s) }
	files := &sqlite.Files{Auxiliary: emptyLogs(t), Observe: observe}
	reads, writes := open(t, files, path)
	err := writes.Transactional(func(tx *dbx.Tx) error {
		var one int
		require.NoError(t, tx.NewQuery(tableQuery).Row(&one))
		assert.Equal(t, 1, one)
		return nil
	})
	require.NoError(t, err)
	exec(t, writes, logDeletion)
	assert.NoFileExists(t, path, "the statements of every start need no file")
	assert.Equal(t, []sqlite.Statement{
		{File: sqlite.AuxiliaryFile, SQL: tableQuery, Answered: true},
		{File: sqlite.AuxiliaryFile, SQL: logDeletion, Answered: true},
	}, statements)

	files.Started()
	const insert = "INSERT INTO `_logs` VALUES ('a', -1, '')"
	exec(t, writes, insert)
	assert.Equal(t, 1, count(t, reads, "_logs"))
	exec(t, writes, logDeletion)
	assert.Zero(t, count(t, reads, "_logs"), "after the start every statement is executed")
	assert.Contains(t, statements, sqlite.Statement{File: sqlite.AuxiliaryFile, SQL: insert})
	assert.Contains(t, statements, sqlite.Statement{File: sqlite.AuxiliaryFile, SQL: logDeletion})
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	for _, entry := range entries {
		assert.Contains(t, []string{sqlite.AuxiliaryFile, sqlite.AuxiliaryFile + "-wal", sqlite.AuxiliaryFile + "-shm"}, entry.Name())
	}
}

func TestExistingAuxiliaryFileIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.AuxiliaryFile)
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	exec(t, db, "CREATE TABLE `_logs` (`id` TEXT)")
	exec(t, db, "INSERT INTO `_logs` VALUES ('a')")
	require.NoError(t, db.Close())
	files := &sqlite.Files{Auxiliary: emptyLogs(t)}
	reads, writes := open(t, files, path)
	files.Started()
	assert.Equal(t, 1, count(t, reads, "_logs"))
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func TestMigrationDuringTheStartIsExecuted(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.AuxiliaryFile)
	files := &sqlite.Files{Auxiliary: emptyLogs(t)}
	reads, writes := open(t, files, path)
	failed := writes.Transactional(func(tx *dbx.Tx) error {
		exec(t, tx, "ALTER TABLE `_logs` ADD COLUMN `wrong` TEXT")
		return context.Canceled
	})
	require.Error(t, failed)
	err := writes.Transactional(func(tx *dbx.Tx) error {
		var one int
		require.NoError(t, tx.NewQuery(tableQuery).Row(&one))
		exec(t, tx, "ALTER TABLE `_logs` ADD COLUMN `more` TEXT")
		exec(t, tx, "INSERT INTO `_logs` (`id`, `more`) VALUES ('a', 'b')")
		return nil
	})
	require.NoError(t, err)
	var columns []string
	require.NoError(t, reads.NewQuery("SELECT name FROM pragma_table_info('_logs')").Column(&columns))
	assert.Equal(t, "id level created more", strings.Join(columns, " "), "the failed migration was rolled back")
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func TestCollectionsAreReadAfterAWriteDuringTheStart(t *testing.T) {
	const query = "SELECT `_collections`.* FROM `_collections` ORDER BY `rowid` ASC"
	for name, test := range map[string]struct {
		write string
		rows  int
	}{
		"only the migrations table": {"CREATE TABLE IF NOT EXISTS `_migrations` (n INTEGER)", 0},
		"a migration":               {"INSERT INTO `_collections` VALUES (2)", 2},
	} {
		path := filepath.Join(t.TempDir(), sqlite.DataFile)
		db, err := sqlite.Open(path)
		require.NoError(t, err)
		exec(t, db, "CREATE TABLE `_collections` (n INTEGER)")
		exec(t, db, "INSERT INTO `_collections` VALUES (1)")
		require.NoError(t, db.Close())

		files := &sqlite.Files{}
		reads, writes := open(t, files, path)
		exec(t, writes, test.write)
		var rows []int
		require.NoError(t, reads.NewQuery(query).Column(&rows))
		assert.Len(t, rows, test.rows, name)
		files.Started()
		var rowsAfterTheStart []int
		require.NoError(t, reads.NewQuery(query).Column(&rowsAfterTheStart))
		assert.NotEmpty(t, rowsAfterTheStart, name)
		require.NoError(t, reads.Close())
		require.NoError(t, writes.Close())
	}
}
