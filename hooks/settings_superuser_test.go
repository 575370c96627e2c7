package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
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

// superusers returns the addresses of all superusers, except for PocketBase's own.
func superusers(s *apptest.Server) (emails []string) {
	s.T.Helper()
	records, err := s.App.FindAllRecords("_superusers")
	require.NoError(s.T, err)
	for _, record := range records {
		if record.Email() != core.DefaultInstallerEmail {
			emails = append(emails, record.Email())
		}
	}
	return emails
}

// warnings returns the lines of the log that contain a text.
func warnings(s *apptest.Server, text string) (found []string) {
	for line := range strings.Lines(s.Log.String()) {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

const (
	othersRemain  = "earlier superusers can still sign in"
	formerRemoved = "removed the superuser of the former PB_ADMIN_EMAIL"
)

func addSuperuser(s *apptest.Server, email string) {
	s.T.Helper()
	added := s.Call(http.MethodPost, s.URL+"/api/collections/_superusers/records", s.SuperuserToken(), map[string]any{
		"email": email, "password": apptest.Password, "passwordConfirm": apptest.Password,
	})
	require.Equal(s.T, 200, added.Status, added.Raw)
}

func TestAFormerAdminEmailIsRetired(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	token := s.SuperuserToken()
	addSuperuser(s, "colleague@example.com")
	next := s.Restart("PB_ADMIN_EMAIL=new@example.com")
	assert.ElementsMatch(t, []string{"colleague@example.com", "new@example.com"}, superusers(next))
	assert.Equal(t, 401, next.Call(http.MethodGet, next.URL+"/api/settings", token, nil).Status, "the former one's session has ended")
	removed := warnings(next, formerRemoved)
	require.Len(t, removed, 1)
	assert.Contains(t, removed[0], "admin@example.com")
	remaining := warnings(next, othersRemain)
	require.Len(t, remaining, 1)
	assert.Contains(t, remaining[0], "colleague@example.com")
	assert.NotContains(t, remaining[0], "admin@example.com")
	assert.NotContains(t, remaining[0], "new@example.com")

	again := next.Restart("PB_ADMIN_EMAIL=new@example.com")
	assert.Empty(t, warnings(again, formerRemoved))
	assert.Empty(t, warnings(again, othersRemain))

	// The address of a superuser that a person has created. Nobody else is removed with it.
	adopted := again.Restart("PB_ADMIN_EMAIL=colleague@example.com")
	assert.Equal(t, []string{"colleague@example.com"}, superusers(adopted))
}

func TestARenamedSuperuserStays(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	admin, err := s.App.FindAuthRecordByEmail("_superusers", "admin@example.com")
	require.NoError(t, err)
	got := s.Call(http.MethodPatch, s.URL+"/api/collections/_superusers/records/"+admin.Id, s.SuperuserToken(), map[string]any{"email": "renamed@example.com"})
	require.Equal(t, 200, got.Status, got.Raw)
	next := s.Restart()
	assert.ElementsMatch(t, []string{"admin@example.com", "renamed@example.com"}, superusers(next))
	assert.Contains(t, strings.Join(warnings(next, othersRemain), ""), "renamed@example.com")
}

// Earlier versions didn't record which superuser came from the environment.
func TestOneWarningNamesAllEarlierSuperusers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	addSuperuser(s, "colleague@example.com")
	require.NoError(t, s.Stop())
	apptest.Execute(t, s.GlobalFile(), "DELETE FROM _params WHERE id = 'superuserFromEnvironment'")

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Settings: []string{"PB_ADMIN_EMAIL=new@example.com"}})
	remaining := warnings(next, othersRemain)
	require.Len(t, remaining, 1)
	assert.Contains(t, remaining[0], "admin@example.com")
	assert.Contains(t, remaining[0], "colleague@example.com")
	assert.NotContains(t, remaining[0], "new@example.com")
	assert.Len(t, superusers(next), 3)
}
