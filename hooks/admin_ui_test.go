package hooks_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestAdminUIIsCompressedOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	script := regexp.MustCompile(`assets/[^"]+\.js`).FindString(s.Call(http.MethodGet, s.URL+"/_/", "", nil).Raw)
	require.NotEmpty(t, script)
	for _, path := range []string{"/_/" + script, "/db/2020-01-01-001-nobody/_/" + script, "/_/extensions/queue/page.js", "/app.css"} {
		request, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
		require.NoError(t, err)
		request.Header.Set("Accept-Encoding", "gzip")
		file := s.Do(request)
		require.Equal(t, 200, file.Status, path)
		assert.Equal(t, []string{"gzip"}, file.Header.Values("Content-Encoding"), path)
		assert.NotEmpty(t, file.Header.Get("Content-Security-Policy"), path)
		reader, err := gzip.NewReader(strings.NewReader(file.Raw))
		require.NoError(t, err, path)
		content, err := io.ReadAll(reader)
		require.NoError(t, err, path)
		request.Header.Set("If-None-Match", file.Header.Get("ETag"))
		assert.Equal(t, 304, s.Do(request).Status, path)
		request.Header.Set("Accept-Encoding", "identity")
		assert.Equal(t, string(content), s.Do(request).Raw, path)
		request.Method = http.MethodPost
		assert.NotEqual(t, 200, s.Do(request).Status, path)
	}
}

func TestQueuePageIsNotCachedAcrossUpgrades(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for _, path := range []string{"/_/extensions.js", "/_/extensions/queue/page.js", "/_/extensions/queue/queue.js"} {
		file := s.Call(http.MethodGet, s.URL+path, "", nil)
		assert.Equal(t, 200, file.Status, path)
		assert.Contains(t, file.Header.Get("Content-Type"), "javascript", path)
		assert.Equal(t, "no-cache", file.Header.Get("Cache-Control"), path)
	}
	for _, path := range []string{"jsconfig.json", "globals.d.ts"} {
		assert.Equal(t, 404, s.Call(http.MethodGet, s.URL+"/_/extensions/queue/"+path, "", nil).Status, path)
	}
}
