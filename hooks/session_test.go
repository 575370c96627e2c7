package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestSessionRenewalByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")

	renewed := s.Call(http.MethodPost, s.URL+"/api/session", p.Token, nil)
	require.Equal(t, 200, renewed.Status, renewed.Raw)
	assert.Equal(t, p.Name, renewed.Text("name"))
	assert.Equal(t, p.DatabaseURL, renewed.Text("url"))
	assert.Equal(t, 200, s.Call(http.MethodGet, p.DatabaseURL+"/api/collections/meetings/records", renewed.Text("token"), nil).Status)

	assert.Equal(t, 401, s.Call(http.MethodPost, s.URL+"/api/session", "", nil).Status, "guest")
	assert.Equal(t, 401, s.Call(http.MethodPost, s.URL+"/api/session", p.Session, nil).Status, "a session must not renew itself")
	assert.Equal(t, 403, s.Call(http.MethodPost, s.URL+"/api/session", s.SuperuserToken(), nil).Status, "superuser")
	assert.Equal(t, 404, s.Call(http.MethodGet, s.URL+"/api/session", p.Token, nil).Status, "a GET request must not renew a session")
}

func TestInternalErrorIsLoggedButNotShown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	_, err := s.App.NonconcurrentDB().NewQuery("ALTER TABLE user_databases RENAME TO gone").Execute()
	require.NoError(t, err)
	renewed := s.Call(http.MethodPost, s.URL+"/api/session", p.Token, nil)
	assert.Equal(t, 503, renewed.Status)
	assert.NotContains(t, renewed.Raw, "no such table")
	assert.Contains(t, s.Log.String(), "no such table")
}
