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

	job := runSync(p, false)
	assert.Equal(t, "dead", job.Text("status"), "retrying cannot help")
	assert.Contains(t, job.Text("error"), "API key")

	fixed := p.Own("PATCH", connectionsPath+"/"+saved.Text("id"), map[string]any{"secret": simulator.DemoAPIKey})
	require.Equal(t, 200, fixed.Status, fixed.Raw)
	assert.Equal(t, "completed", runSync(p, false).Text("status"))
}

func TestJobMarksARevokedKeyAsInvalid(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	assert.Equal(t, "dead", runSync(p, false).Text("status"))
	assert.Equal(t, "invalid", connection(p)["status"])
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
