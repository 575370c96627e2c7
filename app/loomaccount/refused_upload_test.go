package loomaccount_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	blocked = "This tool has been disabled by your organization admin"
	scope   = "Insufficient scopes: createLoomVideoUpload requires write:loom:agent-interface"
)

// refuse makes the next times calls of an operation fail with a text.
func refuse(p apptest.Person, operation, text string, times int) {
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Operation: operation, Message: text, Times: times})
}

func TestRefusedUploadLeavesAConnectionThatReads(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ operation, refusal, advice string }{
		"blocked":             {"createLoomVideoUpload", blocked, "Check again"},
		"wrong scope":         {"createLoomVideoUpload", scope, "Create an API token"},
		"publication blocked": {"publishLoomVideo", blocked, "Check again"},
		"only OAuth":          {"createLoomVideoUpload", "This tool requires OAuth", "Connect Atlassian"},
		"unauthorized":        {"createLoomVideoUpload", "Unauthorized", "new API token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
			connectWithToken(p)
			refuse(p, test.operation, test.refusal, -1)
			require.Equal(t, "awaiting_share_url", transferTo(p, 1001, nil).Text("result.status"))
			assert.Contains(t, transferOf(p, 1001)["note"], test.refusal)
			connection := checked(p)
			found := details(connection)
			assert.Equal(t, "reading_only", found["state"], connection)
			assert.Equal(t, "valid", connection["status"])
			assert.Equal(t, []any{"read"}, connection["abilities"])
			assert.Contains(t, found["message"], "not upload")
			assert.Contains(t, found["message"], test.refusal)
			assert.Contains(t, found["advice"], test.advice)
			assert.Contains(t, connection["reason"], test.refusal)
			notices := p.ListOwn("notices", "kind = 'connection_failed'")
			require.Len(t, notices, 1)
			assert.Contains(t, notices[0]["text"], "can't upload any more. Until it works again, recordings wait for you to upload them.")
			assert.Contains(t, notices[0]["text"], test.refusal)
			if test.operation == "publishLoomVideo" {
				return
			}

			calls := p.Simulator.AtlassianStats().Calls["createLoomVideoUpload"]
			transferTo(p, 1002, nil)
			assert.Contains(t, transferOf(p, 1002)["note"], test.refusal)
			assert.Len(t, p.ListOwn("notices", "kind = 'connection_failed'"), 1, "nor reported again")
			assert.Equal(t, calls, p.Simulator.AtlassianStats().Calls["createLoomVideoUpload"], "it isn't refused again for each transfer")

			share := uploadByHand(p, 1001, transferOf(p, 1001)["file_name"].(string))
			searchNow(p)
			assert.Equal(t, share, transferOf(p, 1001)["share_url"], "reading goes on")
		})
	}
}

func TestRefusalStaysVisibleUntilAnUploadSucceeds(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connectWithToken(p)
	refuse(p, "createLoomVideoUpload", blocked, 2)
	checkAgain := func() map[string]any {
		t.Helper()
		require.Equal(t, 200, p.Own("POST", "/api/loom/check", nil).Status)
		return checked(p)
	}
	for _, recording := range []int64{1001, 1002} { // a check can't know whether uploads are refused
		transferTo(p, recording, nil)
		require.Equal(t, "reading_only", details(checked(p))["state"])
		connection := checkAgain()
		assert.Equal(t, "ready", details(connection)["state"], connection)
		assert.Equal(t, []any{"upload", "read"}, connection["abilities"])
		assert.Contains(t, details(connection)["message"], blocked)
		assert.Contains(t, details(connection)["advice"], "next upload")
	}
	require.Equal(t, "delivered", transferTo(p, 1001, map[string]any{"again": true}).Text("result.status"))
	connection := checked(p)
	assert.Equal(t, "ready", details(connection)["state"])
	assert.Empty(t, connection["reason"])
	assert.Empty(t, details(checkAgain())["message"])
}

func TestRefusalEndsWithTheConnection(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	path := connectionsPath + "/" + connectWithToken(p)["id"].(string)
	refuse(p, "createLoomVideoUpload", scope, 1)
	transferTo(p, 1001, nil)
	require.Equal(t, "reading_only", details(checked(p))["state"])
	replaced := p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAtlassianKey, "settings": map[string]any{"method": "service_account"}})
	require.Equal(t, 200, replaced.Status, replaced.Raw)
	connection := checked(p)
	assert.Equal(t, "ready", details(connection)["state"])
	assert.Empty(t, connection["reason"])
}

func TestSwitchedOffTokensCanNotEvenRead(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connectWithToken(p)
	p.Simulator.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.APITokensOff = true })
	transferTo(p, 1001, nil)
	connection := checked(p)
	assert.Equal(t, "blocked", details(connection)["state"], connection)
	assert.Equal(t, "invalid", connection["status"])
	assert.Empty(t, connection["abilities"])
}

func TestRefusedListOfFoldersLeavesAConnectionThatUploads(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connectWithToken(p)
	refuse(p, "listLoomFolders", blocked, 1)
	assert.Equal(t, 400, p.Own("GET", "/api/loom/folders", nil).Status)
	assert.Equal(t, "ready", details(checked(p))["state"])

	refuse(p, "createLoomVideoUpload", blocked, 1)
	transferTo(p, 1001, nil)
	refuse(p, "listLoomFolders", blocked, 1)
	assert.Equal(t, 400, p.Own("GET", "/api/loom/folders", nil).Status)
	assert.Equal(t, "reading_only", details(checked(p))["state"], "only its owner or an upload ends this state")
}

func TestAdviceFitsTheMethod(t *testing.T) {
	t.Parallel()
	for method, test := range map[string]struct{ says, never string }{
		"token":           {"new API token", "service account"},
		"service_account": {"new API key of the service account", "API token"},
		"oauth":           {"Connect again", "API token"},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
			switch method {
			case "token":
				connectWithToken(p)
			case "service_account":
				connect(p, simulator.DemoAtlassianKey, map[string]any{"method": "service_account"})
			case "oauth":
				signIn(p)
			}
			refuse(p, "", "Authentication failed: token has been revoked", -1)
			transferTo(p, 1001, nil)
			found := details(checked(p))
			assert.Equal(t, "reconnect", found["state"])
			for _, text := range []any{found["advice"], transferOf(p, 1001)["note"]} {
				assert.Contains(t, text, test.says)
				assert.NotContains(t, text, test.never)
			}
		})
	}
}
