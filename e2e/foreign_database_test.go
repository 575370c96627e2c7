package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// A mistyped DATA_DIR must not change how another application stores its data.
func TestForeignDatabasesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	for name, c := range map[string]struct {
		mode      string
		statement string // the last one before the application ends, or is killed
		killed    bool
		want      string
	}{
		"rollback journal":         {"DELETE", "INSERT INTO notes VALUES ('last')", false, "contains the data of another application"},
		"write-ahead log":          {"WAL", "INSERT INTO notes VALUES ('last')", false, "contains the data of another application"},
		"killed":                   {"WAL", "INSERT INTO notes VALUES ('last')", true, "contains the data of another application"},
		"killed with an empty log": {"WAL", "PRAGMA wal_checkpoint(TRUNCATE)", true, "contains the data of another application"},
		"killed in a large change": {"DELETE", "BEGIN; INSERT INTO notes SELECT randomblob(1000) FROM generate", true, "a program ended while it was changing data.db"},
		"killed in a small change": {"DELETE", "BEGIN; INSERT INTO notes VALUES ('last')", true, "contains the data of another application"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := install(t, sim)
			other, data := t.TempDir(), filepath.Join(in.dir, "pb_data")
			db, err := dbx.Open("sqlite", filepath.Join(other, sqlite.DataFile)+"?_pragma=cache_size(1)&_pragma=journal_mode("+c.mode+")")
			require.NoError(t, err)
			db.DB().SetMaxOpenConns(1)
			defer db.Close()
			_, err = db.NewQuery("CREATE TABLE notes (text); CREATE VIEW generate AS WITH RECURSIVE n(i) AS " +
				"(SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT i FROM n").Execute()
			require.NoError(t, err)
			_, err = db.NewQuery(c.statement).Execute()
			require.NoError(t, err)
			if !c.killed {
				require.NoError(t, db.Close())
			}
			require.NoError(t, os.CopyFS(data, os.DirFS(other)))

			before, names := snapshot(t, data), allFiles(t, data)
			for _, args := range [][]string{{"serve"}, {"userdb", "list"}, {"userdb", "migrate", "--all"}} {
				in.requireRefused(c.want, args...)
				assert.Equal(t, before, snapshot(t, data), args)
				assert.Equal(t, names, allFiles(t, data), args)
			}
		})
	}
}
