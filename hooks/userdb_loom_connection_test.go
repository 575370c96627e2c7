package hooks_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestChangesOfTheSiteAreLimitedLikeChecks(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Atlassian: &simulator.AtlassianConfig{}}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	const path = "/api/collections/connections/records"
	settings := func(site string) map[string]any {
		return map[string]any{"method": "token", "email": simulator.DemoAtlassianEmail, "site": site}
	}
	ids := map[string]string{}
	for _, person := range []apptest.Person{p, other} {
		saved := person.Own(http.MethodPost, path, map[string]any{"provider": "loom", "secret": simulator.DemoAtlassianToken, "settings": settings("")})
		require.Equal(t, 200, saved.Status, saved.Raw)
		ids[person.ID] = saved.Text("id")
	}
	change := func(person apptest.Person, site string) apptest.Answer {
		return person.Own(http.MethodPatch, path+"/"+ids[person.ID], map[string]any{"settings": settings(site)})
	}
	for i := range limit.LoomCallBurst - 1 {
		require.Equal(t, 200, change(p, fmt.Sprintf("site-%d", i)).Status)
	}
	last := fmt.Sprintf("site-%d", limit.LoomCallBurst-2)
	for range 3 {
		require.Equal(t, 200, change(p, last).Status, "nothing changes, so that nothing is checked")
	}
	require.Equal(t, 200, p.Own(http.MethodPost, "/api/loom/check", nil).Status)
	refused := change(p, "one-more")
	assert.Equal(t, 429, refused.Status, refused.Raw)
	assert.Contains(t, refused.Text("message"), "Wait a moment")
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, 429, p.Own(http.MethodPost, "/api/loom/check", nil).Status)
	assert.Equal(t, 200, change(other, "site").Status)
}
