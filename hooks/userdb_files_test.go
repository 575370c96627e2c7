package hooks_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// moveSampleToS3 moves the file of a person's sample recording to a bucket and returns its key.
func moveSampleToS3(p apptest.Person, bucket *s3test.Server, samples apptest.Samples) (key string) {
	p.T.Helper()
	files, err := filepath.Glob(p.FolderPath(p.Name) + "/storage/*/*/" + samples.File)
	require.NoError(p.T, err)
	require.Len(p.T, files, 1)
	content, err := os.ReadFile(files[0])
	require.NoError(p.T, err)
	require.NoError(p.T, os.Remove(files[0]))
	key = p.Name + "/1/abc-0123456789abcdef"
	bucket.Put(p.T, key, content)
	db, err := p.App.Databases.Acquire(p.T.Context(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	recording, err := db.App.FindRecordById("recordings", samples.Recording)
	require.NoError(p.T, err)
	recording.Set("blob", key)
	require.NoError(p.T, db.App.UnsafeWithoutHooks().SaveNoValidate(recording))
	return key
}

// recordingURLs returns the URLs of a recording's file, which may name its collection in two ways.
func recordingURLs(p apptest.Person, samples apptest.Samples) []string {
	p.T.Helper()
	db, err := p.App.Databases.Acquire(p.T.Context(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	collection, err := db.App.FindCollectionByNameOrId("recordings")
	require.NoError(p.T, err)
	token := p.Own("POST", "/api/files/token", nil).Text("token")
	urls := []string{}
	for _, name := range []string{collection.Name, strings.ToUpper(collection.Name), collection.Id} {
		urls = append(urls, p.DatabaseURL+"/api/files/"+name+"/"+samples.Recording+"/"+samples.File+"?token="+token)
	}
	return urls
}

func TestRecordingsHaveNoThumbs(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s := apptest.Start(t, apptest.Options{Settings: bucket.Settings()})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	urls := recordingURLs(p, samples)
	for _, link := range urls {
		for _, thumb := range []string{"&thumb=100x100", "&thumb=", "&thumb=1x1&thumb=100x100"} {
			answer := p.Call("GET", link+thumb, "", nil)
			assert.Equal(t, 200, answer.Status, thumb)
			assert.Equal(t, p.Marker(), answer.Raw)
		}
	}
	moveSampleToS3(p, bucket, samples)
	for _, link := range urls {
		for _, thumb := range []string{"&thumb=100x100", "&thumb=", "&thumb=1x1&thumb=100x100"} {
			redirect := p.Call("GET", link+thumb, "", nil)
			require.Equal(t, 302, redirect.Status, link+thumb)
			assert.Equal(t, p.Marker(), p.Call("GET", redirect.Header.Get("Location"), "", nil).Raw)
			proxied := p.Call("GET", link+thumb+"&proxy=1", "", nil)
			assert.Equal(t, 200, proxied.Status)
			assert.Equal(t, p.Marker(), proxied.Raw)
		}
	}
}

func TestErrorsOfFilesInS3AreJSON(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s := apptest.Start(t, apptest.Options{Settings: bucket.Settings()})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	key := moveSampleToS3(p, bucket, samples)
	link := recordingURLs(p, samples)[0] + "&proxy=1"

	sent := p.Call("GET", link, "", nil)
	require.Equal(t, 200, sent.Status)
	assert.Equal(t, "video/mp4", sent.Header.Get("Content-Type"))
	assert.Contains(t, sent.Header.Get("Content-Disposition"), "a.mp4")
	assert.Equal(t, "private, no-cache", sent.Header.Get("Cache-Control"))

	expectJSON := func(status int, says string) {
		t.Helper()
		answer := p.Call("GET", link, "", nil)
		assert.Equal(t, status, answer.Status)
		assert.Contains(t, answer.Header.Get("Content-Type"), "application/json")
		assert.Empty(t, answer.Header.Get("Content-Disposition"), "a browser would save the error as a video")
		assert.Contains(t, answer.Text("message"), says)
	}
	bucket.Fail(s3test.HeadObject, s3test.Always, http.StatusForbidden, "AccessDenied")
	expectJSON(503, "Try again later")
	bucket.ClearFaults()
	bucket.Remove(key)
	expectJSON(404, "no longer exists")
}
