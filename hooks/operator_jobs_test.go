package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestTitlesOfJobs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUpWithMeetings("ada@example.com"), s.SignUp("grace@example.com")
	const later = "2999-01-01 00:00:00.000Z"
	enqueue := func(p apptest.Person, kind string, payload map[string]any) string {
		job := p.Call(http.MethodPost, s.URL+"/api/collections/global_queue/records", p.Token, map[string]any{"kind": kind, "payload": payload, "run_at": later})
		require.Equal(t, 200, job.Status, job.Raw)
		return job.Text("id")
	}
	meeting := p.ListOwn("meetings", "")[0]
	transfer := enqueue(p, "recording.transfer", map[string]any{"recording_id": meeting["recording_id"]})
	sync := enqueue(p, "fathom.sync", map[string]any{})
	foreign := enqueue(other, "recording.transfer", map[string]any{"recording_id": meeting["recording_id"]}) // not among their meetings
	titles := func() apptest.Answer {
		return s.Call(http.MethodPost, s.URL+"/api/operator/titles", s.SuperuserToken(), map[string]any{"jobs": []string{transfer, sync, foreign, "unknown"}})
	}
	got := titles()
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, map[string]any{transfer: meeting["title"]}, got.Get("titles"))

	admin := apptest.Secrets().AdminEmail
	s.Eventually(func() bool { return len(activity(s, p.Token, p.ID)) > 2 }) // sign-in, key
	assert.Contains(t, describe(activity(s, p.Token, p.ID)), "titles_shown superuser "+admin)
	assert.NotContains(t, kinds(activity(s, other.Token, other.ID)), "titles_shown", "nothing of theirs was shown")

	opened := s.OpenDatabases()
	require.Equal(t, 204, s.Call(http.MethodPost, s.URL+"/api/operator/databases/"+p.Name+"/archive", s.SuperuserToken(), nil).Status)
	got = titles()
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Empty(t, got.Get("titles"), "archived databases are not unpacked for their titles")
	assert.Less(t, s.OpenDatabases(), opened)
	assert.Equal(t, "archived", s.RegistryRow(p.Name)["status"])

	many := s.Call(http.MethodPost, s.URL+"/api/operator/titles", s.SuperuserToken(), map[string]any{"jobs": make([]string, 101)})
	assert.Equal(t, 400, many.Status, many.Raw)
}
