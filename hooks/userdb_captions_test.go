package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestCaptionsOfAMeeting(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, bob := s.SignUp("ada@example.com"), s.SignUp("bob@example.com")
	meeting := ada.SaveRecord("meetings", map[string]any{"recording_id": 1, "title": "Planning"})
	ada.SaveRecord("transcripts", map[string]any{"meeting": meeting.Id, "recording_id": 1, "items": []map[string]any{
		{"speaker": map[string]any{"display_name": "Ada <b>"}, "text": "A secret & a budget.", "timestamp": "00:00:02"},
		{"speaker": map[string]any{"display_name": "Grace"}, "text": "I agree.", "timestamp": "00:00:03"},
	}})
	path := "/api/meetings/" + meeting.Id + "/captions.vtt"
	const want = "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\n<v Ada &lt;b&gt;>A secret &amp; a budget.\n\n00:00:03.000 --> 00:00:04.500\n<v Grace>I agree.\n"
	track := ada.Own(http.MethodGet, path, nil)
	assert.Equal(t, "text/vtt; charset=utf-8", track.Header.Get("Content-Type"))
	assert.Equal(t, want, track.Raw)
	_, token := ada.CreateToken("read")
	assert.Equal(t, want, s.Call(http.MethodGet, ada.DatabaseURL+path, token, nil).Raw)

	for _, token := range []string{"", bob.Session, ada.Token, s.SuperuserToken()} {
		answer := s.Call(http.MethodGet, ada.DatabaseURL+path, token, nil)
		assert.GreaterOrEqual(t, answer.Status, 400, answer.Raw)
		assert.NotContains(t, answer.Raw, "secret")
	}
	assert.Equal(t, 404, ada.Own(http.MethodGet, "/api/meetings/000000000000000/captions.vtt", nil).Status)
	untold := ada.SaveRecord("meetings", map[string]any{"recording_id": 2, "title": "Other"})
	assert.Equal(t, "WEBVTT\n", ada.Own(http.MethodGet, "/api/meetings/"+untold.Id+"/captions.vtt", nil).Raw)
}
