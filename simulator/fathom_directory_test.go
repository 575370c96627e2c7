package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestDirectoryListsAndFilters(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{APIKeys: []string{simulator.DemoAPIKey, "other"}})
	for path, count := range map[string]int{
		"/meeting_types":                       5,
		"/teams":                               4,
		"/team_members":                        6,
		"/team_members?team=Engineering":       2,
		"/team_members?team=Nobody":            0,
		"/users":                               8,
		"/users?status=invited":                1,
		"/users?status=deactivated":            1,
		"/users?settings_access=account_admin": 1,
		"/users?team=Sales&status=active&settings_access=team_admin": 1,
	} {
		p := s.page(path)
		assert.Len(t, p.Items, count, path)
		assert.Equal(t, 25, p.Limit)
		assert.Nil(t, p.Next)
	}
	for _, path := range []string{"/users?status=x", "/users?settings_access=x", "/users?status=invited&settings_access=none"} {
		assert.Equal(t, http.StatusBadRequest, s.get(path).StatusCode, path)
	}
	users := s.page("/users").Items
	require.Len(t, users, 8)
	assert.Contains(t, users[0], "permissions")
	assert.NotContains(t, users[7], "permissions")
	assert.Nil(t, users[7]["name"])
	s.key = "other"
	assert.Equal(t, http.StatusForbidden, s.get("/users").StatusCode)
	for _, path := range []string{"/whoami", "/webhooks", "/recordings/1001", "/meetings/1001"} {
		assert.Equal(t, http.StatusNotFound, s.get(path).StatusCode, path)
	}
}
