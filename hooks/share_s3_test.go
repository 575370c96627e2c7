package hooks_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestSharedVideoInS3(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s := apptest.Start(t, apptest.Options{Settings: bucket.Settings()})
	p := s.SignUp("ada@example.com")
	key := moveSampleToS3(p, bucket, shareSamples(p))
	shared := createShare(p, map[string]any{"password": "only for you"})
	page, link := shared.Text("url"), shared.Text("url")+"/video"
	require.Equal(t, 403, get(s, link).Status, "without the password there is no link to the bucket")
	require.Equal(t, 200, p.Call("PATCH", s.URL+sharesPath+"/"+shared.Text("id"), p.Token, map[string]any{"password": ""}).Status)

	redirect := get(s, link)
	require.Equal(t, 302, redirect.Status, redirect.Raw)
	assert.Equal(t, "no-store", redirect.Header.Get("Cache-Control"))
	target, err := url.Parse(redirect.Header.Get("Location"))
	require.NoError(t, err)
	seconds, err := strconv.Atoi(target.Query().Get("X-Amz-Expires"))
	require.NoError(t, err)
	assert.LessOrEqual(t, seconds, 300)
	assert.Equal(t, p.Marker(), get(s, target.String()).Raw)
	assert.Equal(t, p.Marker()[1:3], get(s, target.String(), "Range", "bytes=1-2").Raw)
	assert.NotEqual(t, 200, get(s, strings.Replace(target.String(), key, p.Name+"/1/other", 1)).Status, "the link is for one file")

	origin := target.Scheme + "://" + target.Host
	assert.Contains(t, get(s, page).Header.Get("Content-Security-Policy"), "media-src 'self' "+origin, "the page may play it from there")
	ranged := get(s, link+"?proxy=1", "Range", "bytes=1-2")
	assert.Equal(t, 206, ranged.Status)
	assert.Equal(t, p.Marker()[1:3], ranged.Raw)
	head, err := http.NewRequest(http.MethodHead, link, nil)
	require.NoError(t, err)
	assert.Equal(t, strconv.Itoa(len(p.Marker())), s.Do(head).Header.Get("Content-Length"))

	bucket.Fail(s3test.HeadObject, s3test.Always, http.StatusForbidden, "AccessDenied")
	failed := get(s, link+"?proxy=1")
	assert.Equal(t, 503, failed.Status)
	assert.NotContains(t, failed.Raw, "AccessDenied")
	bucket.ClearFaults()
	bucket.Remove(key)
	assert.Equal(t, 410, get(s, link+"?proxy=1").Status)
	require.Equal(t, 204, p.Call("DELETE", s.URL+sharesPath+"/"+shared.Text("id"), p.Token, nil).Status)
	assert.Equal(t, 404, get(s, link).Status)
}
