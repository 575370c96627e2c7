package standby_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
)

func writeDatabase(t *testing.T, path, content string) {
	t.Helper()
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	_, err = db.NewQuery("CREATE TABLE [[" + content + "]] (id)").Execute()
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func TestPromotionIsUnfinishedUntilFinish(t *testing.T) {
	t.Parallel()
	data, users := t.TempDir(), t.TempDir()
	writeDatabase(t, filepath.Join(data, sqlite.DataFile), "former")
	unfinished := func() bool {
		t.Helper()
		_, found, err := standby.Unfinished(data)
		require.NoError(t, err)
		return found
	}
	assert.False(t, unfinished())
	copied, err := standby.NewCopy(data)
	require.NoError(t, err)
	writeDatabase(t, copied, "promoted")
	assert.False(t, unfinished(), "nothing is installed yet")
	_, found, err := standby.Finish(data, users)
	require.NoError(t, err)
	assert.False(t, found)
	assert.NoFileExists(t, copied, "an abandoned copy is removed")
	copied, err = standby.NewCopy(data)
	require.NoError(t, err)
	writeDatabase(t, copied, "promoted")

	promoted := standby.Promoted{Incarnation: standby.Incarnation{Number: 2, Since: time.Now().UTC().Truncate(time.Second), Host: "standby"}, Missing: []string{}}
	require.NoError(t, standby.Install(t.Context(), data, standby.AsidePrefix+"x", &promoted))
	assert.FileExists(t, filepath.Join(promoted.Aside, sqlite.DataFile))
	assert.True(t, unfinished())
	finished, found, err := standby.Finish(data, users)
	require.NoError(t, err)
	assert.True(t, found)
	assert.Equal(t, promoted, finished)
	mark, err := standby.ReadMark(users)
	require.NoError(t, err)
	assert.Equal(t, promoted.Incarnation, mark)

	assert.False(t, unfinished())
	_, found, err = standby.Finish(data, users)
	require.NoError(t, err)
	assert.False(t, found)
	entries, err := os.ReadDir(data)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	assert.Equal(t, []string{standby.AsidePrefix + "x", sqlite.DataFile}, names)
}

func TestIncarnationsOnlyRise(t *testing.T) {
	t.Parallel()
	now := time.Now()
	two := standby.Incarnation{Number: 2, Since: now.Add(-time.Hour), Host: "b"}
	assert.Equal(t, 1, standby.Raise(false, now, "c").Number)
	assert.Equal(t, two, standby.Raise(false, now, "c", standby.Incarnation{Number: 1}, two, standby.Incarnation{}))
	taken := standby.Raise(true, now, "c", two, standby.Incarnation{Number: 1})
	assert.Equal(t, standby.Incarnation{Number: 3, Since: now.UTC().Truncate(time.Second), Host: "c"}, taken)
}

func TestDatabaseThatAnotherProgramReadsIsInUse(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	file := filepath.Join(data, sqlite.DataFile)
	require.NoError(t, standby.CheckUnused(t.Context(), data), "there is none")
	writeDatabase(t, file, "first")
	require.NoError(t, standby.CheckUnused(t.Context(), data))
	reader, err := sqlite.Open(file)
	require.NoError(t, err)
	tx, err := reader.Begin()
	require.NoError(t, err)
	var tables int
	require.NoError(t, tx.Select("COUNT(*)").From("sqlite_master").Row(&tables))
	writeDatabase(t, file, "second")
	require.ErrorIs(t, standby.CheckUnused(t.Context(), data), standby.ErrInUse)
	require.NoError(t, tx.Rollback())
	require.NoError(t, reader.Close())
	require.NoError(t, standby.CheckUnused(t.Context(), data))
	require.NoError(t, os.WriteFile(file, []byte("damaged, and longer than a header"), 0o600))
	require.NoError(t, standby.CheckUnused(t.Context(), data), "a damaged one may be replaced")
}
