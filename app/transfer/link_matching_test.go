package transfer_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestPastedLinksFindTheirMeetings(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	same := []int64{addCall(s, "Impromptu Google Meet Meeting", "01:00:00"), addCall(s, "Impromptu Google Meet Meeting", "02:00:00")}
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	ids := append([]int64{1001, 1002, 1004}, same...)
	shares := map[int64]string{}
	for _, id := range ids {
		completeTransfer(p, id)
		shares[id] = uploadToLoom(p, id)
	}
	for _, id := range same { // Loom no longer says which is which
		require.NoError(t, s.Simulator.SetTitle(shares[id], "Impromptu Google Meet Meeting"))
	}
	require.NoError(t, s.Simulator.SetPrivate(shares[1004]))
	stranger, err := s.Simulator.Upload(t.Context(), "Holiday.mp4", strings.NewReader("no video"))
	require.NoError(t, err)
	pasted := "Done:\n" + shares[1002] + "?sid=1, " + shares[1001] + "\n<iframe src=\"" + strings.Replace(shares[same[0]], "/share/", "/embed/", 1) + "\">\n" +
		shares[same[1]] + " " + shares[1004] + " " + stranger + " https://example.com/video " + shares[1001]

	got := p.Own(http.MethodPost, "/api/share-links", map[string]any{"text": pasted})
	require.Equal(t, http.StatusOK, got.Status, got.Raw)
	matched := map[any]any{}
	for _, entry := range got.Get("matched").([]any) {
		matched[entry.(map[string]any)["url"]] = entry.(map[string]any)["recording_id"]
	}
	assert.Equal(t, map[any]any{shares[1001]: 1001.0, shares[1002]: 1002.0}, matched)
	for _, id := range []int64{1001, 1002} {
		transfer := recordFor(p, "transfers", id)
		assert.Equal(t, []any{"delivered", shares[id], true}, []any{transfer["status"], transfer["share_url"], transfer["verified"]})
		assert.Equal(t, shares[id], recordFor(p, "meetings", id)["loom_url"])
	}
	doubtful := got.Get("doubtful").([]any)
	require.Len(t, doubtful, 2)
	for _, entry := range doubtful {
		candidates := entry.(map[string]any)["candidates"].([]any)
		require.Len(t, candidates, 2, got.Raw)
		assert.Equal(t, []any{"title", "length"}, candidates[0].(map[string]any)["agrees"])
		assert.NotEmpty(t, candidates[0].(map[string]any)["recorded_at"], "the meetings have the same title")
	}
	codes, messages := map[any]any{}, map[any]any{}
	for _, entry := range got.Get("unknown").([]any) {
		unknown := entry.(map[string]any)
		codes[unknown["url"]], messages[unknown["url"]] = unknown["code"], unknown["message"]
	}
	elsewhere := "https://example.com/video"
	assert.Equal(t, map[any]any{
		shares[1004]: "validation_link_private", stranger: "validation_link_no_meeting", elsewhere: "validation_share_url",
	}, codes)
	assert.Equal(t, "That isn't a link to a Loom video. It looks like "+s.Simulator.LoomURL()+"/share/1a2b… and comes from “Copy link” at Loom.", messages[elsewhere])
	assert.Equal(t, "awaiting_share_url", recordFor(p, "transfers", same[0])["status"])

	again := p.Own(http.MethodPost, "/api/share-links", map[string]any{"text": pasted})
	require.Equal(t, http.StatusOK, again.Status)
	assert.Empty(t, again.Get("matched"), "a repeated request changes nothing")
}

func TestPastedTextIsLimited(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	link := s.Simulator.LoomURL() + "/share/"
	var many strings.Builder
	for i := range 51 {
		many.WriteString(link + strings.Repeat("0", 30) + string("0123456789abcdef"[i/16]) + string("0123456789abcdef"[i%16]) + "\n")
	}
	for name, text := range map[string]string{"nothing": "", "no link": "hello", "too many": many.String(), "too long": strings.Repeat("x", 70_000)} {
		got := p.Own(http.MethodPost, "/api/share-links", map[string]any{"text": text})
		assert.Equal(t, http.StatusBadRequest, got.Status, name)
		assert.NotEmpty(t, got.Text("data.text.message"), name)
	}
	got := p.Own(http.MethodPost, "/api/share-links", map[string]any{"text": "https://example.com/a https://example.com/b"})
	require.Equal(t, http.StatusOK, got.Status, "links to other places are explained one by one")
	assert.Len(t, got.Get("unknown"), 2)
	statuses := map[int]int{}
	for range 2 {
		statuses[p.Own(http.MethodPost, "/api/share-links", map[string]any{"text": many.String()[:50*(len(link)+33)]}).Status]++
	}
	assert.Equal(t, map[int]int{http.StatusOK: 1, http.StatusTooManyRequests: 1}, statuses)
}
