package transfer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestShareURLOfAnotherVideoIsRejected(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001, 1002)
	path, otherPath := transferPath(p, 1001), transferPath(p, 1002)
	otherShare := uploadToLoom(p, 1002)

	for name, share := range map[string]string{
		"empty":              "",
		"not a link":         "hello",
		"another site":       "https://example.com/share/0123456789abcdef0123456789abcdef",
		"the real Loom":      "https://www.loom.com/share/0123456789abcdef0123456789abcdef",
		"unknown video":      s.Simulator.LoomURL() + "/share/0123456789abcdef0123456789abcdef",
		"different duration": otherShare,
	} {
		got := p.Own("PATCH", path, map[string]any{"share_url": share})
		assert.Equal(t, 400, got.Status, "%s: %s", name, got.Raw)
		assert.NotEmpty(t, got.Text("data.share_url.message"), "%s: %s", name, got.Raw)
	}
	share := uploadToLoom(p, 1001)
	for field, value := range map[string]any{"status": "delivered", "bytes_done": 1, "file_name": "x.mp4", "recording_id": 5} {
		for _, body := range []map[string]any{{field: value}, {field: value, "share_url": share}} {
			got := p.Own("PATCH", path, body)
			assert.Equal(t, 400, got.Status, "only the server sets %s: %s", field, got.Raw)
		}
	}
	s.Simulator.Inject(simulator.Fault{Path: "/v1/oembed", Status: 503, Times: 1})
	assert.Equal(t, 503, p.Own("PATCH", path, map[string]any{"share_url": otherShare}).Status, "Loom is unreachable")
	assert.Equal(t, "awaiting_share_url", recordFor(p, "transfers", 1001)["status"])

	require.Equal(t, 200, p.Own("PATCH", otherPath, map[string]any{"share_url": otherShare}).Status)

	// The duration does not tell these two meetings apart.
	completeTransfer(p, 1003)
	require.Equal(t, recordFor(p, "meetings", 1001)["duration"], recordFor(p, "meetings", 1003)["duration"])
	require.Equal(t, 200, p.Own("PATCH", path, map[string]any{"share_url": share}).Status)
	got := p.Own("PATCH", transferPath(p, 1003), map[string]any{"share_url": share})
	assert.Equal(t, 400, got.Status)
	assert.Contains(t, got.Raw, "another meeting")
}

// automaticUploader uploads without a person's help.
type automaticUploader struct{ sim *simulator.Server }

func (automaticUploader) Name() string { return "test" }

func (u automaticUploader) Upload(ctx context.Context, d loom.Delivery) (loom.Outcome, error) {
	file, err := d.Recording.Open(ctx)
	if err != nil {
		return loom.Outcome{}, err
	}
	defer file.Close()
	share, err := u.sim.Upload(ctx, d.Recording.FileName, file)
	return loom.Outcome{ShareURL: share}, err
}

func TestAutomaticUploaderDeliversTheRecording(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{Prepare: func(s *apptest.Server) { s.App.Uploader = automaticUploader{s.Simulator} }})
	job := completeTransfer(p, 1001)
	assert.Equal(t, "delivered", job.Text("result.status"))
	assert.NotEmpty(t, job.Text("result.share_url"))
	assert.Equal(t, job.Text("result.share_url"), recordFor(p, "meetings", 1001)["loom_url"])
}
