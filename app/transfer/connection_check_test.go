package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestWrongKeyIsSavedAndReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	saved := p.SaveKey("a-wrong-fathom-api-key")
	assert.Equal(t, "invalid", saved.Text("status"))
	assert.Contains(t, saved.Text("reason"), "refused")
	assert.True(t, isPausedByKey(p), "before anybody sees the result")

	requests := len(s.Simulator.Requests())
	job := p.Enqueue("fathom.sync", map[string]any{})
	require.Equal(t, 200, job.Status, job.Raw)
	other := s.SignUpWithMeetings("other@example.com")
	require.Equal(t, "completed", runTransfer(other, 1001).Text("status"))
	waiting := p.Job(job.Text("id"))
	assert.Equal(t, "pending", waiting.Text("status"), "it can only fail")
	assert.EqualValues(t, 0, waiting.Get("attempts"))

	fixed := p.Own("PATCH", connectionsPath+"/"+saved.Text("id"), map[string]any{"secret": simulator.DemoAPIKey})
	require.Equal(t, 200, fixed.Status, fixed.Raw)
	waitForJobStatus(p, job.Text("id"), "completed")
	for _, request := range s.Simulator.Requests()[requests:] {
		assert.NotEqual(t, 401, request.Status, "the refused key isn't used again")
	}
}

func TestJobMarksARevokedKeyAsInvalid(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	id := p.Enqueue("fathom.sync", map[string]any{}).Text("id")
	waitForConnectionStatus(p, "invalid")
	var job apptest.Answer
	p.Eventually(func() bool { job = p.Job(id); return job.Text("error") != "" })
	assert.Equal(t, "pending", job.Text("status"))
	assert.Contains(t, job.Text("error"), "Save a new one under Settings")
	assert.EqualValues(t, 0, job.Get("attempts"))
}

func TestKeyIsNotInvalidWhileFathomIsUnreachable(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"FATHOM_API_URL=http://127.0.0.1:1/external/v1"}})
	p := s.SignUp("ada@example.com")
	saved := p.Own("POST", connectionsPath, map[string]any{"provider": "fathom", "secret": "some-key-or-other"})
	require.Equal(t, 200, saved.Status)
	assert.Equal(t, "checking", saved.Text("status"))
	waitForConnectionStatus(p, "unchecked")
	assert.Contains(t, connection(p)["reason"], "couldn't be reached")
}

func TestInterruptedCheckIsRepeatedAfterRestart(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Hold: make(chan struct{})})
	saved := p.Own("POST", connectionsPath, map[string]any{"provider": "fathom", "secret": simulator.DemoAPIKey})
	require.Equal(t, "checking", saved.Text("status"))
	require.NoError(t, s.Simulator.WaitRequests(t.Context(), "GET", "/external/v1/meetings", 1))

	p = p.On(s.Restart())
	waitForConnectionStatus(p, "valid")
}

func TestChangesDuringACheckShareTheNextCheck(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	path := connectionsPath + "/" + p.SaveKey("the-first-wrong-key").Text("id")
	proceed := make(chan struct{})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Hold: proceed})
	for range 3 { // a user may save five secrets at once
		require.Equal(t, 200, p.Own("PATCH", path, map[string]any{"secret": "another-wrong-key"}).Status)
	}
	require.Equal(t, 200, p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAPIKey}).Status)
	close(proceed)
	waitForConnectionStatus(p, "valid")
	assert.Len(t, s.Simulator.Requests(), 3)
}
