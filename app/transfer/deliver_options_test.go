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

func savePreference(p apptest.Person, key string, value any) apptest.Answer {
	p.T.Helper()
	return p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": key, "value": value})
}

func TestOptionsOfDeliveries(t *testing.T) {
	t.Parallel()
	u := &steppedUploader{}
	_, p := startStepped(t, u)
	deliverWith := func(payload map[string]any) loom.Options {
		t.Helper()
		job := p.RunJob("recording.transfer", payload)
		require.Equal(t, "completed", job.Text("status"), job.Raw)
		u.mu.Lock()
		defer u.mu.Unlock()
		return u.options[len(u.options)-1]
	}
	assert.Equal(t, loom.Options{Visibility: "owner"}, deliverWith(map[string]any{"recording_id": 1001}))
	assert.Equal(t, "owner", recordFor(p, "transfers", 1001)["visibility"])

	require.Equal(t, 200, savePreference(p, "loom", map[string]any{"visibility": "workspace", "folder": "f1"}).Status)
	assert.Equal(t, loom.Options{Visibility: "workspace", Folder: "f1"}, deliverWith(map[string]any{"recording_id": 1002}))
	assert.Equal(t, loom.Options{Visibility: "public"}, deliverWith(map[string]any{"recording_id": 1003, "visibility": "public", "folder": "none"}))
	assert.Equal(t, "public", recordFor(p, "transfers", 1003)["visibility"])

	createRule(p, map[string]any{
		"conditions": map[string]any{"title_words": []string{"customer"}}, "options": map[string]any{"visibility": "owner", "folder": "customers"},
	})
	id := addMeeting(p, "Customer call")
	syncAgain(p)
	waitForTransferStatus(p, id, "delivered")
	u.mu.Lock()
	defer u.mu.Unlock()
	assert.Equal(t, loom.Options{Visibility: "owner", Folder: "customers"}, u.options[len(u.options)-1])
}

func TestRefusedOptions(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	wrong := map[string]any{"visibility": "everybody"}
	assert.Contains(t, savePreference(p, "loom", wrong).Text("data.value.message"), "owner, workspace or public")
	assert.Contains(t, savePreference(p, "loom", map[string]any{"color": "red"}).Text("data.value.message"), "object")
	assert.Contains(t, savePreference(p, "loom", "owner").Text("data.value.message"), "object")
	job := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001, "visibility": "everybody"})
	assert.Contains(t, job.Text("data.payload.message"), "owner, workspace or public")
	selected := p.Own("POST", "/api/transfers", map[string]any{"recording_ids": []int64{1001}, "visibility": "everybody"})
	assert.Equal(t, 400, selected.Status, selected.Raw)
	for _, options := range []any{wrong, map[string]any{"color": "red"}, []string{"owner"}} {
		rule := p.Own("POST", rulesPath, map[string]any{
			"name": "Rule", "deliver": true, "conditions": map[string]any{"title_words": []string{"a"}}, "options": options,
		})
		assert.NotEmpty(t, rule.Text("data.options.message"), rule.Raw)
	}
}

func TestSelectedMeetingsAreDeliveredWithOptions(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	pauseTransfers(s)
	selected := p.Own("POST", "/api/transfers", map[string]any{"recording_ids": []int64{1001, 1002}, "visibility": "workspace", "folder": "f1", "by_hand": true})
	require.Equal(t, 200, selected.Status, selected.Raw)
	payload := transferPayloads(p)[1002]
	assert.Equal(t, "workspace", payload["visibility"])
	assert.Equal(t, "f1", payload["folder"])
	assert.Equal(t, true, payload["by_hand"])
}

func TestLaterOptionsReplaceThoseOfAWaitingTransfer(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	pauseTransfers(s)
	for _, payload := range []map[string]any{
		{"recording_id": 1001, "visibility": "public", "folder": "f1"},
		{"recording_id": 1001},
		{"recording_id": 1001, "visibility": "workspace"},
	} {
		require.Equal(t, 200, p.Enqueue("recording.transfer", payload).Status)
	}
	payload := transferPayloads(p)[1001]
	assert.Equal(t, "workspace", payload["visibility"])
	assert.Equal(t, "f1", payload["folder"])
}

func TestATransferByHandIsNotUploaded(t *testing.T) {
	t.Parallel()
	u := &steppedUploader{}
	_, p := startStepped(t, u)
	job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001, "by_hand": true})
	assert.Equal(t, "awaiting_share_url", job.Text("result.status"))
	assert.Equal(t, "handover", recordFor(p, "transfers", 1001)["uploader"])
	assert.Empty(t, u.steps())
	assert.Equal(t, "delivered", completeTransfer(p, 1001).Text("result.status"))
}

func TestLinksOfUploadsThatCannotBeCheckedAreKept(t *testing.T) {
	t.Parallel()
	u := &steppedUploader{outcome: loom.Outcome{Note: "Loom has not finished processing the video.", Visibility: "workspace"}}
	u.reached = func(_ context.Context, step string) error {
		if step == "sent" {
			return u.sim.SetPrivate(u.sim.Uploads()[0].ShareURL)
		}
		return nil
	}
	_, p := startStepped(t, u)
	require.Equal(t, "delivered", completeTransfer(p, 1001).Text("result.status"))
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, false, transfer["verified"])
	assert.Equal(t, "private", transfer["unchecked"])
	assert.Equal(t, "workspace", transfer["visibility"])
	assert.Equal(t, "Loom has not finished processing the video.", transfer["note"])
	assert.Equal(t, transfer["share_url"], recordFor(p, "meetings", 1001)["loom_url"])
}

func TestVerifiedOutcomesAreNotCheckedAgain(t *testing.T) {
	t.Parallel()
	u := &steppedUploader{outcome: loom.Outcome{Verified: true}}
	_, p := startStepped(t, u)
	p.Simulator.Inject(simulator.Fault{Path: "/v1/oembed", Status: 500})
	require.Equal(t, "delivered", completeTransfer(p, 1001).Text("result.status"))
	assert.Equal(t, true, recordFor(p, "transfers", 1001)["verified"])
	assert.Zero(t, countRequests(p.Server, "GET", "/v1/oembed"))
}
