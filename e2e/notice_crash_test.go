package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// A kill before the mail server gets the text delays a mail. A kill after that may lose it, but never repeats it.
func TestNoMailIsSentTwiceOverKills(t *testing.T) {
	t.Parallel()
	mails := mailtest.Start(t, mailtest.Options{})
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim, "SMTP_HOST="+mails.Host, fmt.Sprintf("SMTP_PORT=%d", mails.Port), "SMTP_FROM=server@example.com")
	server := in.serve()
	who := in.newDemoAccount()
	polltest.Until(t, 10*time.Millisecond, func() bool { return len(mails.Mails()) == 1 }, "the address is not to be confirmed")
	admin := in.superuserToken(in.keys.AdminEmail)
	users := in.mustCall(http.MethodGet, in.url+"/api/collections/users/records", admin, nil)["items"].([]any)
	in.mustCall(http.MethodPatch, in.url+"/api/collections/users/records/"+users[0].(object)["id"].(string), admin, object{"verified": true})

	for i, step := range []struct {
		command, state string
	}{{"MAIL", "sent"}, {"RCPT", "sent"}, {"DATA", "sending"}} {
		in.requireCompleted(who, in.transfer(who, 1001+i))
		received, proceed := make(chan struct{}), make(chan struct{})
		mails.On(step.command, func() {
			close(received)
			<-proceed
		})
		in.sendNoticesNow(admin)
		<-received
		server.kill()
		mails.On(step.command, nil)
		close(proceed)
		server = in.serve()
		filter := fmt.Sprintf("recording_id = %d", 1001+i)
		polltest.Until(t, 10*time.Millisecond, func() bool {
			notices := in.records(who, "notices", filter)
			return notices[0].(object)["mail"] == step.state && in.count(admin, "kind = 'notice.send' && status != 'completed'") == 0
		}, "the notice is not %s after a kill at %s", step.state, step.command)
		assert.Len(t, noticesIn(mails), i+1, step.command)
	}
	subjects := map[string]bool{}
	for _, mail := range noticesIn(mails) {
		subjects[mail.Text] = true
	}
	assert.Len(t, subjects, 3)
}

const confirmation = "Subject: Confirm your e-mail address" // what everybody who signs up receives

// noticesIn returns the mail that the server has sent because of notices.
func noticesIn(mails *mailtest.Server) []mailtest.Mail {
	return slices.DeleteFunc(mails.Mails(), func(mail mailtest.Mail) bool { return strings.Contains(mail.Text, confirmation) })
}

// sendNoticesNow makes the jobs that wait for further notices run at once.
func (in *installation) sendNoticesNow(admin string) {
	in.t.Helper()
	path := in.url + "/api/collections/global_queue/records"
	filter := url.QueryEscape("kind = 'notice.send' && status = 'pending'")
	waiting := in.mustCall(http.MethodGet, path+"?filter="+filter, admin, nil)["items"].([]any)
	require.Len(in.t, waiting, 1)
	in.mustCall(http.MethodPatch, path+"/"+waiting[0].(object)["id"].(string), admin, object{"run_at": "2026-01-01 00:00:00.000Z"})
}

// count returns how many jobs of all users match a filter.
func (in *installation) count(admin, filter string) int {
	in.t.Helper()
	list := in.mustCall(http.MethodGet, in.url+"/api/collections/global_queue/records?filter="+url.QueryEscape(filter), admin, nil)
	return int(list["totalItems"].(float64))
}
