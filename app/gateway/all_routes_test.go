package gateway_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// allRoutes returns PocketBase's routes and ours, sorted.
func allRoutes(t *testing.T, s *apptest.Server) []apptest.Route {
	t.Helper()
	r, err := apis.NewRouter(core.NewBaseApp(core.BaseAppConfig{}))
	require.NoError(t, err)
	s.App.UserDatabaseRoutes(r)
	return apptest.Routes(t, r)
}
