package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// control sends a control request and requires the given status.
func (s *sim) control(method, path, body string, want int) response {
	s.t.Helper()
	res, err := s.send(method, s.URL()+"/_simulator/"+path, body)
	require.NoError(s.t, err)
	require.Equal(s.t, want, res.StatusCode, "%s", res.body)
	return res
}

func TestFaultsOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	s.control("POST", "faults", `{"path":"/external/v1/teams","status":503,"retry_after":7,"times":-1}`, 204)
	res := s.get("/teams")
	assert.Equal(t, 503, res.StatusCode)
	assert.Equal(t, "7", res.Header.Get("Retry-After"))
	s.control("DELETE", "faults", "", 204)
	assert.Equal(t, 200, s.get("/teams").StatusCode)
	s.control("POST", "faults", `{"stauts":503}`, 400)

	s.control("POST", "faults", `{"path":"/external/v1/teams","hold":true}`, 204)
	done := s.getInBackground("/teams")
	require.NoError(t, s.WaitRequests(t.Context(), "", "/external/v1/teams", 3))
	assert.Empty(t, done)
	s.control("POST", "release", "", 204)
	assert.Equal(t, 200, (<-done).status)

	var log struct {
		Requests   []simulator.Request
		Violations []string
	}
	s.control("GET", "requests", "", 200).decode(t, &log)
	assert.Len(t, log.Requests, 3, "control requests are not logged")
	assert.NotNil(t, log.Violations)
}

func TestMeetingsOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	var m simulator.Meeting
	s.control("POST", "meetings", `{
		"recording_id": 9007199254740993, "title": "Added over HTTP", "size_bytes": 6000000, "processing_polls": 0,
		"expires_after": 0.5, "created_at": "2026-01-02T03:04:05Z", "meeting_type": "Product", "lines": ["Hello."],
		"summary": "", "fields": {"news": 1}, "without": ["shared_with"], "visible_to": ["`+simulator.DemoAPIKey+`"]}`, 201).decode(t, &m)
	assert.Equal(t, int64(9007199254740993), m.RecordingID)
	assert.Empty(t, m.SHA256, "large files are hashed on request only")
	assert.Equal(t, time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC), m.CreatedAt)
	s.control("GET", "meetings/9007199254740993", "", 200).decode(t, &m)
	assert.Len(t, m.SHA256, 64)
	assert.JSONEq(t, `{"summary":null}`, string(s.get("/recordings/9007199254740993/summary").body))
	assert.Equal(t, int64(6_000_000), s.completed(m.RecordingID).Size)

	s.control("PATCH", "meetings/1001", `{"limited":true,"unlisted":true}`, 200)
	assert.Equal(t, 403, s.api(http.MethodPost, "/recordings/1001/download", "").StatusCode)
	s.control("PATCH", "meetings/1001", `{"restored":true,"fail_generation":"generation_timeout","fail_times":1}`, 200)
	assert.Equal(t, 202, s.api(http.MethodPost, "/recordings/1001/download", "").StatusCode)
	s.control("PATCH", "meetings/1001", `{"no_media":true}`, 200)
	assert.Equal(t, 422, s.api(http.MethodPost, "/recordings/1001/download", "").StatusCode)
	s.control("PATCH", "meetings/1001", `{"restored":true,"audio_only":true}`, 200)
	s.control("PATCH", "meetings/7", `{}`, 400)
	s.control("GET", "meetings/7", "", 404)
	s.control("POST", "meetings", `{"recording_id":1001}`, 400)
	s.control("POST", "meetings", `{"size":1}`, 400)
	s.control("PATCH", "meetings/1001", `{"size_bytes":1}`, 400)

	var all struct{ Meetings []simulator.Meeting }
	s.control("GET", "meetings", "", 200).decode(t, &all)
	assert.Len(t, all.Meetings, 25)
	s.control("POST", "reset", "", 204)
	assert.Len(t, s.Meetings(), 24)
}

func TestWebhooksAndVideosOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	r := listen(t)
	hook, _ := s.createWebhook(hookTo(r.url))
	s.control("POST", "webhooks/"+hook.ID+"/deliver", `{
		"recording_id": 1001, "duplicates": 1, "age": 3600, "message_id": "msg_x",
		"secret": "whsec_AAECAwQFBgcICQoLDA0ODxAR", "body": "{}"}`, 200)
	for range 2 {
		m := <-r.messages
		assert.Equal(t, "msg_x", m.header.Get("webhook-id"))
		assert.True(t, verify(t, "whsec_AAECAwQFBgcICQoLDA0ODxAR", m))
	}
	s.control("POST", "webhooks/none/deliver", `{"recording_id":1001}`, 400)
	assert.Contains(t, string(s.control("GET", "webhooks", "", 200).body), hook.Secret)

	res := s.control("POST", "loom/upload?filename=a.mp4", "x", 200)
	var v simulator.Video
	res.decode(t, &v)
	s.control("PATCH", "loom/videos/"+v.ID, `{"private":true,"title":"New"}`, 204)
	s.control("PATCH", "loom/videos/none", `{}`, 404)
	assert.Contains(t, string(s.control("GET", "loom/videos", "", 200).body), `"title":"New"`)
	assert.Equal(t, 404, s.oembed(v.ShareURL).StatusCode)
}
