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

// listen starts a receiver that stops at the end of the test.
func listen(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{messages: make(chan message, 20)}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL + "/hook"
	return r
}

// The official SDK, npm svix and npm standardwebhooks all compute this signature.
func TestSignWebhookMatchesReferenceImplementations(t *testing.T) {
	t.Parallel()
	at := time.Unix(1767225600, 0)
	got, err := simulator.SignWebhook("whsec_AAECAwQFBgcICQoLDA0ODxAR", "msg_1", at, []byte(`{"recording_id":1001}`))
	require.NoError(t, err)
	assert.Equal(t, "v1,hpZpwkEPpsRnG1cAiJkyPjTmL6oFBkU6jPN5kIMRPD8=", got)
	_, err = simulator.SignWebhook("whsec_?", "msg_1", time.Time{}, nil)
	assert.Error(t, err)
}

// createWebhook creates a webhook. It returns a zero Webhook unless the status is 201.
func (s *sim) createWebhook(body string) (simulator.Webhook, response) {
	s.t.Helper()
	res := s.api(http.MethodPost, "/webhooks", body)
	var hook simulator.Webhook
	if res.StatusCode == http.StatusCreated {
		res.decode(s.t, &hook)
	}
	return hook, res
}

// hookTo returns the body of a request for a webhook to url.
func hookTo(url string) string {
	return `{"destination_url":"` + url + `","triggered_for":["my_recordings"],"include_summary":true,"include_action_items":true}`
}

func TestWebhooksCanBeCreatedAndDeleted(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{APIKeys: []string{simulator.DemoAPIKey, "other"}})
	for name, body := range map[string]string{
		"not json":        `x`,
		"no destination":  `{"triggered_for":["my_recordings"],"include_summary":true}`,
		"bad destination": `{"destination_url":"/x","triggered_for":["my_recordings"],"include_summary":true}`,
		"no trigger":      `{"destination_url":"https://e.test/x","triggered_for":[],"include_summary":true}`,
		"unknown trigger": `{"destination_url":"https://e.test/x","triggered_for":["all"],"include_summary":true}`,
		"no parts":        `{"destination_url":"https://e.test/x","triggered_for":["my_recordings"]}`,
		"unknown key":     `{"destination_url":"https://e.test/x","triggered_for":["my_recordings"],"include_summary":true,"include_highlights":true}`,
	} {
		_, res := s.createWebhook(body)
		assert.Equal(t, http.StatusBadRequest, res.StatusCode, name)
	}
	hook, res := s.createWebhook(hookTo("https://e.test/hook"))
	require.Equal(t, http.StatusCreated, res.StatusCode)
	assert.Equal(t, "https://e.test/hook", hook.URL)
	assert.Regexp(t, `^whsec_[A-Za-z0-9+/]{32}$`, hook.Secret)
	assert.True(t, hook.IncludeSummary)
	assert.False(t, hook.IncludeTranscript)
	assert.Len(t, s.Webhooks(), 1)
	_, err := s.DeliverWebhook(t.Context(), hook.ID, 1001)
	require.Error(t, err, "the destination is not on this machine")

	s.key = "other"
	assert.Equal(t, http.StatusNotFound, s.api(http.MethodDelete, "/webhooks/"+hook.ID, "").StatusCode)
	s.key = simulator.DemoAPIKey
	res = s.api(http.MethodDelete, "/webhooks/"+hook.ID, "")
	assert.Equal(t, http.StatusNoContent, res.StatusCode)
	assert.Empty(t, res.body)
	assert.Equal(t, http.StatusNotFound, s.api(http.MethodDelete, "/webhooks/"+hook.ID, "").StatusCode)
}

// verify reports whether the signature of a message is valid, regardless of its age.
func verify(t *testing.T, secret string, m message) bool {
	t.Helper()
	at, err := strconv.ParseInt(m.header.Get("webhook-timestamp"), 10, 64)
	require.NoError(t, err)
	want, err := simulator.SignWebhook(secret, m.header.Get("webhook-id"), time.Unix(at, 0), m.body)
	require.NoError(t, err)
	return m.header.Get("webhook-signature") == want
}

func TestDeliverWebhook(t *testing.T) {
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
	m := <-r.messages
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
		assert.Equal(t, "msg_same", (<-r.messages).header.Get("webhook-id"))
	}

	r.next = []int{500, 503}
	assert.Equal(t, http.StatusOK, deliver(simulator.Retried(5)))
	first := (<-r.messages).header.Get("webhook-id")
	assert.Equal(t, first, (<-r.messages).header.Get("webhook-id"))
	assert.Equal(t, first, (<-r.messages).header.Get("webhook-id"))

	r.next = []int{500}
	assert.Equal(t, http.StatusInternalServerError, deliver(simulator.SignedWith("whsec_AAECAwQFBgcICQoLDA0ODxAR")))
	assert.False(t, verify(t, hook.Secret, <-r.messages))

	deliver(simulator.SignedAt(now.Now().Add(-time.Hour)), simulator.WithBody([]byte("not json")))
	m = <-r.messages
	assert.True(t, verify(t, hook.Secret, m), "the message is old but correctly signed")
	assert.Equal(t, "not json", string(m.body))

	deliver(simulator.WithExtraSignature("v1,AAAA"))
	assert.Regexp(t, `^v1,AAAA v1,`, (<-r.messages).header.Get("webhook-signature"))
	assert.Empty(t, r.messages)

	_, err := s.DeliverWebhook(t.Context(), "none", 1001)
	require.Error(t, err)
	_, err = s.DeliverWebhook(t.Context(), hook.ID, 1)
	require.Error(t, err)
}

func TestResultsArePostedToDestinationURL(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	r := listen(t)
	for _, part := range []string{"summary", "transcript"} {
		direct := s.get("/recordings/1001/" + part + "?destination_url=")
		assert.Contains(t, string(direct.body), `{"`+part+`":`)
		res := s.get("/recordings/1001/" + part + "?destination_url=" + url.QueryEscape(r.url))
		assert.Equal(t, http.StatusOK, res.StatusCode)
		assert.JSONEq(t, `{"destination_url":"`+r.url+`"}`, string(res.body))
		assert.JSONEq(t, string(direct.body), string((<-r.messages).body))
		assert.Equal(t, http.StatusBadRequest, s.get("/recordings/1001/"+part+"?destination_url=x").StatusCode)
	}
	res := s.api(http.MethodPost, "/recordings/1001/download", `{"destination_url":"`+r.url+`"}`)
	assert.Equal(t, http.StatusAccepted, res.StatusCode)
	assert.Contains(t, string(res.body), "processing")
	var done recordingDownload
	require.NoError(t, json.Unmarshal((<-r.messages).body, &done))
	assert.Equal(t, "completed", done.Status)
	res = s.get("/recordings/1001/summary?destination_url=https://192.0.2.1/x")
	assert.Equal(t, http.StatusOK, res.StatusCode, "remote destinations are accepted but get no request")
}
