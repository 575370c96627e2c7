package hooks_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Fathom may refuse to delete a webhook, for instance one that another key created. Another attempt would be refused too.
func TestWebhookWhoseRemovalIsRefusedIsForgotten(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 404, 422} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			p, hook := startWithWebhook(t, apptest.Options{})
			p.Simulator.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/external/v1/webhooks/*", Status: status, Times: -1})
			saved := p.Own(http.MethodPost, "/api/collections/preferences/records", map[string]any{"key": "webhook", "value": false})
			require.Equal(t, 200, saved.Status, saved.Raw)
			require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
			p.Eventually(func() bool {
				var endpoints int
				apptest.QueryRow(t, p.GlobalFile(), "SELECT COUNT(*) FROM fathom_endpoints", &endpoints)
				return endpoints == 0
			})
			assert.Equal(t, 404, p.Call(http.MethodPost, hook.URL, "", map[string]any{}).Status)
		})
	}
}
