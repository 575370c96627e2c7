package oauth_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
)

func TestRefusalsOfTokensAreExplained(t *testing.T) {
	for name, test := range map[string]struct {
		answer    http.HandlerFunc
		kind      oauth.Kind
		unclear   bool
		wait      time.Duration
		temporary bool
	}{
		"dead":              {respond(400, `{"error":"invalid_grant"}`), oauth.KindDead, false, 0, false},
		"dead at Atlassian": {respond(403, `{"error":"unauthorized_client","error_description":"refresh_token is invalid"}`), oauth.KindDead, false, 0, false},
		"unknown client":    {respond(401, `{"error":"invalid_client"}`), oauth.KindClient, false, 0, false},
		"wrong resource":    {respond(400, `{"error":"invalid_target","error_description":"Invalid context provided"}`), oauth.KindRefused, false, 0, false},
		"no JSON":           {respond(403, `<html>`), oauth.KindRefused, false, 0, false},
		"not there":         {respond(404, ``), oauth.KindProtocol, false, 0, false},
		"too many requests": {respond(429, ``, "Retry-After", "9"), oauth.KindTemporary, false, 9 * time.Second, true},
		"overloaded":        {respond(400, `{"error":"temporarily_unavailable"}`), oauth.KindTemporary, false, 0, true},
		"server error":      {respond(502, `<html>`), oauth.KindTemporary, true, 0, true},
		"aborted":           {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, oauth.KindTemporary, true, 0, true},
		"redirect":          {respond(307, ``, "Location", "/elsewhere"), oauth.KindProtocol, false, 0, false},
		"no token":          {respond(200, `{}`), oauth.KindProtocol, true, 0, false},
		"no JSON token":     {respond(200, `hello`), oauth.KindProtocol, true, 0, false},
		"other type":        {respond(200, `{"access_token":"a","token_type":"mac"}`), oauth.KindProtocol, true, 0, false},
		"not a header":      {respond(200, `{"access_token":"a\r\nX: y"}`), oauth.KindProtocol, true, 0, false},
		"too large":         {respond(200, `{"access_token":"`+strings.Repeat("a", 300<<10)+`"}`), oauth.KindProtocol, true, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t)
			client, server, registration := signedIn(t, f)
			f.on("/oauth/token", test.answer)
			_, err := client.Refresh(t.Context(), server, registration, "refresh-1")
			failed := failure(t, err)
			assert.Equal(t, test.kind, failed.Kind, err)
			assert.Equal(t, test.unclear, failed.Unclear)
			assert.Equal(t, test.wait, failed.RetryAfter)
			assert.Equal(t, test.temporary, failed.Temporary())
			assert.Len(t, f.received("/oauth/token"), 1, "a refresh token is never sent twice")
			assert.Empty(t, f.received("/elsewhere"))
		})
	}
	f := newFakeServer(t)
	client, server, registration := signedIn(t, f)
	_, err := client.Refresh(t.Context(), server, registration, "")
	assert.Equal(t, oauth.KindDead, failure(t, err).Kind)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client.Refresh(ctx, server, registration, "refresh-1")
	assert.ErrorIs(t, err, context.Canceled)
}

func TestUnreachableServerIsTemporaryAndClear(t *testing.T) {
	f := newFakeServer(t)
	client, server, registration := signedIn(t, f)
	f.Close()
	_, err := client.Refresh(t.Context(), server, registration, "refresh-1")
	failed := failure(t, err)
	assert.Equal(t, oauth.KindTemporary, failed.Kind)
	assert.False(t, failed.Unclear, "the refresh token was not sent")
}

func TestSlowServersAreTemporary(t *testing.T) {
	f := newFakeServer(t)
	_, server, registration := signedIn(t, f)
	f.on("/oauth/token", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	client := newClient(t, f, func(cfg *oauth.Config) { cfg.Timeout = 50 * time.Millisecond })
	_, err := client.Refresh(t.Context(), server, registration, "refresh-1")
	failed := failure(t, err)
	assert.Equal(t, oauth.KindTemporary, failed.Kind)
	assert.True(t, failed.Unclear)
}

func TestRevocationFailuresAreReported(t *testing.T) {
	f := newFakeServer(t)
	client, server, registration := signedIn(t, f)
	f.on("/oauth/revoke", respond(503, ``))
	err := client.Revoke(t.Context(), server, registration, oauth.Token{Refresh: "r-secret", Access: "a-secret"})
	assert.Equal(t, oauth.KindTemporary, failure(t, err).Kind)
	assert.Len(t, f.received("/oauth/revoke"), 2, "both are tried")
	server.RevokeURL = ""
	assert.Equal(t, oauth.KindUnsupported, failure(t, client.Revoke(t.Context(), server, registration, oauth.Token{})).Kind)
}
