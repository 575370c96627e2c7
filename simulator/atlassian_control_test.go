package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestAtlassianSideIsControlledOverHTTP(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{FlagErrors: true}})
	var state struct {
		Stats     simulator.AtlassianStats
		Uploads   []simulator.AtlassianUpload
		Behaviour simulator.AtlassianBehaviour
	}
	s.control("PATCH", "atlassian/behaviour", `{"form":"multipart","expiry":0.5,"renamed":{"getLoomVideo":"readLoomVideo"}}`, 204)
	s.control("GET", "atlassian", "", 200).decode(t, &state)
	assert.Equal(t, simulator.UploadMultipart, state.Behaviour.Form)
	assert.True(t, state.Behaviour.FlagErrors, "what is not in the request remains")
	assert.NotNil(t, state.Uploads)
	s.control("PATCH", "atlassian/behaviour", `{"from":"put"}`, 400)

	session := s.mustConnect()
	s.control("POST", "atlassian/faults", `{"operation":"createLoomVideoUpload","message":"refused","is_error":true}`, 204)
	s.control("POST", "atlassian/faults", `{"operation":"listLoomVideos","status":503,"retry_after":2}`, 204)
	s.control("POST", "atlassian/faults", `{"opreation":"x"}`, 400)
	session.refusedCall("refused", "createLoomVideoUpload", nil)
	_, err := session.call("listLoomVideos", nil)
	require.Error(t, err)
	assert.Equal(t, "2", session.http.retry)

	s.control("POST", "atlassian/faults", `{"operation":"listLoomFolders","hold":true,"after_done":true}`, 204)
	done := make(chan error, 1)
	go func() {
		_, err := session.call("listLoomFolders", nil)
		done <- err
	}()
	for held := false; !held; held = state.Stats.Calls["listLoomFolders"] == 1 {
		s.control("GET", "atlassian", "", 200).decode(t, &state)
	}
	assert.Empty(t, done)
	s.control("POST", "release", "", 204)
	require.NoError(t, <-done)

	session.createUpload([]byte("abc"))
	s.control("POST", "atlassian/expire-uploads", "", 204)
	s.control("GET", "atlassian", "", 200).decode(t, &state)
	require.Len(t, state.Uploads, 1)
	assert.True(t, state.Uploads[0].Expires.Before(state.Uploads[0].Created.Add(1e9)))

	s.control("POST", "atlassian/lose-sessions", "", 204)
	_, err = session.call("listLoomVideos", nil)
	require.Error(t, err)
	s.control("POST", "atlassian/tokens", `{"email":"b@example.com","token":"b"}`, 204)
	_, err = s.connect(basic("b@example.com", "b"), true)
	require.NoError(t, err)
	s.control("POST", "atlassian/revoke", `{"credential":"b"}`, 204)
	_, err = s.connect(basic("b@example.com", "b"), true)
	require.Error(t, err)
}

func TestConsentOverHTTP(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	o, token := s.signedIn()
	res := s.control("POST", "atlassian/consent", `{"url":"`+o.server.AuthorizationEndpoint+"?"+o.request(callback).Encode()+`"}`, 200)
	var answer struct{ Callback string }
	res.decode(t, &answer)
	assert.Contains(t, answer.Callback, callback+"?code=")
	s.control("POST", "atlassian/consent", `{"url":"`+o.server.AuthorizationEndpoint+`?client_id=x"}`, 400)

	s.control("POST", "atlassian/expire-access", "", 204)
	assert.Equal(t, http.StatusUnauthorized, o.status(token.AccessToken))
	token = o.refresh(token.RefreshToken)
	assert.Equal(t, http.StatusOK, o.status(token.AccessToken))
	s.control("POST", "atlassian/end-grants", "", 204)
	assert.Equal(t, http.StatusUnauthorized, o.status(token.AccessToken))
}
