package notify_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

const connectionsPath = "/api/collections/connections/records"

// startWithMail starts a server that sends mail through another one, which anybody may use, and a person whose address
// is confirmed.
func startWithMail(t *testing.T, settings ...string) (*apptest.Server, *mailtest.Server, apptest.Person) {
	t.Helper()
	mails := mailtest.Start(t, mailtest.Options{})
	s := apptest.Start(t, apptest.Options{Settings: append([]string{
		"SMTP_HOST=" + mails.Host, fmt.Sprintf("SMTP_PORT=%d", mails.Port), "SMTP_FROM=server@example.com",
	}, settings...)})
	p := s.SignUpWithMeetings("ada@example.com")
	confirmAddress(s, p)
	return s, mails, p
}

// noticeMails returns the mails of a server without those with which people confirm their address.
func noticeMails(mails *mailtest.Server) []mailtest.Mail {
	return slices.DeleteFunc(mails.Mails(), func(mail mailtest.Mail) bool {
		return strings.Contains(mail.Text, "Subject: Confirm your e-mail address")
	})
}

func confirmAddress(s *apptest.Server, p apptest.Person) {
	s.T.Helper()
	confirmed := s.Call(http.MethodPatch, s.URL+"/api/collections/users/records/"+p.ID, s.SuperuserToken(), map[string]any{"verified": true})
	require.Equal(s.T, 200, confirmed.Status, confirmed.Raw)
}

// startOwnMailServer starts a mail server on a port that people may use.
func startOwnMailServer(t *testing.T, options mailtest.Options) *mailtest.Server {
	t.Helper()
	options.Address = fmt.Sprintf("127.%d.%d.%d:2525", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250))
	return mailtest.Start(t, options)
}

// saveMailServer saves a mail server of the person's own and waits for its check.
func saveMailServer(p apptest.Person, server *mailtest.Server) map[string]any {
	p.T.Helper()
	saved := p.Own("POST", connectionsPath, map[string]any{"provider": "smtp", "secret": mailtest.Password, "settings": smtpSettings(server)})
	require.Equal(p.T, 200, saved.Status, saved.Raw)
	return waitForCheck(p, "smtp")
}

func smtpSettings(server *mailtest.Server) map[string]any {
	return map[string]any{
		"host": server.Host, "port": server.Port, "username": mailtest.Username, "from": "ada@example.com", "security": "starttls",
	}
}

// waitForCheck returns a connection when its check has ended.
func waitForCheck(p apptest.Person, provider string) (connection map[string]any) {
	p.T.Helper()
	p.Eventually(func() bool {
		found := p.ListOwn("connections", "provider = '"+provider+"'")
		require.Len(p.T, found, 1)
		connection = found[0]
		return connection["status"] != "checking"
	})
	return connection
}

// jobs returns the jobs that send notices to a person.
func jobs(p apptest.Person, filter string) []map[string]any {
	p.T.Helper()
	filter = "kind = 'notice.send' && user = '" + p.ID + "' && " + filter
	list := p.Call(http.MethodGet, p.URL+apptest.JobsPath+"?filter="+url.QueryEscape(filter), p.SuperuserToken(), nil)
	require.Equal(p.T, 200, list.Status, list.Raw)
	return list.Items()
}

// sendNow makes the job that sends a person's mail run at once, and returns it after its run.
func sendNow(p apptest.Person) apptest.Answer {
	p.T.Helper()
	return runNow(p, "payload = '{}'")
}

func runNow(p apptest.Person, filter string) apptest.Answer {
	p.T.Helper()
	var waiting []map[string]any
	p.Eventually(func() bool {
		waiting = jobs(p, "(status = 'pending' || status = 'failed') && "+filter)
		return len(waiting) > 0
	})
	require.Len(p.T, waiting, 1)
	path := p.URL + apptest.JobsPath + "/" + waiting[0]["id"].(string)
	before := waiting[0]["attempts"]
	soon := p.Call(http.MethodPatch, path, p.SuperuserToken(), map[string]any{"run_at": time.Now().UTC().Format("2006-01-02 15:04:05.000Z")})
	require.Equal(p.T, 200, soon.Status, soon.Raw)
	var job apptest.Answer
	p.Eventually(func() bool {
		job = p.Call(http.MethodGet, path, p.SuperuserToken(), nil)
		status := job.Text("status")
		return status == "completed" || status == "dead" || status == "failed" && job.Get("attempts") != before
	})
	return job
}

// transferAll transfers recordings until the person has to upload them, and returns the notices.
func transferAll(p apptest.Person, ids ...int) {
	p.T.Helper()
	for _, id := range ids {
		job := p.RunJob("recording.transfer", map[string]any{"recording_id": id})
		require.Equal(p.T, "completed", job.Text("status"), job.Raw)
	}
}

func states(notices []map[string]any, way string) (states []any) {
	for _, n := range notices {
		states = append(states, n[way])
	}
	return states
}

func assertNoMoreMail(p apptest.Person) {
	p.T.Helper()
	assert.Empty(p.T, jobs(p, "(status = 'pending' || status = 'failed' || status = 'processing')"))
}
