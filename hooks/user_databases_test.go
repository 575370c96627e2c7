package hooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestSuperuserCannotEditTheRegistry(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	superuser := s.SuperuserToken()
	registry := s.URL + "/api/collections/user_databases/records"
	entries := s.Call("GET", registry, superuser, nil).Items()
	require.Len(t, entries, 1)
	entry := registry + "/" + entries[0]["id"].(string)
	for field, value := range map[string]any{"name": "2020-01-01-001-x", "user": "", "status": "archived"} {
		assert.Equal(t, 403, s.Call("PATCH", entry, superuser, map[string]any{field: value}).Status, field)
	}
	assert.Equal(t, 403, s.Call("DELETE", entry, superuser, nil).Status)
	truncated := s.Call("DELETE", s.URL+"/api/collections/user_databases/truncate", superuser, nil)
	assert.Contains(t, []int{400, 403}, truncated.Status, truncated.Raw)
	for _, collection := range []string{"users", "user_databases", "global_queue"} {
		deleted := s.Call("DELETE", s.URL+"/api/collections/"+collection, superuser, nil)
		assert.Contains(t, []int{400, 403}, deleted.Status, collection) // 400 if another collection refers to it
	}
	assert.Equal(t, 403, s.Call("PUT", s.URL+"/api/collections/import", superuser, map[string]any{
		"collections": []map[string]any{{"name": "x", "type": "base"}}, "deleteMissing": true,
	}).Status)
	assert.Equal(t, 403, s.Call("POST", registry, superuser, map[string]any{"name": "2020-01-01-001-x"}).Status)
}

func TestRegistryShowsUsersOnlyTheirOwnDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, superuser := s.SignUp("ada@example.com"), s.SuperuserToken()
	registry := s.URL + "/api/collections/user_databases/records"
	all := s.Call("GET", registry, superuser, nil).Items()
	require.Len(t, all, 1)
	entry := registry + "/" + all[0]["id"].(string)

	own := s.Call("GET", registry, p.Token, nil).Items()
	require.Len(t, own, 1)
	viewed := s.Call("GET", entry, superuser, nil).Body.(map[string]any)
	for role, got := range map[string]map[string]any{"owner": own[0], "superuser's list": all[0], "superuser's view": viewed} {
		assert.NotContains(t, got, "data_key", role)
		assert.NotContains(t, got, "owner", role)
	}
	others := s.Call("GET", registry, s.SignUp("other@example.com").Token, nil).Items()
	require.Len(t, others, 1)
	assert.NotEqual(t, p.Name, others[0]["name"])
	assert.Empty(t, s.Call("GET", registry, "", nil).Items())
	assert.Equal(t, 404, s.Call("GET", entry, "", nil).Status)
}
