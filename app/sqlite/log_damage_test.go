package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

const killedRows = 40

// killedDatabase returns the path of a database as a killed process leaves it: everything is still in the log.
func killedDatabase(t *testing.T, write func(db *dbx.DB)) string {
	t.Helper()
	from, to := filepath.Join(t.TempDir(), sqlite.DataFile), filepath.Join(t.TempDir(), sqlite.DataFile)
	db, err := sqlite.Open(from)
	require.NoError(t, err)
	exec(t, db, "CREATE TABLE t (n INTEGER, text TEXT)")
	exec(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	write(db)
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(from + suffix)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(to+suffix, content, 0o600))
	}
	require.NoError(t, db.Close())
	return to
}

func insertRows(t *testing.T, db *dbx.DB) {
	t.Helper()
	for n := range killedRows {
		exec(t, db, fmt.Sprintf("INSERT INTO t VALUES (%d, hex(zeroblob(2000)))", n))
	}
}

func rowsIn(t *testing.T, path string) int {
	t.Helper()
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	return count(t, db, "t")
}

func TestLogOfAKilledProcessIsNotDamaged(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		write func(t *testing.T, db *dbx.DB)
		cut   int64 // bytes that are missing at the end
		rows  int
	}{
		"committed": {insertRows, 0, killedRows},
		"torn":      {insertRows, 100, killedRows - 1},
		"no log":    {func(*testing.T, *dbx.DB) {}, 0, 0},
		"rolled back": {func(t *testing.T, db *dbx.DB) {
			insertRows(t, db)
			exec(t, db, "PRAGMA cache_size = 2")
			exec(t, db, "BEGIN")
			for range 50 { // more than the cache holds, so that the log contains it
				exec(t, db, "INSERT INTO t VALUES (0, hex(zeroblob(4000)))")
			}
			exec(t, db, "ROLLBACK")
			exec(t, db, "INSERT INTO t VALUES (0, 'short')")
		}, 0, killedRows + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := killedDatabase(t, func(db *dbx.DB) { test.write(t, db) })
			info, err := os.Stat(path + "-wal")
			require.NoError(t, err)
			require.NoError(t, os.Truncate(path+"-wal", max(0, info.Size()-test.cut)))
			aside, err := sqlite.SetDamagedLogAside(t.Context(), path)
			require.NoError(t, err)
			assert.Empty(t, aside)
			assert.Equal(t, test.rows, rowsIn(t, path))
		})
	}
}

func TestDamagedLogIsSetAside(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]float64{"header": 0, "salt of the header": 0.0001, "middle": 0.5, "near the end": 0.9} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := killedDatabase(t, func(db *dbx.DB) { insertRows(t, db) })
			log, err := os.ReadFile(path + "-wal")
			require.NoError(t, err)
			log[int(at*float64(len(log)))] ^= 0xff
			require.NoError(t, os.WriteFile(path+"-wal", log, 0o600))
			aside, err := sqlite.SetDamagedLogAside(t.Context(), path)
			require.NoError(t, err)
			require.Equal(t, path+sqlite.DamagedLogSuffix, aside)
			kept, err := os.ReadFile(aside)
			require.NoError(t, err)
			assert.Equal(t, log, kept)
			rows := rowsIn(t, path)
			assert.InDelta(t, at*killedRows, rows, killedRows/10, "what precedes the damage is there")
			aside, err = sqlite.SetDamagedLogAside(t.Context(), path)
			require.NoError(t, err)
			assert.Empty(t, aside, "it is reported once")
		})
	}
}
