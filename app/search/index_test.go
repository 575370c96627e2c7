package search_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func TestIndexIsCreatedByTheFirstSearch(t *testing.T) {
	h := newHarness(t)
	h.work()
	assert.NoFileExists(t, h.file(), "there is nothing to index")
	h.save(meeting{id: 1, title: "budget"})
	assert.NoFileExists(t, h.file())
	assert.False(t, h.search.IsOpen(h.db.Database))
	result := h.query("budget")
	assert.Len(t, result.Items, 1, "a search finds what was written before it")
	assert.True(t, result.Complete)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(h.file() + suffix)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), suffix)
	}
}

func TestChangesAreFoundAtOnce(t *testing.T) {
	h := newHarness(t)
	h.save(meeting{id: 1, title: "budget"})
	h.save(meeting{id: 2, title: "plan"})
	assert.Len(t, h.query("budget").Items, 1)
	h.save(meeting{id: 1, title: "renamed", transcript: []fathom.TranscriptItem{says("Ada", "", "00:00:01", "hello")}})
	assert.Empty(t, h.query("budget").Items)
	assert.Len(t, h.query("renamed hello").Items, 1)
	h.delete(1)
	assert.Empty(t, h.query("hello").Items)
	assert.Len(t, h.query("plan").Items, 1)
	assert.EqualValues(t, 1, h.query("plan").Indexed)
}

func TestNoSearchWaitsForALongTranscript(t *testing.T) {
	h := newHarness(t)
	h.save(meeting{id: 1, title: "budget"})
	h.work()
	long := strings.Repeat("we discuss the plan ", 15_000)
	h.save(meeting{id: 2, title: "budget", transcript: []fathom.TranscriptItem{says("Ada", "", "00:00:01", long)}})
	result := h.query("budget")
	assert.False(t, result.Complete)
	assert.Len(t, result.Items, 1)
	assert.Equal(t, "[2]", h.found("discuss"), "the background has indexed it")
}

func TestOtherUpdatesAreNotIndexed(t *testing.T) {
	h := newHarness(t)
	h.save(meeting{id: 1, title: "budget"})
	h.work()
	record := h.find("meetings", 1)
	record.Set("loom_url", "https://www.loom.com/share/x")
	require.NoError(t, h.db.App.Save(record))
	var pending int
	require.NoError(t, h.db.App.ConcurrentDB().NewQuery("SELECT COUNT(*) FROM search_pending").Row(&pending))
	assert.Zero(t, pending)
}

func TestUnfinishedIndexSaysSo(t *testing.T) {
	h := newHarness(t)
	for id := range int64(100) {
		h.save(meeting{id: id + 1, title: "weekly"})
	}
	_, err := h.db.App.NonconcurrentDB().NewQuery("DELETE FROM search_pending").Execute() // as for meetings of an earlier version
	require.NoError(t, err)
	more, err := h.search.Step(t.Context(), h.db.Database)
	require.NoError(t, err)
	require.True(t, more)
	h.full()
	result := h.query("weekly")
	assert.False(t, result.Complete)
	assert.EqualValues(t, 20, result.Indexed)
	assert.EqualValues(t, 100, result.Items[0].RecordingID, "the newest are indexed first")
	h.disk = nil
	h.restart(nil) // continues
	h.work()
	result = h.query("weekly")
	assert.True(t, result.Complete)
	assert.EqualValues(t, 100, result.Indexed)
}

// A search reads each part of an index, of which every step adds one.
func TestBuildEndsWithAnIndexInOnePart(t *testing.T) {
	h := newHarness(t)
	for id := range int64(90) {
		h.save(meeting{id: id + 1, title: fmt.Sprintf("weekly %d", id+1)})
	}
	_, err := h.db.App.NonconcurrentDB().NewQuery("DELETE FROM search_pending").Execute() // as for meetings of an earlier version
	require.NoError(t, err)
	steps := 0
	for more := true; more; steps++ {
		more, err = h.search.Step(t.Context(), h.db.Database)
		require.NoError(t, err)
		if steps == 4 { // in the middle of it
			h.save(meeting{id: 1000, title: "weekly 1000"})
		}
		h.restart(nil)
	}
	assert.Less(t, steps, 20)
	index, err := sqlite.OpenReadOnly(h.file())
	require.NoError(t, err)
	defer index.Close()
	var parts int
	require.NoError(t, index.NewQuery("SELECT COUNT(DISTINCT segid) FROM terms_idx").Row(&parts))
	assert.Equal(t, 1, parts)
	assert.EqualValues(t, 91, h.query("weekly").Total)
	assert.Len(t, h.query("weekly 1000").Items, 1)
	assert.Len(t, h.query("weekly 7").Items, 1)
}

func TestDamagedIndexIsBuiltAgain(t *testing.T) {
	overwrite := func(offset int64, content []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			file, err := os.OpenFile(path, os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = file.WriteAt(content, offset)
			require.NoError(t, errors.Join(err, file.Close()))
		}
	}
	execute := func(statement string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			db, err := sqlite.Open(path)
			require.NoError(t, err)
			_, err = db.NewQuery(statement).Execute()
			require.NoError(t, errors.Join(err, db.Close()))
		}
	}
	for name, damage := range map[string]func(t *testing.T, path string){
		"missing":       func(t *testing.T, path string) { require.NoError(t, os.Remove(path)) },
		"empty":         func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 0)) },
		"cut":           func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 9000)) },
		"no database":   overwrite(0, bytes.Repeat([]byte("x"), 4096)),
		"damaged pages": overwrite(4096, bytes.Repeat([]byte("x"), 8*4096)),
		"old version":   execute("PRAGMA user_version = 0"),
		"newer version": execute("PRAGMA user_version = 99"),
		"no state":      execute("DELETE FROM state"),
		"no table":      execute("DROP TABLE state"),
		"no contents":   execute("UPDATE contents SET content = x'00'"),
		"other state":   execute("UPDATE state SET token = 'x', previous = 'y'"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newLibrary(t)
			require.Equal(t, "[1 2]", h.found("budget"))
			h.restart(func(dir string) {
				require.NoError(t, sqlite.Checkpoint(context.Background(), filepath.Join(dir, sqlite.SearchFile)))
				damage(t, filepath.Join(dir, sqlite.SearchFile))
			})
			h.query("budget") // must not fail
			_ = h.search.Work(t.Context(), h.db.Database)
			assert.Equal(t, "[1 2]", h.found("budget"))
			assert.Equal(t, "[3]", h.found("会議"))
		})
	}
}

func TestIndexOfAnotherStateOfTheDataIsBuiltAgain(t *testing.T) {
	h := newHarness(t)
	h.save(meeting{id: 1, title: "budget"})
	require.Equal(t, "[1]", h.found("budget"))
	var earlier []byte
	h.restart(func(dir string) { earlier = readFile(t, dir) })
	h.save(meeting{id: 2, title: "budget"})
	h.delete(1)
	require.Equal(t, "[2]", h.found("budget"))
	h.restart(func(dir string) {
		replaceData(t, dir, earlier)
	})
	assert.Equal(t, "[1]", h.found("budget"))
}

// readFile returns data.db of a closed database.
func readFile(t testing.TB, dir string) []byte {
	t.Helper()
	path := filepath.Join(dir, sqlite.DataFile)
	require.NoError(t, sqlite.Checkpoint(context.Background(), path))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

func TestIndexIsClosedAndRemovedWithItsDatabase(t *testing.T) {
	h := newLibrary(t)
	h.found("budget")
	require.True(t, h.search.IsOpen(h.db.Database))
	h.search.CloseUnused(t.Context())
	require.True(t, h.search.IsOpen(h.db.Database))
	h.clock.Advance(search.CloseAfter)
	h.search.CloseUnused(t.Context())
	require.False(t, h.search.IsOpen(h.db.Database))
	h.found("budget")

	closed := h.db.Database
	h.db.Release()
	h.archive()
	assert.NoDirExists(t, h.dir())
	query, err := search.Parse("budget")
	require.NoError(t, err)
	_, err = h.search.Search(t.Context(), closed, search.Request{Query: query, Limit: 1})
	require.ErrorIs(t, err, userdb.ErrClosed)
	h.acquireArchived()
	assert.NoFileExists(t, h.file(), "archives contain no index")
	assert.Equal(t, "[1 2]", h.found("budget"))
}

func TestDatabaseIsClosedBeforeItsTurn(t *testing.T) {
	h := newLibrary(t)
	step, err := h.search.StepLater(h.db.Database)
	require.NoError(t, err)
	h.restart(func(string) { require.NoError(t, step(t.Context())) })
	assert.Equal(t, "[1 2]", h.found("budget"))
}

func TestExportsAndQuotasExcludeTheIndex(t *testing.T) {
	h := newLibrary(t)
	before, err := h.databases.Usage(h.db.Database)
	require.NoError(t, err)
	h.found("budget")
	require.FileExists(t, h.file())
	h.db.StorageChanged()
	after, err := h.databases.Usage(h.db.Database)
	require.NoError(t, err)
	assert.InDelta(t, before.Bytes, after.Bytes, 64<<10, "only what data.db remembers counts")
	var export bytes.Buffer
	require.NoError(t, h.databases.Export(t.Context(), h.db.Database, &export))
	assert.False(t, strings.Contains(export.String(), sqlite.SearchFile))
}

func TestNothingIsIndexedOnAFullDisk(t *testing.T) {
	h := newHarness(t)
	h.save(meeting{id: 1, title: "budget"})
	h.found("budget")
	h.full()
	h.save(meeting{id: 2, title: "budget"})
	h.work()
	result := h.query("budget")
	assert.Len(t, result.Items, 1)
	assert.False(t, result.Complete)
	h.disk = nil
	assert.Len(t, h.query("budget").Items, 2)
}

func TestBackgroundIndexesOpenDatabases(t *testing.T) {
	h := newLibrary(t)
	require.NoError(t, h.search.Start(t.Context()))
	h.clock.Advance(search.CloseAfter)
	require.Eventually(t, func() bool {
		var token string
		err := h.db.App.ConcurrentDB().NewQuery("SELECT token FROM search_state").Row(&token)
		return err == nil && strings.HasPrefix(token, "+")
	}, waitFor, tick)
	require.NoError(t, h.search.Stop(t.Context()))
	require.NoError(t, h.search.Stop(t.Context()))
	h.full()
	assert.Len(t, h.query("budget").Items, 2)
}
