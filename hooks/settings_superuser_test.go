package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestSuperuserSessionSurvivesARestart(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	token := s.SuperuserToken()
	settings := s.Call(http.MethodGet, s.URL+"/api/settings", token, nil)
	assert.Equal(t, s.URL, settings.Text("meta.appURL"))
	ui := s.Call(http.MethodGet, s.URL+"/_/", "", nil)
	assert.Equal(t, 200, ui.Status)
	assert.Contains(t, ui.Raw, "<html")
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.Equal(t, 200, next.Call(http.MethodGet, next.URL+"/api/settings", token, nil).Status)
}

func TestOneWarningNamesAllEarlierSuperusers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	added := s.Call(http.MethodPost, s.URL+"/api/collections/_superusers/records", s.SuperuserToken(), map[string]any{
		"email": "colleague@example.com", "password": apptest.Password, "passwordConfirm": apptest.Password,
	})
	require.Equal(t, 200, added.Status, added.Raw)
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Settings: []string{"PB_ADMIN_EMAIL=new@example.com"}})
	var warnings []string
	for line := range strings.Lines(next.Log.String()) {
		if strings.Contains(line, "earlier superusers can still sign in") {
			warnings = append(warnings, line)
		}
	}
	require.Len(t, warnings, 1)
	assert.Contains(t, warnings[0], "admin@example.com")
	assert.Contains(t, warnings[0], "colleague@example.com")
	assert.NotContains(t, warnings[0], "new@example.com")
}
