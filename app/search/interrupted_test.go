package search_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

func TestIndexWhoseCreationWasInterruptedWorks(t *testing.T) {
	h := newHarness(t)
	h.save(meeting{id: 1, title: "Budget"})
	query, err := search.Parse("budget")
	require.NoError(t, err)
	random := testseed.New(t)
	for range testsize.Of(30, 1000) {
		require.NoError(t, h.search.Discard(t.Context(), h.db.Database))
		interrupted, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(15_000))*time.Microsecond)
		_, _ = h.search.Search(interrupted, h.db.Database, search.Request{Query: query, Limit: 10})
		cancel()
		h.query("budget")
		require.Equal(t, "[1]", h.found("budget"))
	}
}

// A file without tables is what is left when SQLite had a file open that was replaced.
func TestIndexWithoutItsTablesIsBuiltAgain(t *testing.T) {
	h := newHarness(t)
	h.save(meeting{id: 1, title: "Budget"})
	require.Equal(t, "[1]", h.found("budget"))
	file, err := sql.Open("sqlite", h.file())
	require.NoError(t, err)
	_, err = file.Exec("DROP TABLE terms")
	require.NoError(t, errors.Join(err, file.Close()))
	h.query("budget")
	require.Equal(t, "[1]", h.found("budget"))
}
