package loomaccount_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestManualUploadIsFoundWithAConnectionThatReads(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{WriteBlocked: true}))
	connectWithToken(p)
	transferTo(p, 1001, nil)
	transferTo(p, 1002, nil)
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	recording, err := db.App.FindFirstRecordByData("recordings", "recording_id", 1001)
	require.NoError(t, err)
	file, err := p.App.Blobs.Open(t.Context(), recordingBlob(p, recording))
	require.NoError(t, err)
	defer file.Close()
	share, err := p.Simulator.Upload(t.Context(), recording.GetString("file_name"), io.Reader(file))
	require.NoError(t, err)

	p.Eventually(func() bool { return transferOf(p, 1001)["status"] == "delivered" })
	assert.Equal(t, share, transferOf(p, 1001)["share_url"])
	assert.Equal(t, true, transferOf(p, 1001)["verified"])
	assert.Equal(t, "awaiting_share_url", transferOf(p, 1002)["status"])
}
