package hooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestChaptersOfAMeeting(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, bob := s.SignUp("ada@example.com"), s.SignUp("bob@example.com")
	meeting := ada.SaveRecord("meetings", map[string]any{
		"recording_id": 1, "title": "Planning", "duration": 600, "summary": "## Secret budget\n\n- [x](https://fathom.video/calls/1?timestamp=64)",
		"highlights": []map[string]any{{"type": "Decision", "summary": "Ship it", "start_time": 120.5}},
	})
	path := "/api/meetings/" + meeting.Id + "/chapters"
	const want = `{"chapters":[{"start":0,"title":"Start"},{"start":64,"title":"Secret budget"},{"start":120.5,"title":"Ship it"}]}`
	assert.JSONEq(t, want, ada.Own("GET", path, nil).Raw)
	_, token := ada.CreateToken("read")
	assert.JSONEq(t, want, s.Call("GET", ada.DatabaseURL+path, token, nil).Raw)
	track := ada.Own("GET", path+".vtt", nil)
	assert.Equal(t, "text/vtt; charset=utf-8", track.Header.Get("Content-Type"))
	assert.Contains(t, track.Raw, "00:02:00.500 --> 00:10:00.000\nShip it\n")

	assert.Equal(t, 404, ada.Own("GET", "/api/meetings/000000000000000/chapters", nil).Status)
	for _, token := range []string{"", bob.Session, ada.Token, s.SuperuserToken()} {
		for _, path := range []string{path, path + ".vtt"} {
			answer := s.Call("GET", ada.DatabaseURL+path, token, nil)
			assert.GreaterOrEqual(t, answer.Status, 400, answer.Raw)
			assert.NotContains(t, answer.Raw, "Secret")
		}
	}
	untimed := ada.SaveRecord("meetings", map[string]any{"recording_id": 2, "title": "Other", "summary": "## Purpose"})
	assert.JSONEq(t, `{"chapters":[]}`, ada.Own("GET", "/api/meetings/"+untimed.Id+"/chapters", nil).Raw)
}
