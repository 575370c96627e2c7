package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func listen(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{got: make(chan received, 20)}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL + "/hook"
	return r
}

// The vector on which the official SDK, npm svix and npm standardwebhooks agree.
func TestSignWebhookVector(t *testing.T) {
	t.Parallel()
	got, err := simulator.SignWebhook("whsec_AAECAwQFBgcICQoLDA0ODxAR", "msg_1", time.Unix(1767225600, 0), []byte(`{"recording_id":1001}`))
	require.NoError(t, err)
	assert.Equal(t, "v1,hpZpwkEPpsRnG1cAiJkyPjTmL6oFBkU6jPN5kIMRPD8=", got)
	_, err = simulator.SignWebhook("whsec_?", "msg_1", time.Time{}, nil)
	assert.Error(t, err)
}

func (s *sim) createWebhook(body string) (simulator.Webhook, answer) {
	s.t.Helper()
	a := s.api(http.MethodPost, "/webhooks", body)
	var hook simulator.Webhook
	if a.StatusCode == http.StatusCreated {
		a.into(s.t, &hook)
	}
	return hook, a
}

func hookTo(url string) string {
	return `{"destination_url":"` + url + `","triggered_for":["my_recordings"],"include_summary":true,"include_action_items":true}`
}

func TestWebhookManagement(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{APIKeys: []string{simulator.DemoAPIKey, "other"}})
	for name, body := range map[string]string{
		"not json":        `x`,
		"no destination":  `{"triggered_for":["my_recordings"],"include_summary":true}`,
		"bad destination": `{"destination_url":"/x","triggered_for":["my_recordings"],"include_summary":true}`,
		"no trigger":      `{"destination_url":"https://e.test/x","triggered_for":[],"include_summary":true}`,
		"unknown trigger": `{"destination_url":"https://e.test/x","triggered_for":["all"],"include_summary":true}`,
		"nothing in it":   `{"destination_url":"https://e.test/x","triggered_for":["my_recordings"]}`,
		"unknown key":     `{"destination_url":"https://e.test/x","triggered_for":["my_recordings"],"include_summary":true,"include_highlights":true}`,
	} {
		_, a := s.createWebhook(body)
		assert.Equal(t, http.StatusBadRequest, a.StatusCode, name)
	}
	hook, a := s.createWebhook(hookTo("https://e.test/hook"))
	require.Equal(t, http.StatusCreated, a.StatusCode)
	assert.Equal(t, "https://e.test/hook", hook.URL)
	assert.Regexp(t, `^whsec_[A-Za-z0-9+/]{32}$`, hook.Secret)
	assert.True(t, hook.IncludeSummary)
	assert.False(t, hook.IncludeTranscript)
	assert.Len(t, s.Webhooks(), 1)
	_, err := s.DeliverWebhook(t.Context(), hook.ID, 1001)
	require.Error(t, err, "nothing leaves this machine")

	s.key = "other"
	assert.Equal(t, http.StatusNotFound, s.api(http.MethodDelete, "/webhooks/"+hook.ID, "").StatusCode)
	s.key = simulator.DemoAPIKey
	a = s.api(http.MethodDelete, "/webhooks/"+hook.ID, "")
	assert.Equal(t, http.StatusNoContent, a.StatusCode)
	assert.Empty(t, a.body)
	assert.Equal(t, http.StatusNotFound, s.api(http.MethodDelete, "/webhooks/"+hook.ID, "").StatusCode)
}

// verify checks a message like a receiver does, but for its age.
func verify(t *testing.T, secret string, m received) bool {
	t.Helper()
	at, err := strconv.ParseInt(m.header.Get("webhook-timestamp"), 10, 64)
	require.NoError(t, err)
	want, err := simulator.SignWebhook(secret, m.header.Get("webhook-id"), time.Unix(at, 0), m.body)
	require.NoError(t, err)
	return m.header.Get("webhook-signature") == want
}

func TestWebhookDelivery(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, simulator.Config{Now: now.Now})
	r := listen(t)
	hook, _ := s.createWebhook(hookTo(r.url))
	deliver := func(options ...simulator.DeliverOption) int {
		status, err := s.DeliverWebhook(t.Context(), hook.ID, 1002, options...)
		require.NoError(t, err)
		return status
	}

	assert.Equal(t, http.StatusOK, deliver())
	m := <-r.got
	assert.True(t, verify(t, hook.Secret, m))
	assert.Equal(t, strconv.FormatInt(now.Now().Unix(), 10), m.header.Get("webhook-timestamp"))
	var meeting map[string]any
	require.NoError(t, json.Unmarshal(m.body, &meeting))
	assert.InDelta(t, 1002, meeting["recording_id"], 0)
	assert.NotEmpty(t, meeting["default_summary"])
	assert.NotEmpty(t, meeting["action_items"])
	assert.NotContains(t, meeting, "transcript")

	deliver(simulator.Duplicated(2), simulator.WithMessageID("msg_same"))
	for range 3 {
		assert.Equal(t, "msg_same", (<-r.got).header.Get("webhook-id"))
	}

	r.next = []int{500, 503}
	assert.Equal(t, http.StatusOK, deliver(simulator.Retried(5)))
	first := (<-r.got).header.Get("webhook-id")
	assert.Equal(t, first, (<-r.got).header.Get("webhook-id"))
	assert.Equal(t, first, (<-r.got).header.Get("webhook-id"))

	r.next = []int{500}
	assert.Equal(t, http.StatusInternalServerError, deliver(simulator.SignedWith("whsec_AAECAwQFBgcICQoLDA0ODxAR")))
	assert.False(t, verify(t, hook.Secret, <-r.got))

	deliver(simulator.SignedAt(now.Now().Add(-time.Hour)), simulator.WithBody([]byte("not json")))
	m = <-r.got
	assert.True(t, verify(t, hook.Secret, m), "stale, but signed")
	assert.Equal(t, "not json", string(m.body))

	deliver(simulator.AfterSignature("v1,AAAA"))
	assert.Regexp(t, `^v1,AAAA v1,`, (<-r.got).header.Get("webhook-signature"))
	assert.Empty(t, r.got)

	_, err := s.DeliverWebhook(t.Context(), "none", 1001)
	require.Error(t, err)
	_, err = s.DeliverWebhook(t.Context(), hook.ID, 1)
	require.Error(t, err)
}

func TestDestinationURL(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	r := listen(t)
	for _, part := range []string{"summary", "transcript"} {
		direct := s.get("/recordings/1001/" + part + "?destination_url=")
		assert.Contains(t, string(direct.body), `{"`+part+`":`)
		a := s.get("/recordings/1001/" + part + "?destination_url=" + url.QueryEscape(r.url))
		assert.Equal(t, http.StatusOK, a.StatusCode)
		assert.JSONEq(t, `{"destination_url":"`+r.url+`"}`, string(a.body))
		assert.JSONEq(t, string(direct.body), string((<-r.got).body))
		assert.Equal(t, http.StatusBadRequest, s.get("/recordings/1001/"+part+"?destination_url=x").StatusCode)
	}
	a := s.api(http.MethodPost, "/recordings/1001/download", `{"destination_url":"`+r.url+`"}`)
	assert.Equal(t, http.StatusAccepted, a.StatusCode)
	assert.Contains(t, string(a.body), "processing")
	var done recordingDownload
	require.NoError(t, json.Unmarshal((<-r.got).body, &done))
	assert.Equal(t, "completed", done.Status)
	assert.Equal(t, http.StatusOK, s.get("/recordings/1001/summary?destination_url=https://192.0.2.1/x").StatusCode, "accepted, never sent")
}
