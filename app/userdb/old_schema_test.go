package userdb

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Databases that were not opened since the update have no columns for S3 yet.
func TestDatabaseWithTheOldSchema(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name)
	recording := h.saveRecording(handle.Database, 1, "", "video")
	handle.Release()
	require.NoError(t, h.exclusively(t.Context(), entry.Name, func() error {
		db, err := sqlite.Open(filepath.Join(h.Dir(entry.Name), sqlite.DataFile))
		require.NoError(t, err)
		for _, statement := range []string{
			"DELETE FROM _migrations WHERE file = '1796000000_recording_blobs.go'",
			"UPDATE _collections SET fields = (SELECT json_group_array(json(value)) FROM json_each(fields) " +
				"WHERE value ->> '$.name' NOT IN ('blob', 'upload')) WHERE name IN ('recordings', 'transfers')",
			"ALTER TABLE recordings DROP COLUMN blob",
			"ALTER TABLE transfers DROP COLUMN upload",
		} {
			_, err := db.NewQuery(statement).Execute()
			require.NoError(t, err)
		}
		return db.Close()
	}))
	oldest := registry.Fields{"schema_version": schema.List.Items()[0].File}
	require.NoError(t, h.registry.Change(t.Context(), h.entry(entry.Name), oldest))

	assert.Empty(t, h.problems(entry.Name))
	details, err := h.Show(t.Context(), entry.Name)
	require.NoError(t, err)
	assert.Zero(t, details.InS3)
	require.NoError(t, h.Maintain(t.Context()))
	assert.NotContains(t, h.log.String(), "level=ERROR")
	assert.False(t, h.entry(entry.Name).MaintainedAt.IsZero())
	_, err = h.unarchive(t.Context(), h.archiveNow(h.entry(entry.Name)))
	require.NoError(t, err)

	handle = h.acquire(entry.Name)
	defer handle.Release()
	files, _ := h.exported(handle.Database)
	assert.Equal(t, "video", files[RecordingPath(recording, "recording.mp4")])
	usage, err := h.Usage(handle.Database)
	require.NoError(t, err)
	assert.Positive(t, usage.Bytes)
}
