package transfer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestTransferFromFathomToLoom(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	require.Len(t, p.ListOwn("meetings", ""), 24)

	want := original(s, 1001)
	job := completeTransfer(p, 1001)
	assert.EqualValues(t, 1, job.Get("progress"))
	assert.Equal(t, "awaiting_share_url", job.Text("result.status"))

	meeting := recordFor(p, "meetings", 1001)
	assert.Equal(t, want.Title, meeting["title"])
	assert.Regexp(t, "^## ", meeting["summary"])
	assert.NotEmpty(t, meeting["action_items"])
	transcript := recordFor(p, "transcripts", 1001)
	assert.NotEmpty(t, transcript["items"])
	assert.Regexp(t, `^\[00:00:00\] \w+`, transcript["text"])
	recording := recordFor(p, "recordings", 1001)
	assert.EqualValues(t, want.Size, recording["size"])
	assert.Equal(t, want.SHA256, recording["sha256"])
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, "awaiting_share_url", transfer["status"])
	assert.EqualValues(t, want.Size, transfer["bytes_done"])
	assert.EqualValues(t, want.Size, transfer["bytes_total"])

	file := s.Call("GET", fileURL(p, 1001)+"&download=1", "", nil)
	require.Equal(t, 200, file.Status)
	assert.Equal(t, want.SHA256, checksum(file.Raw))
	assert.Equal(t, "video/mp4", file.Header.Get("Content-Type"))
	assert.Contains(t, file.Header.Get("Content-Disposition"), "attachment")
	assert.Contains(t, file.Header.Get("Content-Disposition"), transfer["file_name"])

	share, err := s.Simulator.Upload(t.Context(), transfer["file_name"].(string), strings.NewReader(file.Raw))
	require.NoError(t, err)
	delivered := p.Own("PATCH", transferPath(p, 1001), map[string]any{"share_url": "  " + share + "?sid=abc "})
	require.Equal(t, 200, delivered.Status, delivered.Raw)
	assert.Equal(t, "delivered", delivered.Text("status"))
	assert.Equal(t, share, delivered.Text("share_url"))
	assert.Equal(t, share, recordFor(p, "meetings", 1001)["loom_url"])

	again := runTransfer(p, 1001)
	assert.Equal(t, "completed", again.Text("status"))
	assert.Equal(t, "delivered", again.Text("result.status"), "a delivered recording is not delivered again")
	downloads := 0
	for _, request := range s.Simulator.Requests() {
		if request.Method == "POST" && request.Path == "/external/v1/recordings/1001/download" {
			downloads++
		}
	}
	assert.Equal(t, 1, downloads)
	assert.Empty(t, s.Simulator.Violations(), "no credential was sent to the file host")
	partials, err := os.ReadDir(filepath.Join(s.App.Databases.Dir(p.Name), "partial"))
	require.NoError(t, err)
	assert.Empty(t, partials)
}

func TestPermanentRefusalEndsTransfer(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/recordings/1001/download", Status: 404})
	for _, test := range []struct {
		name        string
		recordingID int64
		message     string
	}{
		{"limited share", 1022, "limited access"},
		{"deleted at Fathom", 1001, "no longer has"},
		{"no media", 1023, "no video"},
		{"unknown meeting", 999999, "isn't among your meetings"},
	} {
		job := runTransfer(p, test.recordingID)
		assert.Equal(t, "dead", job.Text("status"), test.name)
		assert.Contains(t, job.Text("error"), test.message, test.name)
		assert.EqualValues(t, 1, job.Get("attempts"), "%s: a permanent failure is not retried", test.name)
	}
	waitForTransferStatus(p, 1022, "failed")
	assert.Contains(t, recordFor(p, "transfers", 1022)["error"], "limited access")
}
