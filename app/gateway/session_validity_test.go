package gateway_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestRegistryDecidesWhichUserOwnsADatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	otherEntry, err := s.App.FindFirstRecordByData("user_databases", "name", other.Name)
	require.NoError(t, err)
	otherEntry.Set("user", "") // a user owns at most one database
	require.NoError(t, s.App.Save(otherEntry))
	require.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	entry, err := s.App.FindFirstRecordByData("user_databases", "name", p.Name)
	require.NoError(t, err)
	entry.Set("user", other.ID)
	require.NoError(t, s.App.Save(entry))
	assert.Equal(t, 401, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}

func TestRemovingTheOwnerFromTheRegistryEndsSessions(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("meetings/*")).Status)
	entry, err := s.App.FindFirstRecordByData("user_databases", "user", p.ID)
	require.NoError(t, err)
	entry.Set("user", "")
	require.NoError(t, s.App.Save(entry))
	assert.True(t, stream.Ended())
	assert.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestDeletingAUserEndsTheSessionButKeepsTheDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	assert.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	assert.DirExists(t, s.App.Databases.Dir(p.Name), "a database is deleted only after its retention time")
}
