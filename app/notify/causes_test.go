package notify_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestEveryKindOfNoticeIsMailedAndPosted(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	r := startReceiver(t)
	saved := p.Own(http.MethodPost, connectionsPath, map[string]any{"provider": "webhook", "secret": hookSecret, "settings": map[string]any{"url": r.URL}})
	require.Equal(t, 200, saved.Status, saved.Raw)
	require.Equal(t, "valid", waitForCheck(p, "webhook")["status"])
	savePreference(p, "notify", map[string]any{"digest": true})

	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	notices, err := db.App.FindCollectionByNameOrId("notices")
	require.NoError(t, err)
	db.Release()
	names := notices.Fields.GetByName("kind").(*core.SelectField).Values
	require.Contains(t, names, "link_mismatch")
	subjects := map[string]string{}
	for i, name := range names {
		text := fmt.Sprintf("Text %d & more.", i)
		p.SaveRecord("notices", map[string]any{"cause": name, "kind": name, "text": text, "recording_id": 1001})
		sendNow(p)
		received := noticeMails(mails)
		require.Len(t, received, i+1, name)
		assert.Contains(t, received[i].Text, "\r\n"+text+"\r\n", "the text")
		assert.Contains(t, received[i].Text, strings.ReplaceAll(text, "&", "&amp;"), "the page")
		subjects[subjectOf(t, received[i])] = name
	}
	assert.Len(t, subjects, len(names), "each kind has its own subject: %v", subjects)

	var events []string
	p.Eventually(func() bool {
		posted := map[string]bool{}
		for _, m := range r.received("") {
			posted[m.Type] = true
		}
		delete(posted, "test")
		events = slices.Sorted(maps.Keys(posted))
		return len(events) == len(names)
	})
	chosen := map[string]any{"settings": map[string]any{"url": r.URL, "events": events}}
	changed := p.Own(http.MethodPatch, connectionsPath+"/"+saved.Text("id"), chosen)
	assert.Equal(t, 200, changed.Status, "each event can be chosen: %s", changed.Raw)
}

func TestDeadSyncIsReportedOnce(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	failures := func() []map[string]any { return p.ListOwn("notices", "kind = '"+string(notice.SyncFailed)+"'") }
	idle := func() bool { return len(jobs(p, "payload ~ 'died' && finished_at = ''")) == 0 }
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 400, Times: -1})
	first := p.RunJob("fathom.sync", map[string]any{})
	require.Equal(t, "dead", first.Text("status"), first.Raw)
	p.Eventually(func() bool { return len(failures()) == 1 })
	assert.Equal(t, "Your meetings could not be synced. "+first.Text("error"), failures()[0]["text"])

	require.Equal(t, "dead", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	p.Eventually(idle)
	assert.Len(t, failures(), 1, "the cause is the same")
	sendNow(p)
	require.Len(t, noticeMails(mails), 1)
	assert.Equal(t, "Your meetings could not be synced", subjectOf(t, noticeMails(mails)[0]))
	assert.Contains(t, noticeMails(mails)[0].Text, s.URL+"/settings/fathom")

	s.Simulator.ClearFaults()
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 400, Times: -1})
	require.Equal(t, "dead", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	p.Eventually(func() bool { return len(failures()) == 2 })
}

// The server may be killed between the end of a sync and its report.
func TestDeadSyncThatWasNotReportedDoesNotHideTheNextOne(t *testing.T) {
	t.Parallel()
	s, _, p := startWithMail(t)
	killed := p.RunJob("fathom.sync", map[string]any{})
	require.Equal(t, "completed", killed.Text("status"), killed.Raw)
	require.NoError(t, s.Stop())
	apptest.Execute(t, p.GlobalFile(), "UPDATE global_queue SET status = 'dead' WHERE id = '"+killed.Text("id")+"'")

	p = p.On(s.Restart())
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 400, Times: -1})
	failures := func() []map[string]any { return p.ListOwn("notices", "kind = '"+string(notice.SyncFailed)+"'") }
	require.Equal(t, "dead", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	p.Eventually(func() bool { return len(failures()) == 1 })
	for range 2 {
		require.Equal(t, "dead", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	}
	p.Eventually(func() bool { return len(jobs(p, "payload ~ 'died' && status = 'completed'")) == 3 })
	assert.Len(t, failures(), 1, "the cause is the same")
}

func TestSyncWithoutAKeyIsNotReported(t *testing.T) {
	t.Parallel()
	_, mails, p := startWithMail(t)
	for _, connection := range p.ListOwn("connections", "") {
		require.Equal(t, 204, p.Own(http.MethodDelete, connectionsPath+"/"+connection["id"].(string), nil).Status)
	}
	require.Equal(t, "dead", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	p.Eventually(func() bool { return len(jobs(p, "payload ~ 'died' && status = 'completed'")) == 1 })
	assert.Empty(t, p.ListOwn("notices", ""))
	assert.Empty(t, noticeMails(mails))
}

func TestWebhookThatIsGoneIsReported(t *testing.T) {
	t.Parallel()
	_, r, p := startWithReceiver(t, nil)
	r.answer(410)
	transferAll(p, 1001)
	var notices []map[string]any
	p.Eventually(func() bool {
		notices = p.ListOwn("notices", "kind = 'connection_failed'")
		return len(notices) == 1
	})
	assert.Contains(t, notices[0]["text"], "Your webhook doesn't work any more. ")
	assert.Equal(t, []any{"skipped", ""}, []any{notices[0]["mail"], notices[0]["hook"]}, "not through the webhook itself")
}
