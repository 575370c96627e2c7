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

func getUsage(p apptest.Person) apptest.Answer {
	p.T.Helper()
	usage := p.Own("GET", "/api/usage", nil)
	require.Equal(p.T, 200, usage.Status, usage.Raw)
	return usage
}

func TestTransferFailsOnlyWhileTheQuotaIsExceeded(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{
		Settings: []string{"USER_DB_QUOTA=10MB"}, SimulatorConfig: simulator.Config{RecordingSize: 6 << 20},
	})
	p := s.SignUpWithMeetings("ada@example.com")
	transfer := func(recordingID int64) apptest.Answer {
		return p.RunJob("recording.transfer", map[string]any{"recording_id": recordingID})
	}
	usage := getUsage(p)
	assert.EqualValues(t, 10_000_000, usage.Get("quota"))
	assert.Greater(t, usage.Get("bytes"), 250_000.0)
	assert.Less(t, usage.Get("bytes"), 3_000_000.0)

	require.Equal(t, "completed", transfer(1001).Text("status"))
	assert.Greater(t, getUsage(p).Get("bytes"), 6_000_000.0)
	refused := transfer(1002)
	assert.Equal(t, "dead", refused.Text("status"))
	assert.Regexp(t, `This video needs 6\.3 MB; \d\.\d MB of your 10 MB are left\. Delete `, refused.Text("error"))
	s.Eventually(func() bool { return p.ListOwn("transfers", apptest.RecordingFilter(1002))[0]["status"] == "failed" })
	assert.Contains(t, p.ListOwn("transfers", apptest.RecordingFilter(1002))[0]["error"], "This video needs 6.3 MB")
	earlier := len(s.Simulator.Requests())
	assert.Equal(t, "dead", transfer(1002).Text("status"))
	assert.Len(t, s.Simulator.Requests(), earlier, "Fathom is not asked while the file is known not to fit")

	recordings := p.ListOwn("recordings", apptest.RecordingFilter(1001))
	require.Len(t, recordings, 1)
	deleted := p.Own("DELETE", "/api/collections/recordings/records/"+recordings[0]["id"].(string), nil)
	require.Equal(t, 204, deleted.Status, deleted.Raw)
	s.Eventually(func() bool {
		files, err := filepath.Glob(s.FolderPath(p.Name) + "/storage/*/*/*.mp4")
		return err == nil && len(files) == 0
	})
	assert.Equal(t, "completed", transfer(1002).Text("status"), "deleting a recording frees storage")
}

func TestWritesAreRefusedWhenTheQuotaIsExceeded(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_QUOTA=10MB"}})
	p, other := s.SignUpWithMeetings("ada@example.com"), s.SignUp("other@example.com")
	const preferences = "/api/collections/preferences/records"
	preference := map[string]any{"key": "one"}

	filler := s.FolderPath(p.Name) + "/storage/filler"
	require.NoError(t, os.MkdirAll(filepath.Dir(filler), 0o700))
	require.NoError(t, os.WriteFile(filler, bytes.Repeat([]byte("x"), 10_000_000), 0o600))
	handle := acquire(p)
	handle.StorageChanged()
	handle.Release()
	refused := p.Own("POST", preferences, preference)
	assert.Equal(t, 507, refused.Status)
	assert.Contains(t, refused.Text("message"), "storage is full")
	batch := p.Own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "POST", "url": preferences, "body": map[string]any{"key": "two"}},
	}})
	assert.Equal(t, 400, batch.Status, "the status of any failed batch: %s", batch.Raw)
	assert.Contains(t, batch.Raw, "storage is full")
	sync := p.RunJob("fathom.sync", map[string]any{"full": true})
	assert.Equal(t, "dead", sync.Text("status"))
	assert.Contains(t, sync.Text("error"), "storage is full")
	requests := len(s.Simulator.Requests())
	assert.Contains(t, p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("error"), "storage is full")
	assert.Len(t, s.Simulator.Requests(), requests, "Fathom is not asked while nothing is left")
	connection := p.ListOwn("connections", "")[0]["id"].(string)
	longer := map[string]any{"settings": map[string]any{"a": "long"}}
	larger := p.Own("PATCH", "/api/collections/connections/records/"+connection, longer)
	assert.Equal(t, 507, larger.Status, "a record must not grow either: %s", larger.Raw)
	assert.NotContains(t, s.Log.String(), "level=ERROR", "users over their quota are no failure of the server")
	assert.Equal(t, 200, listMeetings(p), "data can still be read")
	assert.Equal(t, 200, other.Own("POST", preferences, preference).Status, "other users are not affected")
}

func TestThereIsNoQuotaByDefault(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	assert.EqualValues(t, 0, getUsage(p).Get("quota"))
}
