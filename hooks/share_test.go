package hooks_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestShareLinksThatDontMatchAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1001}).text("status"))
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1002}).text("status"))
	transfer := p.listOwn("transfers", recordingFilter(1001))[0]
	path := "/api/collections/transfers/records/" + transfer["id"].(string)
	other := p.listOwn("transfers", recordingFilter(1002))[0]
	stored := s.call("GET", p.fileURL(p.listOwn("recordings", recordingFilter(1002))[0]), "", nil)
	wrong, err := s.sim.Upload(t.Context(), other["file_name"].(string), bytes.NewReader([]byte(stored.Raw)))
	require.NoError(t, err)

	for what, share := range map[string]string{
		"empty":          "",
		"no link":        "hello",
		"another site":   "https://example.com/share/0123456789abcdef0123456789abcdef",
		"the real Loom":  "https://www.loom.com/share/0123456789abcdef0123456789abcdef",
		"unknown video":  s.sim.LoomURL() + "/share/0123456789abcdef0123456789abcdef",
		"another length": wrong,
	} {
		got := p.own("PATCH", path, map[string]any{"share_url": share})
		assert.Equal(t, 400, got.Status, "%s: %s", what, got.Raw)
		assert.NotEmpty(t, got.text("data.share_url.message"), "%s: %s", what, got.Raw)
	}
	mine := s.call("GET", p.fileURL(p.listOwn("recordings", recordingFilter(1001))[0]), "", nil)
	right, err := s.sim.Upload(t.Context(), transfer["file_name"].(string), bytes.NewReader([]byte(mine.Raw)))
	require.NoError(t, err)
	for field, value := range map[string]any{"status": "delivered", "bytes_done": 1, "file_name": "x.mp4", "recording_id": 5} {
		for _, body := range []map[string]any{{field: value}, {field: value, "share_url": right}} {
			got := p.own("PATCH", path, body)
			assert.Equal(t, 400, got.Status, "%s is the server's to write: %s", field, got.Raw)
		}
	}
	s.sim.Inject(simulator.Fault{Path: "/v1/oembed", Status: 503, Times: 1})
	assert.Equal(t, 503, p.own("PATCH", path, map[string]any{"share_url": wrong}).Status, "Loom is out of reach")
	assert.Equal(t, "awaiting_share_url", p.listOwn("transfers", recordingFilter(1001))[0]["status"])

	require.Equal(t, 200, p.own("PATCH", "/api/collections/transfers/records/"+other["id"].(string), map[string]any{"share_url": wrong}).Status)

	// Two meetings of the same length: the link of one is not the other's.
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1003}).text("status"))
	require.Equal(t, 200, p.own("PATCH", path, map[string]any{"share_url": right}).Status)
	twin := p.listOwn("transfers", recordingFilter(1003))[0]
	require.Equal(t, p.listOwn("meetings", recordingFilter(1001))[0]["duration"], p.listOwn("meetings", recordingFilter(1003))[0]["duration"])
	got := p.own("PATCH", "/api/collections/transfers/records/"+twin["id"].(string), map[string]any{"share_url": right})
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
	s := start(t, options{prepare: func(s *server) { s.app.Uploader = uploader{s.sim} }})
	p := s.connected("ada@example.com")
	job := p.run("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, "completed", job.text("status"), job.Raw)
	assert.Equal(t, "delivered", job.text("result.status"))
	assert.NotEmpty(t, job.text("result.share_url"))
	assert.Equal(t, job.text("result.share_url"), p.listOwn("meetings", recordingFilter(1001))[0]["loom_url"])
}
