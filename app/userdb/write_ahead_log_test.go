package userdb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// A checkpoint can't remove what a reader may still need. The log therefore grows while one reads, but not for longer.
func TestWriteAheadLogStaysBounded(t *testing.T) {
	t.Parallel()
	const limit, written = 8 << 20, 40 // bytes; megabytes
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name)
	path := filepath.Join(h.Dir(entry.Name), sqlite.DataFile)
	logSize := func() int64 {
		t.Helper()
		info, err := os.Stat(path + "-wal")
		require.NoError(t, err)
		return info.Size()
	}
	number := 0
	write := func(megabytes int) {
		t.Helper()
		for range megabytes {
			number++
			h.save(handle.Database, schema.Meetings, map[string]any{"recording_id": number, "summary": strings.Repeat("s", 1<<20)})
		}
	}
	write(written)
	assert.Less(t, logSize(), int64(limit), "without readers")

	reader, err := sqlite.OpenReadOnly(path)
	require.NoError(t, err)
	reading, err := reader.DB().BeginTx(t.Context(), nil)
	require.NoError(t, err)
	var seen int
	require.NoError(t, reading.QueryRow("SELECT COUNT(*) FROM meetings").Scan(&seen))
	write(written)
	assert.Greater(t, logSize(), int64(written)<<20, "the reader needs the earlier pages")
	var now int
	require.NoError(t, reading.QueryRow("SELECT COUNT(*) FROM meetings").Scan(&now))
	assert.Equal(t, seen, now)
	require.NoError(t, reading.Rollback())
	require.NoError(t, reader.Close())
	write(2)
	assert.Less(t, logSize(), int64(limit), "the next writes truncate it")

	h.ShrinkLog(handle.Database)
	assert.Zero(t, logSize(), "what large records have left is moved into the file at once")
	write(2)
	handle.Release()
	require.NoError(t, h.exclusively(t.Context(), entry.Name, func() error { return nil })) // closes the database
	assert.Less(t, logSize(), int64(limit), "it stays for the next opening")
	require.NoError(t, h.Maintain(t.Context()))
	assert.NoFileExists(t, path+"-wal")
	handle = h.acquire(entry.Name)
	meetings, err := handle.App.CountRecords(schema.Meetings)
	require.NoError(t, err)
	assert.EqualValues(t, number, meetings)
}
