package staticfiles_test

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/staticfiles"
)

var script = strings.Repeat("console.log('hello');\n", 500)

// get requests a file with some headers, as name, value, name, value.
func get(t *testing.T, files *staticfiles.Files, name string, headers ...string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, "/"+name, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	require.NoError(t, files.Serve(recorder, request, name))
	return recorder.Result()
}

func read(t *testing.T, reader io.Reader) string {
	t.Helper()
	content, err := io.ReadAll(reader)
	require.NoError(t, err)
	return string(content)
}

func newFiles(t *testing.T, files fs.FS) *staticfiles.Files {
	t.Helper()
	loaded, err := staticfiles.New(files, func(name string) bool { return path.Ext(name) == ".go" })
	require.NoError(t, err)
	return loaded
}

func TestFilesAreServedCompressedAndAsTheyAre(t *testing.T) {
	files := newFiles(t, fstest.MapFS{
		"a/main.js": {Data: []byte(script)}, "font.woff2": {Data: []byte(script)}, "tiny.css": {Data: []byte("a{}")}, "embed.go": {Data: []byte("package a")},
	})
	assert.True(t, files.Has("a/main.js"))
	for _, missing := range []string{"a", "embed.go", "", ".", "../a/main.js"} {
		assert.False(t, files.Has(missing), missing)
	}

	plain := get(t, files, "a/main.js", "Accept-Encoding", "br, gzip;q=0")
	assert.Equal(t, script, read(t, plain.Body))
	assert.Empty(t, plain.Header.Get("Content-Encoding"))
	assert.Contains(t, plain.Header.Get("Content-Type"), "javascript")

	compressed := get(t, files, "a/main.js", "Accept-Encoding", "br, gzip")
	assert.Equal(t, "gzip", compressed.Header.Get("Content-Encoding"))
	assert.Contains(t, compressed.Header.Get("Content-Type"), "javascript")
	for _, response := range []*http.Response{plain, compressed} {
		assert.Equal(t, "Accept-Encoding", response.Header.Get("Vary"), "caches must keep both apart")
	}
	assert.NotEqual(t, plain.Header.Get("ETag"), compressed.Header.Get("ETag"))
	reader, err := gzip.NewReader(compressed.Body)
	require.NoError(t, err)
	assert.Equal(t, script, read(t, reader))

	for _, name := range []string{"font.woff2", "tiny.css"} {
		assert.Empty(t, get(t, files, name, "Accept-Encoding", "gzip").Header.Get("Content-Encoding"), name)
	}
	part := get(t, files, "a/main.js", "Accept-Encoding", "gzip", "Range", "bytes=0-6")
	assert.Equal(t, http.StatusPartialContent, part.StatusCode)
	assert.Equal(t, "console", read(t, part.Body))
}

func TestClientsKeepFilesUntilTheyChange(t *testing.T) {
	before := newFiles(t, fstest.MapFS{"main.js": {Data: []byte(script)}})
	after := newFiles(t, fstest.MapFS{"main.js": {Data: []byte(script + "//")}})
	for _, accepted := range []string{"gzip", ""} {
		etag := get(t, before, "main.js", "Accept-Encoding", accepted).Header.Get("ETag")
		again := get(t, before, "main.js", "Accept-Encoding", accepted, "If-None-Match", etag)
		assert.Equal(t, http.StatusNotModified, again.StatusCode)
		assert.Empty(t, read(t, again.Body))
		assert.Equal(t, http.StatusOK, get(t, after, "main.js", "Accept-Encoding", accepted, "If-None-Match", etag).StatusCode)
	}
}

// countingFS counts how often files are opened.
type countingFS struct {
	fs.FS
	mu     sync.Mutex
	opened map[string]int
}

func (c *countingFS) Open(name string) (fs.File, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opened[name]++
	if name == "broken.js" {
		return nil, errors.New("broken")
	}
	return c.FS.Open(name)
}

func TestAFileIsPreparedOnce(t *testing.T) {
	counting := &countingFS{FS: fstest.MapFS{"main.js": {Data: []byte(script)}, "broken.js": {}}, opened: map[string]int{}}
	files := newFiles(t, counting)
	var clients sync.WaitGroup
	for range 20 {
		clients.Go(func() {
			request := httptest.NewRequest(http.MethodGet, "/main.js", nil)
			request.Header.Set("Accept-Encoding", "gzip")
			assert.NoError(t, files.Serve(httptest.NewRecorder(), request, "main.js"))
		})
	}
	clients.Wait()
	assert.Equal(t, 1, counting.opened["main.js"])
	assert.Error(t, files.Serve(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/broken.js", nil), "broken.js"))
}
