package transfer_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// addCall adds a meeting that began at a time of 4 March 2026, UTC, and took half an hour.
func addCall(s *apptest.Server, title, start string, opts ...simulator.MeetingOption) int64 {
	s.T.Helper()
	end := strings.Replace(start, ":00:", ":30:", 1)
	added, err := s.Simulator.AddMeeting(append([]simulator.MeetingOption{
		simulator.WithTitle(title), simulator.WithClip("review"),
		simulator.WithField("recording_start_time", "2026-03-04T"+start+"Z"), simulator.WithField("recording_end_time", "2026-03-04T"+end+"Z"),
	}, opts...)...)
	require.NoError(s.T, err)
	return added.RecordingID
}

// saveLink pastes a text into a transfer.
func saveLink(p apptest.Person, recordingID int64, text string, confirmed bool) apptest.Answer {
	p.T.Helper()
	return p.Own(http.MethodPatch, transferPath(p, recordingID), map[string]any{"share_url": text, "confirmed": confirmed})
}

// Case C03: the right link is accepted although the meeting's times include more than the video.
func TestLinkIsComparedWithTheFileInsteadOfTheMeeting(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	id := addCall(s, "Call with a lobby", "09:00:00") // and a video of less than a minute
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	completeTransfer(p, id)
	assert.InDelta(t, 1800, recordFor(p, "meetings", id)["duration"], 0.1)
	assert.Less(t, recordFor(p, "recordings", id)["duration"], 60.0)
	got := saveLink(p, id, "Here: "+uploadToLoom(p, id)+".", false)
	require.Equal(t, http.StatusOK, got.Status, got.Raw)
	assert.Equal(t, "delivered", got.Text("status"))
	assert.Equal(t, true, got.Get("verified"))
}

func TestLinkToAnotherVideoShowsBothSidesAndCanBeConfirmed(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001, 1002)
	share := uploadToLoom(p, 1002)
	got := saveLink(p, 1001, share, false)
	require.Equal(t, http.StatusBadRequest, got.Status)
	assert.Equal(t, "validation_link_length", got.Text("data.share_url.code"), got.Raw)
	assert.Equal(t, recordFor(p, "meetings", 1001)["title"], got.Text("data.share_url.expected.title"))
	assert.Equal(t, recordFor(p, "transfers", 1001)["file_name"], got.Text("data.share_url.expected.file_name"))
	assert.InDelta(t, recordFor(p, "recordings", 1001)["duration"], got.Get("data.share_url.expected.duration"), 0.01)
	assert.InDelta(t, recordFor(p, "recordings", 1002)["duration"], got.Get("data.share_url.found.duration"), 0.01)
	assert.Equal(t, recordFor(p, "transfers", 1002)["file_name"], got.Text("data.share_url.found.title")+".mp4")

	require.NoError(t, s.Simulator.SetTitle(share, "For Anna"))
	own := uploadToLoom(p, 1001)
	require.NoError(t, s.Simulator.SetTitle(own, "For Anna"))
	assert.Equal(t, "validation_link_title", saveLink(p, 1001, own, false).Text("data.share_url.code"))
	assert.Equal(t, "awaiting_share_url", recordFor(p, "transfers", 1001)["status"], "nothing is saved without the confirmation")

	got = saveLink(p, 1001, own, true)
	require.Equal(t, http.StatusOK, got.Status, got.Raw)
	assert.Equal(t, []any{"delivered", false, ""}, []any{got.Get("status"), got.Get("verified"), got.Get("unchecked")})
	assert.Equal(t, own, recordFor(p, "meetings", 1001)["loom_url"])

	for name, text := range map[string]string{"no link": "hello", "taken": own} {
		assert.Equal(t, http.StatusBadRequest, saveLink(p, 1002, text, true).Status, "%s can't be confirmed", name)
	}
	got = saveLink(p, 1002, uploadToLoom(p, 1002), true)
	assert.Equal(t, true, got.Get("verified"), "a confirmation that wasn't needed")
}

// Case C04: a Loom video that is not public can be confirmed.
func TestPrivateLinkCanBeSavedWithoutACheck(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001, 1002)
	share := uploadToLoom(p, 1001)
	require.NoError(t, s.Simulator.SetPrivate(share))
	got := saveLink(p, 1001, share, false)
	assert.Equal(t, http.StatusBadRequest, got.Status)
	assert.Equal(t, "validation_link_private", got.Text("data.share_url.code"))
	got = saveLink(p, 1001, share, true)
	require.Equal(t, http.StatusOK, got.Status, got.Raw)
	assert.Equal(t, []any{"delivered", false, "private"}, []any{got.Get("status"), got.Get("verified"), got.Get("unchecked")})

	s.Simulator.Inject(simulator.Fault{Path: "/v1/oembed", Status: 503, Times: 2})
	share = uploadToLoom(p, 1002)
	got = saveLink(p, 1002, share, false)
	assert.Equal(t, http.StatusServiceUnavailable, got.Status)
	assert.Equal(t, "validation_link_unreachable", got.Text("data.share_url.code"))
	got = saveLink(p, 1002, share, true)
	require.Equal(t, http.StatusOK, got.Status, got.Raw)
	assert.Equal(t, []any{"delivered", false, "unreachable"}, []any{got.Get("status"), got.Get("verified"), got.Get("unchecked")})
}

func TestUncheckedLinkIsCheckedAgainWhenItsDatabaseIsOpened(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001)
	share := uploadToLoom(p, 1001)
	s.Simulator.Inject(simulator.Fault{Path: "/v1/oembed", Status: 503})
	require.Equal(t, "unreachable", saveLink(p, 1001, share, true).Text("unchecked"))
	require.NoError(t, s.Stop())
	apptest.Execute(t, p.DataFile(), "UPDATE transfers SET link_check_at = '2026-01-01 00:00:00.000Z'")
	p = p.On(s.Restart())
	p.Eventually(func() bool { return recordFor(p, "transfers", 1001)["verified"] == true })
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, []any{"delivered", "", share}, []any{transfer["status"], transfer["unchecked"], transfer["share_url"]})
}

func TestUncheckedLinkThatLeadsToAnotherVideoIsReportedOnce(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001, 1002)
	share := uploadToLoom(p, 1002)
	s.Simulator.Inject(simulator.Fault{Path: "/v1/oembed", Status: 503})
	require.Equal(t, "unreachable", saveLink(p, 1001, share, true).Text("unchecked"))
	for range 2 {
		require.NoError(t, s.Stop())
		apptest.Execute(t, p.DataFile(), "UPDATE transfers SET link_check_at = '2026-01-01 00:00:00.000Z' WHERE unchecked != ''")
		s = s.Restart()
		p = p.On(s)
		p.Eventually(func() bool { return recordFor(p, "transfers", 1001)["unchecked"] == "" })
	}
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, []any{"delivered", false, share}, []any{transfer["status"], transfer["verified"], transfer["share_url"]})
	notices := p.ListOwn("notices", "kind = 'link_mismatch'")
	require.Len(t, notices, 1)
	assert.EqualValues(t, 1001, notices[0]["recording_id"])
	assert.Contains(t, notices[0]["text"], transfer["error"])

	require.Equal(t, http.StatusOK, saveLink(p, 1001, uploadToLoom(p, 1001), false).Status)
	s.Simulator.Inject(simulator.Fault{Path: "/v1/oembed", Status: 503})
	saveLink(p, 1002, share, true)
	require.Equal(t, http.StatusOK, saveLink(p, 1002, share, false).Status)
	assert.Len(t, p.ListOwn("notices", "kind = 'link_mismatch'"), 1, "what the owner does is no news")
}

// Case C05: calls of one day that share a name are told apart.
// Case C06: the date and the time in a name are those of the user's time zone.
func TestTwoCallsOfADayAreToldApart(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	p.Own(http.MethodPost, "/api/collections/preferences/records", map[string]any{"key": "time_zone", "value": "America/Los_Angeles"})
	evening := addCall(s, "Impromptu Google Meet Meeting", "01:00:00")
	later := addCall(s, "Impromptu Google Meet Meeting", "02:00:00")
	again := addCall(s, "Impromptu Google Meet Meeting", "02:00:00")
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	shares := map[int64]string{}
	for id, want := range map[int64]string{evening: "17.00", later: "18.00", again: "18.00"} {
		completeTransfer(p, id)
		assert.Contains(t, recordFor(p, "recordings", id)["file_name"], fmt.Sprintf("2026-03-03 %s Impromptu Google Meet Meeting", want))
		shares[id] = uploadToLoom(p, id)
	}
	names := map[any]bool{}
	for id := range shares {
		names[recordFor(p, "recordings", id)["file_name"]] = true
	}
	assert.Len(t, names, 3, "every name is unique")
	got := saveLink(p, evening, shares[later], false)
	assert.Equal(t, http.StatusBadRequest, got.Status, "title and length are the same")
	assert.Equal(t, "validation_link_title", got.Text("data.share_url.code"))
	for id, share := range shares {
		got := saveLink(p, id, share, false)
		assert.Equal(t, true, got.Get("verified"), got.Raw)
	}
}
