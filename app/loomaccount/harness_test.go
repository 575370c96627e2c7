package loomaccount_test

import (
	"net/url"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const connectionsPath = "/api/collections/connections/records"

// withAtlassian are the options of a server whose simulator has an Atlassian side.
func withAtlassian(behaviour simulator.AtlassianBehaviour) apptest.Options {
	return apptest.Options{
		SimulatorConfig: simulator.Config{Atlassian: &simulator.AtlassianConfig{Behaviour: behaviour}},
		Settings:        []string{"ATLASSIAN_MCP_PROCESSING_WAIT=0"},
	}
}

func start(t *testing.T, opts apptest.Options) apptest.Person {
	t.Helper()
	return apptest.Start(t, opts).SignUpWithMeetings("ada@example.com")
}

var tokenSettings = map[string]any{"method": "token", "email": simulator.DemoAtlassianEmail}

// connect saves a connection to Loom, waits until it has been checked and returns it.
func connect(p apptest.Person, secret string, settings map[string]any) map[string]any {
	p.T.Helper()
	saved := p.Own("POST", connectionsPath, map[string]any{"provider": "loom", "secret": secret, "settings": settings})
	require.Equal(p.T, 200, saved.Status, saved.Raw)
	return checked(p)
}

// connectWithToken is connect with the simulator's token.
func connectWithToken(p apptest.Person) map[string]any {
	p.T.Helper()
	return connect(p, simulator.DemoAtlassianToken, tokenSettings)
}

// checked returns the connection to Loom once it has been checked.
func checked(p apptest.Person) (connection map[string]any) {
	p.T.Helper()
	p.Eventually(func() bool {
		connections := p.ListOwn("connections", "provider = 'loom'")
		require.Len(p.T, connections, 1)
		connection = connections[0]
		return connection["status"] != "checking"
	})
	return connection
}

// signIn connects Loom with OAuth.
func signIn(p apptest.Person) map[string]any {
	p.T.Helper()
	begun := p.Own("POST", "/api/loom/sign-in", map[string]any{"redirect": p.URL})
	require.Equal(p.T, 200, begun.Status, begun.Raw)
	completed := p.Own("POST", "/api/loom/sign-in/complete", callbackOf(p, begun.Text("url")))
	require.Equal(p.T, 200, completed.Status, completed.Raw)
	return checked(p)
}

// callbackOf consents at the address of a sign-in and returns what the page of the callback sends to this server.
func callbackOf(p apptest.Person, address string) map[string]any {
	p.T.Helper()
	callback, err := p.Simulator.Consent(p.T.Context(), address)
	require.NoError(p.T, err)
	answer, err := url.Parse(callback)
	require.NoError(p.T, err)
	require.Equal(p.T, "/atlassian-callback", answer.Path)
	return map[string]any{"code": answer.Query().Get("code"), "state": answer.Query().Get("state")}
}

func details(connection map[string]any) map[string]any {
	found, _ := connection["details"].(map[string]any)
	return found
}

// transferTo transfers a recording and returns the finished job.
func transferTo(p apptest.Person, recordingID int64, options map[string]any) apptest.Answer {
	p.T.Helper()
	payload := map[string]any{"recording_id": recordingID}
	for name, value := range options {
		payload[name] = value
	}
	job := p.RunJob("recording.transfer", payload)
	require.Equal(p.T, "completed", job.Text("status"), job.Raw)
	return job
}

func transferOf(p apptest.Person, recordingID int64) map[string]any {
	p.T.Helper()
	transfers := p.ListOwn("transfers", apptest.RecordingFilter(recordingID))
	require.Len(p.T, transfers, 1)
	return transfers[0]
}

// executeSQL changes the database of a person whose server has stopped.
func executeSQL(t *testing.T, p apptest.Person, sql string) {
	t.Helper()
	apptest.Execute(t, p.DataFile(), sql)
}

// recordingBlob returns the place of a recording's file.
func recordingBlob(p apptest.Person, recording *core.Record) blob.Ref {
	return userdb.RecordingBlob(p.Name, recording)
}
