package userdb

import (
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Opening is fast because package sqlite recognizes some of PocketBase's statements by their text. This
// test fails when PocketBase rewords one of them, and when it executes anything more or less.
func TestOpeningExecutesOnlyExpectedStatements(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.acquire(h.provision("ada@example.com").Name).Release() // the first opening decodes the collections

	var mu sync.Mutex
	executed := map[sqlite.Statement]int{}
	h.observe = func(s sqlite.Statement) {
		mu.Lock()
		defer mu.Unlock()
		executed[s]++
	}
	handle := h.acquire(h.provision("bob@example.com").Name)
	defer handle.Release()
	mu.Lock()
	defer mu.Unlock()

	data := func(sql string) sqlite.Statement { return sqlite.Statement{File: sqlite.DataFile, SQL: sql} }
	answered := func(file, sql string) sqlite.Statement {
		return sqlite.Statement{File: file, SQL: sql, Answered: true}
	}
	assert.Equal(t, map[sqlite.Statement]int{
		answered(sqlite.DataFile, "SELECT `_collections`.* FROM `_collections` ORDER BY `rowid` ASC"): 1,
		answered(sqlite.AuxiliaryFile,
			"SELECT (1) FROM `sqlite_schema` WHERE (`type` IN (?, ?)) AND (LOWER(`name`)=LOWER(?)) LIMIT 1"): 1,
		answered(sqlite.AuxiliaryFile, "DELETE FROM `_logs` WHERE `created` <= ? OR `level` < ?"): 1,

		data("CREATE TABLE IF NOT EXISTS `_migrations` (file VARCHAR(255) PRIMARY KEY NOT NULL, applied INTEGER NOT NULL)"): 1,
		data("SELECT (1) FROM `_migrations` WHERE `file`=? LIMIT 1"):                                                        len(core.SystemMigrations.Items()),
		data("SELECT `_params`.* FROM `_params` WHERE `id`=?"):                                                              1,

		// Executed by this package.
		data("SELECT `id`, `system`, `type`, `name`, `fields`, `indexes`, `listRule`, `viewRule`, `createRule`, " +
			"`updateRule`, `deleteRule`, `options` FROM `_collections` ORDER BY `rowid` ASC"): 1,
		data("PRAGMA shrink_memory"):                                       1,
		data("SELECT `file` FROM `_migrations`"):                           1,
		data("SELECT `users`.* FROM `users` WHERE `users`.`id`=? LIMIT 1"): 1,
	}, executed)
}
