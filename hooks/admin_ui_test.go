package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

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
