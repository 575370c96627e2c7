package notify_test

import (
	"fmt"
	"mime"
	"net/http"
	netmail "net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func subjectOf(t *testing.T, mail mailtest.Mail) string {
	t.Helper()
	message, err := netmail.ReadMessage(strings.NewReader(mail.Text))
	require.NoError(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	require.NoError(t, err)
	return subject
}

func TestManyCausesAreOneMail(t *testing.T) {
	t.Parallel()
	_, mails, p := startWithMail(t)
	transferAll(p, 1001, 1002, 1003)
	notices := p.ListOwn("notices", "kind = 'your_turn'")
	require.Len(t, notices, 3)
	assert.Equal(t, []any{"due", "due", "due"}, states(notices, "mail"))
	assert.Empty(t, noticeMails(mails), "the mail waits for others")

	job := sendNow(p)
	assert.Equal(t, "completed", job.Text("status"))
	assert.EqualValues(t, 1, job.Get("result.sent"))
	received := noticeMails(mails)
	require.Len(t, received, 1)
	assert.Equal(t, "ada@example.com", received[0].To)
	assert.Equal(t, "server@example.com", received[0].From)
	assert.Equal(t, "Your turn: 3 recordings to upload to Loom", subjectOf(t, received[0]))
	for _, n := range notices {
		title, _, _ := strings.Cut(strings.TrimPrefix(n["text"].(string), "“"), "”")
		assert.Contains(t, received[0].Text, title)
	}
	assert.Equal(t, []any{"sent", "sent", "sent"}, states(p.ListOwn("notices", ""), "mail"))
	assertNoMoreMail(p)
}

func TestFailedTransferIsReported(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/recordings/1001/download", Status: 422})
	job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, "dead", job.Text("status"), job.Raw)
	var notices []map[string]any
	p.Eventually(func() bool {
		notices = p.ListOwn("notices", "")
		return len(notices) == 1
	})
	assert.Equal(t, "transfer_failed", notices[0]["kind"])
	assert.EqualValues(t, 1001, notices[0]["recording_id"])
	assert.Contains(t, notices[0]["text"], job.Text("error"))
	sendNow(p)
	require.Len(t, noticeMails(mails), 1)
	assert.Contains(t, subjectOf(t, noticeMails(mails)[0]), "Problem: ")
}

func TestUnconfirmedAddressGetsNoMailFromTheServer(t *testing.T) {
	t.Parallel()
	mails := mailtest.Start(t, mailtest.Options{})
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	transferAll(p, 1001)
	assert.Equal(t, []any{"skipped"}, states(p.ListOwn("notices", ""), "mail"), "there is no mail server")
	assertNoMoreMail(p)

	own := startOwnMailServer(t, mailtest.Options{SignIn: []string{"PLAIN"}})
	require.Equal(t, "valid", saveMailServer(p, own)["status"])
	transferAll(p, 1002)
	sendNow(p)
	require.Len(t, own.Mails(), 1, "one's own mail server may send to any address")
	assert.Equal(t, mailtest.Username, own.Mails()[0].Username)
	assert.Equal(t, "ada@example.com", own.Mails()[0].From)
	assert.Empty(t, noticeMails(mails))
}

func TestRefusedMailIsTriedAgain(t *testing.T) {
	t.Parallel()
	_, mails, p := startWithMail(t)
	transferAll(p, 1001)
	for _, step := range []string{"CONNECT", "MAIL", "RCPT", "DATA"} {
		mails.Refuse(step, 451, "Try again later")
		job := sendNow(p)
		require.Equal(t, "failed", job.Text("status"), "%s: %s", step, job.Raw)
		assert.Contains(t, job.Text("error"), "Try again later")
		assert.Equal(t, []any{"due"}, states(p.ListOwn("notices", ""), "mail"), step)
		mails.Refuse(step, 0, "")
	}
	assert.Equal(t, "completed", sendNow(p).Text("status"))
	assert.Len(t, noticeMails(mails), 1)
}

func TestRefusedRecipientIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	_, mails, p := startWithMail(t)
	transferAll(p, 1001)
	mails.Refuse("RCPT", 550, "No such user")
	assert.Equal(t, "completed", sendNow(p).Text("status"))
	assert.Equal(t, []any{"failed"}, states(p.ListOwn("notices", ""), "mail"))
	assertNoMoreMail(p)
}

func TestSlowRefusalsOccupyNoSlotForLong(t *testing.T) {
	t.Parallel()
	var skew atomic.Int64
	mails := mailtest.Start(t, mailtest.Options{})
	s := apptest.Start(t, apptest.Options{
		Now: func() time.Time { return time.Now().Add(time.Duration(skew.Load())) },
		Settings: []string{
			"SMTP_HOST=" + mails.Host, fmt.Sprintf("SMTP_PORT=%d", mails.Port), "SMTP_FROM=server@example.com", "QUEUE_POLL_INTERVAL=100ms",
		},
	})
	p := s.SignUpWithMeetings("ada@example.com")
	confirmAddress(s, p)
	transferAll(p, 1001)
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/recordings/1002/download", Status: 422})
	require.Equal(t, "dead", p.RunJob("recording.transfer", map[string]any{"recording_id": 1002}).Text("status"))
	p.Eventually(func() bool { return len(p.ListOwn("notices", "mail = 'due'")) == 2 }) // of two mails

	mails.Refuse("RCPT", 550, "No such user")
	mails.On("RCPT", func() { skew.Add(int64(55 * time.Second)) })
	job := sendNow(p)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Equal(t, []any{"failed", "failed"}, states(p.ListOwn("notices", ""), "mail"))
	assert.EqualValues(t, 2, job.Get("claims"), "the second run sends what the first one has left after 20 s")
}

// A mail that can't be set aside must not be sent again at once, for as long as the database can't be written.
func TestRefusedMailThatCannotBeSetAsideEndsTheRun(t *testing.T) {
	t.Parallel()
	_, mails, p := startWithMail(t)
	transferAll(p, 1001)
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	_, err = handle.App.NonconcurrentDB().NewQuery("CREATE TRIGGER refuse BEFORE UPDATE OF mail ON notices" +
		" WHEN NEW.mail = 'failed' BEGIN SELECT RAISE(ABORT, 'no space'); END").Execute()
	require.NoError(t, err)
	mails.Refuse("RCPT", 550, "No such user")
	before := mails.Sessions()
	assert.Equal(t, "failed", sendNow(p).Text("status"))
	assert.Equal(t, before+1, mails.Sessions())

	_, err = handle.App.NonconcurrentDB().NewQuery("DROP TRIGGER refuse").Execute()
	require.NoError(t, err)
	assert.Equal(t, "completed", sendNow(p).Text("status"))
	assert.Equal(t, []any{"failed"}, states(p.ListOwn("notices", ""), "mail"))
}

func TestMailIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	transferAll(p, 1001)
	received, proceed := make(chan struct{}), make(chan struct{})
	mails.On("DATA", func() {
		close(received)
		<-proceed
	})
	waiting := jobs(p, "status = 'pending'")
	require.Len(t, waiting, 1)
	require.Equal(t, 200, p.Call(http.MethodPatch, p.URL+apptest.JobsPath+"/"+waiting[0]["id"].(string), p.SuperuserToken(),
		map[string]any{"run_at": "2026-01-01 00:00:00.000Z"}).Status)
	<-received // the mail server has the text, and hasn't answered yet
	require.NoError(t, s.Stop())
	mails.On("DATA", nil)
	close(proceed)

	p = p.On(s.Restart("SMTP_HOST="+mails.Host, "SMTP_PORT=1", "SMTP_FROM=server@example.com"))
	p.Eventually(func() bool { return len(noticeMails(mails)) == 1 })
	assert.Equal(t, []any{"sending"}, states(p.ListOwn("notices", ""), "mail"))
	p.Eventually(func() bool { return len(jobs(p, "status = 'completed'")) == 1 })
	assert.Len(t, noticeMails(mails), 1)
}

func TestOwnMailServerThatStopsWorkingIsReplacedByTheServers(t *testing.T) {
	t.Parallel()
	_, mails, p := startWithMail(t)
	own := startOwnMailServer(t, mailtest.Options{SignIn: []string{"LOGIN"}})
	require.Equal(t, "valid", saveMailServer(p, own)["status"])
	transferAll(p, 1001)
	own.Refuse("AUTH", 535, "Password expired")
	assert.Equal(t, "completed", sendNow(p).Text("status"))
	require.Len(t, noticeMails(mails), 2)
	assert.Contains(t, subjectOf(t, noticeMails(mails)[0]), "Your turn: ")
	assert.Equal(t, "A connection has stopped working", subjectOf(t, noticeMails(mails)[1]))
	assert.Empty(t, own.Mails())
	connection := waitForCheck(p, "smtp")
	assert.Equal(t, "invalid", connection["status"])
	assert.Contains(t, connection["reason"], "Password expired")
	notices := p.ListOwn("notices", "kind = 'connection_failed'")
	require.Len(t, notices, 1)
	assert.Contains(t, notices[0]["text"], "Your mail server doesn't work any more. ")
	assert.Contains(t, notices[0]["text"], "Password expired")
}

func TestRefusedKeyIsReportedOnce(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	for range 2 {
		require.Equal(t, 200, p.Enqueue("fathom.sync", map[string]any{}).Status)
		p.Eventually(func() bool { return len(p.ListOwn("notices", "kind = 'key_refused'")) == 1 })
	}
	sendNow(p)
	require.Len(t, noticeMails(mails), 1)
	assert.Equal(t, "Fathom refused your API key", subjectOf(t, noticeMails(mails)[0]))
}
