package loom_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

func TestVideoIsLookedUpByCanonicalLink(t *testing.T) {
	var received *http.Request
	c, link := fakeLoom(t, func(w http.ResponseWriter, r *http.Request) {
		received = r
		respond(http.StatusOK, `{"type":"video","version":"1.0","html":"<iframe src=x></iframe>","title":"Weekly\u0000 sync","height":null,
			"width":1920,"provider_name":"Loom","thumbnail_url":"https://cdn.loom.com/t.gif","duration":1679.4,"new_field":{}}`)(w, r)
	})
	share, err := c.ParseShareURL(link + "?sid=1")
	require.NoError(t, err)
	video, err := c.Video(t.Context(), share)
	require.NoError(t, err)

	assert.Equal(t, loom.Video{Title: "Weekly sync", Duration: 1679400 * time.Millisecond}, video)
	assert.Equal(t, "/v1/oembed", received.URL.Path)
	assert.Equal(t, link, received.URL.Query().Get("url"), "only the canonical link is sent")
	assert.Empty(t, received.Header.Get("Cookie"))
}

func TestVideoWithoutTitleAndDurationIsUnusable(t *testing.T) {
	for _, body := range []string{`null`, `{}`, `{"type":"video"}`, `{"title":"Weekly sync","duration":10}`, `{"type":"video","title":"\u202e\n","duration":-1e300}`} {
		c, link := fakeLoom(t, respond(http.StatusOK, body))
		_, err := c.Video(t.Context(), shareOf(t, c, link))
		var unusable *loom.Error
		require.ErrorAs(t, err, &unusable, body)
		assert.True(t, unusable.Temporary(), body)
	}
}

func TestVideoClassifiesStatuses(t *testing.T) {
	for _, status := range []int{401, 403, 404, 410} {
		c, link := fakeLoom(t, respond(status, "<html>no</html>"))
		_, err := c.Video(t.Context(), shareOf(t, c, link))
		assert.ErrorIs(t, err, loom.ErrNotFound, status)
	}
	for status, temporary := range map[int]bool{400: false, 418: false, 408: true, 429: true, 500: true, 502: true, 503: true, 204: true, 304: true} {
		c, link := fakeLoom(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(status)
		})
		_, err := c.Video(t.Context(), shareOf(t, c, link))
		var failure *loom.Error
		require.ErrorAs(t, err, &failure, status)
		assert.Equal(t, temporary, failure.Temporary(), status)
		assert.Equal(t, status, failure.Status)
		assert.Equal(t, 7*time.Second, failure.RetryAfter)
	}
}

func TestMalformedResponsesAreUnusable(t *testing.T) {
	for name, body := range map[string]string{
		"html": "<html>", "empty": "", "array": "[]", "photo": `{"type":"photo"}`, "wrong type": `{"duration":"long"}`,
		"huge": `{"title":"` + strings.Repeat("x", 2<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, link := fakeLoom(t, respond(http.StatusOK, body))
			_, err := c.Video(t.Context(), shareOf(t, c, link))
			var failure *loom.Error
			require.ErrorAs(t, err, &failure)
			assert.True(t, failure.Temporary())
		})
	}
}

func TestVideoFollowsNoRedirectToOtherHosts(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed a redirect") }))
	defer elsewhere.Close()
	c, link := fakeLoom(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
	_, err := c.Video(t.Context(), shareOf(t, c, link))
	var failure *loom.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, http.StatusFound, failure.Status)
}

func TestVideoReportsNetworkErrors(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	c, err := loom.New(loom.Config{BaseURL: server.URL})
	require.NoError(t, err)
	share, err := c.ParseShareURL(server.URL + "/share/" + videoID)
	require.NoError(t, err)

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Video(cancelled, share)
	require.ErrorIs(t, err, context.Canceled)

	server.Close()
	_, err = c.Video(t.Context(), share)
	var failure *loom.Error
	require.ErrorAs(t, err, &failure)
	assert.True(t, failure.Temporary())
	assert.NotContains(t, err.Error(), videoID)
}
