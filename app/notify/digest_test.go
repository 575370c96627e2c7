package notify_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// writeDigest runs the job that writes the summary, at a time of the test's choice.
func writeDigest(p apptest.Person, now time.Time) {
	p.T.Helper()
	service, err := notify.New(notify.Config{
		App: p.App, Databases: p.App.Databases, Queue: p.App.Queue, Guard: outbound.NewGuard(outbound.Network{}, nil),
		BaseURL: p.URL, Secret: []byte("secret"), Now: func() time.Time { return now },
	})
	require.NoError(p.T, err)
	_, err = service.Handle(p.T.Context(), queue.Job{UserID: p.ID, Kind: notify.KindSend, Payload: json.RawMessage(`{"digest":true}`), Attempt: 1}, nil)
	require.NoError(p.T, err)
}

func savePreference(p apptest.Person, key string, value any) {
	p.T.Helper()
	saved := p.Own(http.MethodPost, "/api/collections/preferences/records", map[string]any{"key": key, "value": value})
	require.Equal(p.T, 200, saved.Status, saved.Raw)
}

// schedules returns the schedules of the server for a person.
func schedules(p apptest.Person) []map[string]any {
	p.T.Helper()
	filter := url.QueryEscape("user = '" + p.ID + "' && kind = 'notice.send'")
	records, err := p.App.FindRecordsByFilter("job_schedules", "user = {:user} && kind = 'notice.send'", "", 0, 0, map[string]any{"user": p.ID})
	require.NoError(p.T, err)
	hidden := p.Call(http.MethodGet, p.URL+"/api/collections/job_schedules/records?filter="+filter, p.Token, nil)
	assert.Empty(p.T, hidden.Items(), "owners don't see the server's schedules")
	found := make([]map[string]any, len(records))
	for i, r := range records {
		found[i] = map[string]any{"at": r.GetDateTime("next_run_at").Time()}
	}
	return found
}

func TestDigestSummarizesTheWeekOnce(t *testing.T) {
	t.Parallel()
	_, mails, p := startWithMail(t)
	transferAll(p, 1001)
	sendNow(p)
	require.Empty(t, schedules(p))
	savePreference(p, "time_zone", "Asia/Tokyo")
	savePreference(p, "notify", map[string]any{"digest": true})
	planned := schedules(p)
	require.Len(t, planned, 1)
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	require.NoError(t, err)
	at := planned[0]["at"].(time.Time).In(tokyo)
	assert.Equal(t, "Monday 08:00", at.Format("Monday 15:04"))
	assert.True(t, at.After(time.Now()) && at.Before(time.Now().AddDate(0, 0, 8)))

	writeDigest(p, at.Add(-time.Minute)) // nobody gets it early
	assert.Empty(t, p.ListOwn("notices", "kind = 'digest'"))
	for range 2 {
		writeDigest(p, at.Add(time.Minute))
	}
	digests := p.ListOwn("notices", "kind = 'digest'")
	require.Len(t, digests, 1)
	assert.Contains(t, digests[0]["text"], "Your turn: 1 recording to upload to Loom.")
	assert.Contains(t, digests[0]["text"], "of storage used.")
	sendNow(p)
	require.Len(t, noticeMails(mails), 2)
	assert.Equal(t, "Your week in Fathom-to-Loom", subjectOf(t, noticeMails(mails)[1]))
}

// nextMonday returns the time of the summary of this week in UTC.
func nextMonday() time.Time {
	now := time.Now().UTC()
	days := (8 - int(now.Weekday())) % 7
	monday := time.Date(now.Year(), now.Month(), now.Day()+days, 8, 0, 0, 0, time.UTC)
	if !monday.After(now) {
		monday = monday.AddDate(0, 0, 7)
	}
	return monday
}

func TestDigestIsLeftOutWhenUnwantedEmptyOrLate(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	monday := nextMonday()
	writeDigest(p, monday)
	assert.Empty(t, schedules(p), "unwanted")
	savePreference(p, "notify", map[string]any{"digest": true})
	writeDigest(p, monday)
	assert.Empty(t, p.ListOwn("notices", ""), "nothing happened")

	grace := s.SignUpWithMeetings("grace@example.com")
	transferAll(grace, 1001)
	savePreference(grace, "notify", map[string]any{"digest": true})
	writeDigest(grace, monday.AddDate(0, 0, 4))
	assert.Empty(t, grace.ListOwn("notices", "kind = 'digest'"), "four days late")
	next := nextMonday()
	writeDigest(grace, next.AddDate(0, 0, 2))
	assert.Len(t, grace.ListOwn("notices", "kind = 'digest'"), 1)
	writeDigest(grace, next.AddDate(0, 0, 14))
	assert.Len(t, grace.ListOwn("notices", "kind = 'digest'"), 1, "what waits is no news")
}
