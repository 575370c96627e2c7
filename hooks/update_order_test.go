package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestEveryVersionOfARecordIsNewerThanTheOneBeforeIt(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	created := p.Own(http.MethodPost, "/api/collections/preferences/records", map[string]any{"key": "colour", "value": 0})
	require.Equal(t, http.StatusOK, created.Status, created.Raw)
	var changes []any // which take less than a millisecond each
	for i := range 20 {
		changes = append(changes, map[string]any{
			"method": http.MethodPatch, "url": "/api/collections/preferences/records/" + created.Text("id"), "body": map[string]any{"value": i + 1},
		})
	}
	got := p.Own(http.MethodPost, "/api/batch", map[string]any{"requests": changes})
	require.Equal(t, http.StatusOK, got.Status, got.Raw)
	versions, last := got.Body.([]any), created.Text("updated")
	require.Len(t, versions, len(changes))
	for i, version := range versions {
		updated := version.(map[string]any)["body"].(map[string]any)["updated"].(string)
		assert.Greater(t, updated, last, "version %d", i+1)
		last = updated
	}
}
