package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestHealthPageIsForSuperusers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"METRICS_TOKEN=" + metricsToken}})
	p := s.SignUp("ada@example.com")
	for caller, token := range map[string]string{"nobody": "", "user": p.Token, "owner of a database": p.Session, "token": "Bearer " + metricsToken} {
		got := s.Call(http.MethodGet, s.URL+"/api/operator/health", token, nil)
		assert.Contains(t, []int{401, 403}, got.Status, caller)
		assert.NotContains(t, got.Raw, "memory", caller)
	}
	s.Eventually(func() bool {
		got := s.Call(http.MethodGet, s.URL+"/api/operator/health", s.SuperuserToken(), nil)
		memory, _ := got.Get("series.memory").([]any)
		return got.Status == 200 && got.Text("status") == "ok" && len(memory) == 1 && memory[0].(float64) > 1e6
	})
	file := s.Call(http.MethodGet, s.URL+"/_/extensions/queue/health.js", "", nil)
	assert.Equal(t, 200, file.Status)
	assert.Equal(t, "no-cache", file.Header.Get("Cache-Control"))
}
