package loomaccount_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// startWaiting returns somebody for whom recording 1001 waits, and whose new connection can upload it.
func startWaiting(t *testing.T, behaviour simulator.AtlassianBehaviour) apptest.Person {
	t.Helper()
	p := start(t, withAtlassian(behaviour))
	require.Equal(t, "awaiting_share_url", transferTo(p, 1001, nil).Text("result.status"))
	connectWithToken(p)
	return p
}

// activeJob returns the transfer job of a person that has not ended.
func activeJob(p apptest.Person) (job map[string]any) {
	p.T.Helper()
	for _, found := range p.Call("GET", p.URL+apptest.JobsPath+"?perPage=500&filter=kind%3D'recording.transfer'", p.Token, nil).Items() {
		if found["status"] == "pending" || found["status"] == "processing" {
			job = found
		}
	}
	require.NotNil(p.T, job)
	return job
}

// cancelTransfer cancels the active transfer job of recording 1001, once an operation has been called, and lets it go on.
func cancelTransfer(p apptest.Person, hold chan struct{}) {
	p.T.Helper()
	cancelled := p.Call("PATCH", fmt.Sprintf("%s%s/%s", p.URL, apptest.JobsPath, activeJob(p)["id"]), p.Token, map[string]any{"status": "cancelled"})
	require.Equal(p.T, 200, cancelled.Status, cancelled.Raw)
	p.Eventually(func() bool { return transferOf(p, 1001)["status"] == "cancelled" })
	close(hold)
}

func requireDelivered(p apptest.Person, share string) {
	p.T.Helper()
	p.Eventually(func() bool { return transferOf(p, 1001)["status"] == "delivered" })
	require.Equal(p.T, share, transferOf(p, 1001)["share_url"])
	require.Len(p.T, p.Simulator.Uploads(), 1)
}

func TestInterruptedUploadOfWhatWaitedIsLookedForAgain(t *testing.T) {
	t.Parallel()
	p := startWaiting(t, simulator.AtlassianBehaviour{})
	hold := make(chan struct{})
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Operation: "listLoomVideos", Hold: hold})
	before := p.Simulator.AtlassianStats().Calls["listLoomVideos"]
	requireWaiting(t, transferAll(p, nil, 1001), 1, 1, 0)
	p.Eventually(func() bool { return p.Simulator.AtlassianStats().Calls["listLoomVideos"] > before })
	again := transferAll(p, nil, 1001)
	require.EqualValues(t, 1, again.Get("active"), again.Raw)
	require.Equal(t, true, activeJob(p)["payload"].(map[string]any)["unless_found"], "another request asks for no more")
	cancelTransfer(p, hold)

	share := uploadByHand(p, 1001, transferOf(p, 1001)["file_name"].(string))
	requireWaiting(t, transferAll(p, nil, 1001), 1, 0, 0)
	requireDelivered(p, share)
	assert.Equal(t, "handover", transferOf(p, 1001)["uploader"])
	assert.Empty(t, transferOf(p, 1001)["visibility"], "its owner has chosen it at Loom")
}

func TestDraftOfAnInterruptedUploadIsNoVideo(t *testing.T) {
	t.Parallel()
	p := startWaiting(t, simulator.AtlassianBehaviour{ListDrafts: true})
	hold := make(chan struct{})
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, Hold: hold, HoldAfter: 1000})
	transferAll(p, nil, 1001)
	p.Eventually(func() bool {
		uploads := p.Simulator.AtlassianUploads()
		return len(uploads) == 1 && uploads[0].Requests > 0
	})
	cancelTransfer(p, hold)

	transferAll(p, nil, 1001)
	p.Eventually(func() bool { return transferOf(p, 1001)["status"] == "delivered" })
	require.Len(t, p.Simulator.Uploads(), 1)
	assert.Equal(t, p.Simulator.Uploads()[0].ShareURL, transferOf(p, 1001)["share_url"])
	assert.Equal(t, "atlassian", transferOf(p, 1001)["uploader"])
}

func TestUploadByHandIsFoundAfterTheFileWasFetchedAgain(t *testing.T) {
	t.Parallel()
	opts := withAtlassian(simulator.AtlassianBehaviour{})
	opts.SimulatorConfig.Now = func() time.Time { return time.Now().Add(-2 * time.Hour) }
	p := start(t, opts)
	transferTo(p, 1001, nil)
	share := uploadByHand(p, 1001, transferOf(p, 1001)["file_name"].(string))
	transferTo(p, 1001, map[string]any{"again": true})
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	created := time.Now().Add(-3 * time.Hour).UTC().Format(types.DefaultDateLayout)
	_, err = handle.App.NonconcurrentDB().Update("transfers", dbx.Params{"created": created}, nil).Execute()
	require.NoError(t, err)
	connectWithToken(p)
	transferAll(p, nil, 1001)
	requireDelivered(p, share)
}

func TestWhatWaitsIsNotUploadedWithoutALook(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(p apptest.Person)
		note    string
	}{
		"list refused": {func(p apptest.Person) { refuse(p, "listLoomVideos", blocked, 1) }, "can't look whether Loom has this recording"},
		"too many videos": {func(p apptest.Person) {
			for range 1001 {
				_, err := p.Simulator.Upload(p.T.Context(), "Other.mp4", strings.NewReader("no movie"))
				require.NoError(p.T, err)
			}
		}, "too many new videos"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startWaiting(t, simulator.AtlassianBehaviour{})
			test.prepare(p)
			before := len(p.Simulator.Uploads())
			requireWaiting(t, transferAll(p, nil, 1001), 1, 1, 0)
			p.Eventually(func() bool { return transferOf(p, 1001)["handover"] == "doubtful" })
			transfer := transferOf(p, 1001)
			assert.Equal(t, "awaiting_share_url", transfer["status"])
			assert.Contains(t, transfer["note"], test.note)
			assert.Contains(t, transfer["note"], "choose “Try the upload again”")
			assert.Len(t, p.Simulator.Uploads(), before)
			assert.Equal(t, "delivered", transferTo(p, 1001, nil).Text("result.status"))
		})
	}
}
