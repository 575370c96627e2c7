package transfer_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestShareLinksThatDontMatchAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1002}).Text("status"))
	transfer := p.ListOwn("transfers", apptest.RecordingFilter(1001))[0]
	path := "/api/collections/transfers/records/" + transfer["id"].(string)
	other := p.ListOwn("transfers", apptest.RecordingFilter(1002))[0]
	stored := s.Call("GET", fileURL(p, p.ListOwn("recordings", apptest.RecordingFilter(1002))[0]), "", nil)
	wrong, err := s.Simulator.Upload(t.Context(), other["file_name"].(string), bytes.NewReader([]byte(stored.Raw)))
	require.NoError(t, err)

	for what, share := range map[string]string{
		"empty":          "",
		"no link":        "hello",
		"another site":   "https://example.com/share/0123456789abcdef0123456789abcdef",
		"the real Loom":  "https://www.loom.com/share/0123456789abcdef0123456789abcdef",
		"unknown video":  s.Simulator.LoomURL() + "/share/0123456789abcdef0123456789abcdef",
		"another length": wrong,
	} {
		got := p.Own("PATCH", path, map[string]any{"share_url": share})
		assert.Equal(t, 400, got.Status, "%s: %s", what, got.Raw)
		assert.NotEmpty(t, got.Text("data.share_url.message"), "%s: %s", what, got.Raw)
	}
	mine := s.Call("GET", fileURL(p, p.ListOwn("recordings", apptest.RecordingFilter(1001))[0]), "", nil)
	right, err := s.Simulator.Upload(t.Context(), transfer["file_name"].(string), bytes.NewReader([]byte(mine.Raw)))
	require.NoError(t, err)
	for field, value := range map[string]any{"status": "delivered", "bytes_done": 1, "file_name": "x.mp4", "recording_id": 5} {
		for _, body := range []map[string]any{{field: value}, {field: value, "share_url": right}} {
			got := p.Own("PATCH", path, body)
			assert.Equal(t, 400, got.Status, "%s is the server's to write: %s", field, got.Raw)
		}
	}
	s.Simulator.Inject(simulator.Fault{Path: "/v1/oembed", Status: 503, Times: 1})
	assert.Equal(t, 503, p.Own("PATCH", path, map[string]any{"share_url": wrong}).Status, "Loom is out of reach")
	assert.Equal(t, "awaiting_share_url", p.ListOwn("transfers", apptest.RecordingFilter(1001))[0]["status"])

	require.Equal(t, 200, p.Own("PATCH", "/api/collections/transfers/records/"+other["id"].(string), map[string]any{"share_url": wrong}).Status)

	// Two meetings of the same length: the link of one is not the other's.
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1003}).Text("status"))
	require.Equal(t, 200, p.Own("PATCH", path, map[string]any{"share_url": right}).Status)
	twin := p.ListOwn("transfers", apptest.RecordingFilter(1003))[0]
	require.Equal(t, p.ListOwn("meetings", apptest.RecordingFilter(1001))[0]["duration"], p.ListOwn("meetings", apptest.RecordingFilter(1003))[0]["duration"])
	got := p.Own("PATCH", "/api/collections/transfers/records/"+twin["id"].(string), map[string]any{"share_url": right})
	assert.Equal(t, 400, got.Status)
	assert.Contains(t, got.Raw, "another meeting")
}

// uploader is one that needs no person, as a browser driven by the server.
type uploader struct{ sim *simulator.Server }

func (uploader) Name() string { return "test" }

func (u uploader) Upload(ctx context.Context, r loom.Recording) (loom.Outcome, error) {
	file, err := os.Open(r.Path)
	if err != nil {
		return loom.Outcome{}, err
	}
	defer file.Close()
	share, err := u.sim.Upload(ctx, r.FileName, file)
	return loom.Outcome{ShareURL: share}, err
}

func TestAnUploaderThatNeedsNobodyDelivers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Prepare: func(s *apptest.Server) { s.App.Uploader = uploader{s.Simulator} }})
	p := s.SignUpWithMeetings("ada@example.com")
	job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Equal(t, "delivered", job.Text("result.status"))
	assert.NotEmpty(t, job.Text("result.share_url"))
	assert.Equal(t, job.Text("result.share_url"), p.ListOwn("meetings", apptest.RecordingFilter(1001))[0]["loom_url"])
}
