package hooks_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestPauseOfOneUser(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other, superuser := s.SignUp("ada@example.com"), s.SignUp("other@example.com"), s.SuperuserToken()
	pauses := s.URL + "/api/collections/queue_pauses/records"
	pause := map[string]any{"kind": "needs:fathom", "user": p.ID, "reason": "she is on leave"}
	created := s.Call("POST", pauses, superuser, pause)
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, "operator", created.Text("source"))
	assert.Equal(t, 400, s.Call("POST", pauses, superuser, pause).Status, "there is one already")
	assert.Equal(t, 400, s.Call("POST", pauses, superuser, map[string]any{"kind": "needs:nothing"}).Status)
	waiting := p.Enqueue("fathom.sync", map[string]any{}).Text("id")
	assert.Equal(t, "dead", other.RunJob("fathom.sync", map[string]any{}).Text("status"), "other users' jobs must run")
	assert.Equal(t, "pending", p.Job(waiting).Text("status"))
	assert.EqualValues(t, 0, p.Job(waiting).Get("position"))

	overview := func(person apptest.Person) apptest.Answer {
		return s.Call("GET", s.URL+"/api/queue", person.Token, nil)
	}
	assert.Equal(t, []any{"fathom.parts", "fathom.sync", "fathom.webhook", "recording.transfer"}, overview(p).Get("paused"))
	assert.Equal(t, []any{}, overview(other).Get("paused"))
	assert.NotContains(t, overview(p).Raw, "on leave", "operators write reasons for each other")
	refused := queue.Pause{Kind: queue.Needing("fathom"), UserID: p.ID, Source: queue.SourceKey, Reason: "Fathom refused your key."}
	require.NoError(t, s.App.Queue.AddPause(t.Context(), refused))
	assert.Contains(t, overview(p).Raw, "Fathom refused your key.")
	assert.NotContains(t, overview(other).Raw, "Fathom refused your key.")

	require.Equal(t, 204, s.Call("DELETE", pauses+"/"+created.Text("id"), superuser, nil).Status)
	assert.Equal(t, []any{"fathom.parts", "fathom.sync", "fathom.webhook", "recording.transfer"}, overview(p).Get("paused"), "the other pause remains")
	ofKey := s.Call("GET", pauses+"?filter="+url.QueryEscape("source='key'"), superuser, nil).Items()
	require.Len(t, ofKey, 1)
	require.Equal(t, 204, s.Call("DELETE", pauses+"/"+ofKey[0]["id"].(string), superuser, nil).Status)
	p.Eventually(func() bool { return p.Job(waiting).Text("status") == "dead" })
}

func TestSuperuserPausesAndResumesKinds(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, superuser := s.SignUp("ada@example.com"), s.SuperuserToken()
	pauses := s.URL + "/api/collections/queue_pauses/records"
	for role, token := range map[string]string{"guest": "", "user": p.Token} {
		assert.Equal(t, 403, s.Call("POST", pauses, token, map[string]any{"kind": "*"}).Status, role)
		assert.Equal(t, 403, s.Call("GET", pauses, token, nil).Status, role)
	}
	assert.Equal(t, 400, s.Call("POST", pauses, superuser, map[string]any{"kind": "nothing"}).Status)
	paused := s.Call("POST", pauses, superuser, map[string]any{"kind": "recording.transfer", "reason": "Loom is down"})
	require.Equal(t, 200, paused.Status, paused.Raw)
	waiting := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1}).Text("id")
	assert.Equal(t, "dead", p.RunJob("fathom.sync", map[string]any{}).Text("status"), "jobs of other kinds must run")
	assert.Equal(t, "pending", p.Job(waiting).Text("status"))
	stream := apptest.OpenStream(t, s.URL)
	require.Equal(t, 204, s.Call("POST", s.URL+"/api/realtime", p.Token, stream.Subscription("queue")).Status)
	pauseAll(s)
	for { // subscribers learn about pauses even if no job changes
		if paused, _ := stream.Next().Data["paused"].([]any); len(paused) == 2 {
			break
		}
	}
	pauseOfAll := s.Call("GET", pauses+"?filter="+url.QueryEscape("kind='*'"), superuser, nil).Items()[0]["id"].(string)
	require.Equal(t, 204, s.Call("DELETE", pauses+"/"+pauseOfAll, superuser, nil).Status)
	require.Equal(t, 204, s.Call("DELETE", pauses+"/"+paused.Text("id"), superuser, nil).Status)
	p.Eventually(func() bool { return p.Job(waiting).Text("status") == "dead" })
}
