package userdb_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestAFullStorageSaysSoAndGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_QUOTA=10MB"}, SimulatorConfig: simulator.Config{RecordingSize: 6 << 20}})
	p, other := s.SignUpWithMeetings("ada@example.com"), s.SignUp("other@example.com")
	usage := p.Own("GET", "/api/usage", nil)
	require.Equal(t, 200, usage.Status, usage.Raw)
	assert.EqualValues(t, 10_000_000, usage.Get("quota"))
	assert.Greater(t, usage.Get("bytes"), 250_000.0)
	assert.Less(t, usage.Get("bytes"), 3_000_000.0)

	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	assert.Greater(t, p.Own("GET", "/api/usage", nil).Get("bytes"), 6_000_000.0)
	full := p.RunJob("recording.transfer", map[string]any{"recording_id": 1002})
	assert.Equal(t, "dead", full.Text("status"))
	assert.Contains(t, full.Text("error"), "storage is full")
	s.Eventually(func() bool { return p.ListOwn("transfers", apptest.RecordingFilter(1002))[0]["status"] == "failed" })
	assert.Contains(t, p.ListOwn("transfers", apptest.RecordingFilter(1002))[0]["error"], "storage is full")

	recordings := p.ListOwn("recordings", apptest.RecordingFilter(1001))
	require.Len(t, recordings, 1)
	id := recordings[0]["id"].(string)
	require.Equal(t, 204, p.Own("DELETE", "/api/collections/recordings/records/"+id, nil).Status)
	s.Eventually(func() bool {
		files, err := filepath.Glob(s.FolderPath(p.Name) + "/storage/*/*/*.mp4")
		return err == nil && len(files) == 0
	})
	assert.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1002}).Text("status"))

	filler := s.FolderPath(p.Name) + "/storage/filler"
	require.NoError(t, os.WriteFile(filler, bytes.Repeat([]byte("x"), 10_000_000), 0o600))
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	db.StorageChanged()
	db.Release()
	refused := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"})
	assert.Equal(t, 507, refused.Status)
	assert.Contains(t, refused.Text("message"), "storage is full")
	batch := p.Own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "two"}}}})
	assert.Equal(t, 400, batch.Status, "as for whatever fails in a batch: %s", batch.Raw)
	assert.Contains(t, batch.Raw, "storage is full")
	sync := p.RunJob("fathom.sync", map[string]any{"full": true})
	assert.Equal(t, "dead", sync.Text("status"))
	assert.Contains(t, sync.Text("error"), "storage is full")
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status, "reading goes on")
	assert.Equal(t, 200, other.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"}).Status, "others are not touched")
}

func TestWithoutAQuotaThereIsNoBound(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	assert.EqualValues(t, 0, p.Own("GET", "/api/usage", nil).Get("quota"))
}

func TestAFileInTransferIsNotDeleted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	transfer, err := db.App.FindFirstRecordByData("transfers", "recording_id", 1001)
	require.NoError(t, err)
	recording := "/api/collections/recordings/records/" + p.ListOwn("recordings", "")[0]["id"].(string)
	for status, want := range map[string]int{"uploading": 400, "stored": 400, "downloading": 400} {
		transfer.Set("status", status)
		require.NoError(t, db.App.Save(transfer))
		assert.Equal(t, want, p.Own("DELETE", recording, nil).Status, status)
	}
	transfer.Set("status", "delivered")
	require.NoError(t, db.App.Save(transfer))
	assert.Equal(t, 204, p.Own("DELETE", recording, nil).Status)
}
