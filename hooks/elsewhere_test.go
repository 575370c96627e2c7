package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestUsersAreToldThatTheirDatabaseIsOnAnotherServer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	_, apiToken := p.CreateToken("read")
	_, otherToken := other.CreateToken("read")
	records := p.DatabaseURL + "/api/collections/meetings/records"
	require.Equal(t, 200, s.Call(http.MethodGet, records, p.Session, nil).Status, "the database is open, and its row in the cache")

	s.SetCell(p.Name, "c2")
	for name, answer := range map[string]apptest.Answer{
		"sign-in": s.SignIn(p.Email),
		"session": s.Call(http.MethodPost, s.URL+"/api/session", p.Token, nil),
	} {
		assert.Equal(t, 503, answer.Status, name)
		assert.Contains(t, answer.Text("message"), "Your database is on another server", name)
	}
	for name, test := range map[string]struct {
		token string
		want  int
	}{
		"owner": {p.Session, 421}, "API token of the owner": {apiToken, 421},
		"nobody": {"", 401}, "session of another": {other.Session, 403}, "user token": {p.Token, 401},
	} {
		answer := s.Call(http.MethodGet, records, test.token, nil)
		assert.Equal(t, test.want, answer.Status, "%s: %s", name, answer.Raw)
	}
	unknown := s.URL + "/db/2020-01-01-001-nobody/api/collections/meetings/records"
	assert.Equal(t, s.Call(http.MethodGet, unknown, otherToken, nil).Raw, s.Call(http.MethodGet, records, otherToken, nil).Raw,
		"tokens of others don't reveal which databases exist")
	closed := s.SignUp("closed@example.com")
	s.SetCell(closed.Name, "c2")
	assert.Equal(t, 421, s.Call(http.MethodGet, closed.DatabaseURL+"/api/collections/meetings/records", s.SuperuserToken(), nil).Status)
	assert.Equal(t, 409, s.Call(http.MethodGet, s.URL+"/api/operator/databases/"+p.Name, s.SuperuserToken(), nil).Status)
	assert.Equal(t, 409, s.Call(http.MethodPost, s.URL+"/api/operator/databases/"+p.Name+"/archive", s.SuperuserToken(), nil).Status)
	assert.Len(t, listAccounts(s, "").Items(), 3, "operators find all accounts")

	s.SetCell(p.Name, "")
	assert.Equal(t, p.Name, s.SignIn(p.Email).Text("meta.database.name"))
	assert.Equal(t, 200, s.Call(http.MethodGet, records, p.Session, nil).Status)
}

func TestJobsWaitWhileTheDatabaseIsOnAnotherServer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	s.SetCell(p.Name, "c2")
	created := p.Enqueue("fathom.sync", map[string]any{})
	require.Equal(t, 200, created.Status, created.Raw)
	var job apptest.Answer
	s.Eventually(func() bool {
		job = p.Job(created.Text("id"))
		return job.Text("status") != "processing" && len(job.Text("error")) > 0
	})
	assert.Equal(t, "pending", job.Text("status"))
	assert.Contains(t, job.Text("error"), "Your database is on another server.")
	assert.EqualValues(t, 0, job.Get("attempts"))

	s.SetCell(p.Name, "")
	apptest.Execute(t, s.GlobalFile(), "UPDATE global_queue SET run_at = '2020-01-01 00:00:00.000Z', ready = TRUE WHERE id = '"+job.Text("id")+"'")
	s.App.Queue.Wake()
	s.Eventually(func() bool { return p.Job(job.Text("id")).Text("status") == "completed" })
}
