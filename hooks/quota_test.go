package hooks_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestAFullStorageSaysSoAndGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_QUOTA=10MB"}, simCfg: simulator.Config{RecordingSize: 6 << 20}})
	p, other := s.connected("ada@example.com"), s.signUp("other@example.com")
	usage := p.own("GET", "/api/usage", nil)
	require.Equal(t, 200, usage.Status, usage.Raw)
	assert.EqualValues(t, 10_000_000, usage.get("quota"))
	assert.Greater(t, usage.get("bytes"), 250_000.0)
	assert.Less(t, usage.get("bytes"), 3_000_000.0)

	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1001}).text("status"))
	assert.Greater(t, p.own("GET", "/api/usage", nil).get("bytes"), 6_000_000.0)
	full := p.run("recording.transfer", map[string]any{"recording_id": 1002})
	assert.Equal(t, "dead", full.text("status"))
	assert.Contains(t, full.text("error"), "storage is full")
	s.eventually(func() bool { return p.listOwn("transfers", recordingFilter(1002))[0]["status"] == "failed" })
	assert.Contains(t, p.listOwn("transfers", recordingFilter(1002))[0]["error"], "storage is full")

	recordings := p.listOwn("recordings", recordingFilter(1001))
	require.Len(t, recordings, 1)
	id := recordings[0]["id"].(string)
	require.Equal(t, 204, p.own("DELETE", "/api/collections/recordings/records/"+id, nil).Status)
	s.eventually(func() bool {
		files, err := filepath.Glob(s.folder(p.name) + "/storage/*/*/*.mp4")
		return err == nil && len(files) == 0
	})
	assert.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1002}).text("status"))

	filler := s.folder(p.name) + "/storage/filler"
	require.NoError(t, os.WriteFile(filler, bytes.Repeat([]byte("x"), 10_000_000), 0o600))
	db, err := s.app.Databases.Acquire(t.Context(), p.name)
	require.NoError(t, err)
	db.StorageChanged()
	db.Release()
	refused := p.own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"})
	assert.Equal(t, 507, refused.Status)
	assert.Contains(t, refused.text("message"), "storage is full")
	batch := p.own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "two"}}}})
	assert.Equal(t, 400, batch.Status, "as for whatever fails in a batch: %s", batch.Raw)
	assert.Contains(t, batch.Raw, "storage is full")
	sync := p.run("fathom.sync", map[string]any{"full": true})
	assert.Equal(t, "dead", sync.text("status"))
	assert.Contains(t, sync.text("error"), "storage is full")
	assert.Equal(t, 200, p.own("GET", "/api/collections/meetings/records", nil).Status, "reading goes on")
	assert.Equal(t, 200, other.own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"}).Status, "others are not touched")
}

func TestWithoutAQuotaThereIsNoBound(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	assert.EqualValues(t, 0, p.own("GET", "/api/usage", nil).get("quota"))
}

func TestAFileInTransferIsNotDeleted(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1001}).text("status"))
	db, err := s.app.Databases.Acquire(t.Context(), p.name)
	require.NoError(t, err)
	defer db.Release()
	transfer, err := db.App.FindFirstRecordByData("transfers", "recording_id", 1001)
	require.NoError(t, err)
	recording := "/api/collections/recordings/records/" + p.listOwn("recordings", "")[0]["id"].(string)
	for status, want := range map[string]int{"uploading": 400, "stored": 400, "downloading": 400} {
		transfer.Set("status", status)
		require.NoError(t, db.App.Save(transfer))
		assert.Equal(t, want, p.own("DELETE", recording, nil).Status, status)
	}
	transfer.Set("status", "delivered")
	require.NoError(t, db.App.Save(transfer))
	assert.Equal(t, 204, p.own("DELETE", recording, nil).Status)
}
