package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// draftWith returns the content of a draft to which a row was added.
func draftWith(ctx context.Context, image sqlite.Image, text string) ([]byte, error) {
	draft, err := image.Draft(ctx)
	if err != nil {
		return nil, err
	}
	defer draft.Close()
	if _, err := draft.DB.Insert("a", dbx.Params{"text": text}).Execute(); err != nil {
		return nil, err
	}
	return draft.Content(ctx)
}

func TestDraftsAreIndependentCopies(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	exec(t, db, "CREATE TABLE a (text TEXT)")
	require.NoError(t, db.Close())
	image, err := sqlite.ReadImage(path)
	require.NoError(t, err)

	contents := make([][]byte, 8)
	var group errgroup.Group
	for i := range contents {
		group.Go(func() (err error) {
			contents[i], err = draftWith(t.Context(), image, fmt.Sprintf("only-in-%d", i))
			return err
		})
	}
	require.NoError(t, group.Wait())
	for i, content := range contents {
		for j := range contents {
			assert.Equal(t, i == j, strings.Contains(string(content), fmt.Sprintf("only-in-%d", j)), "%d in %d", j, i)
		}
		copied := filepath.Join(t.TempDir(), sqlite.DataFile)
		require.NoError(t, os.WriteFile(copied, content, 0o600))
		reads, writes := open(t, &sqlite.Files{}, copied)
		var mode string
		require.NoError(t, reads.NewQuery("PRAGMA journal_mode").Row(&mode))
		assert.Equal(t, "wal", mode)
		assert.Equal(t, 1, count(t, writes, "a"))
		require.NoError(t, reads.Close())
		require.NoError(t, writes.Close())
	}
}

func TestReadImageRefusesWhatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	_, err := sqlite.ReadImage(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("too short"), 0o600))
	_, err = sqlite.ReadImage(path)
	require.ErrorContains(t, err, "not a database")
}
