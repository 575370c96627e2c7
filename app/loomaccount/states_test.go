package loomaccount_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestStatesOfConnections(t *testing.T) {
	t.Parallel()
	site := func(id string, noLoom bool) simulator.AtlassianSite {
		return simulator.AtlassianSite{ID: id, Name: id, URL: "https://" + id + ".atlassian.net", NoLoom: noLoom}
	}
	const first, second = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	for name, test := range map[string]struct {
		cfg             simulator.AtlassianConfig
		secret, site    string
		state, status   string
		message, advice string // parts of them
	}{
		"read only":         {simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{WriteBlocked: true}}, "", "", "reading_only", "valid", "not upload", ""},
		"tokens off":        {simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{APITokensOff: true}}, "", "", "blocked", "invalid", "", "API token"},
		"too few scopes":    {simulator.AtlassianConfig{Tokens: []simulator.AtlassianToken{{Email: "ada@northwind.example", Token: "token-without-loom", Scopes: []string{"read:me", "read:account"}}}}, "token-without-loom", "", "wrong_token", "invalid", "", "token"},
		"unknown token":     {simulator.AtlassianConfig{}, "some-unknown-token", "", "reconnect", "invalid", "", ""},
		"no workspace":      {simulator.AtlassianConfig{Sites: []simulator.AtlassianSite{site(first, true)}}, "", "", "no_workspace", "invalid", "Loom", ""},
		"two sites":         {simulator.AtlassianConfig{Sites: []simulator.AtlassianSite{site(first, true), site(second, false)}}, "", "", "choose_site", "invalid", "several", "Choose"},
		"unknown new input": {simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{ExtraInput: "departmentCode"}}, "", "", "reading_only", "valid", "departmentCode", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Atlassian: &test.cfg}}).SignUp("ada@example.com")
			if test.secret == "" {
				test.secret = simulator.DemoAtlassianToken
			}
			connection := connect(p, test.secret, map[string]any{"method": "token", "email": simulator.DemoAtlassianEmail, "site": test.site})
			found := details(connection)
			assert.Equal(t, test.state, found["state"], connection)
			assert.Equal(t, test.status, connection["status"])
			assert.Contains(t, found["message"], test.message)
			assert.Contains(t, found["advice"], test.advice)
			assert.NotEmpty(t, found["message"])
			assert.NotEmpty(t, found["advice"])
			assert.Contains(t, connection["reason"], found["message"])
			if test.state != "choose_site" {
				return
			}
			assert.Len(t, found["sites"], 2)
			path := connectionsPath + "/" + connection["id"].(string)
			chosen := p.Own("PATCH", path, map[string]any{"settings": map[string]any{"method": "token", "email": simulator.DemoAtlassianEmail, "site": second}})
			require.Equal(t, 200, chosen.Status, chosen.Raw)
			connection = checked(p)
			assert.Equal(t, "ready", details(connection)["state"], connection)
			assert.Equal(t, second, details(connection)["site"].(map[string]any)["id"])
			assert.Len(t, details(connection)["sites"], 2, "another one can be chosen later")
		})
	}
}

func TestReadingConnectionHandsOver(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{WriteBlocked: true}))
	connection := connectWithToken(p)
	assert.Equal(t, []any{"read"}, connection["abilities"])
	assert.Equal(t, "awaiting_share_url", transferTo(p, 1001, nil).Text("result.status"))
	assert.Contains(t, transferOf(p, 1001)["note"], "not upload")
}

func TestConnectionIsNotRefusedWhileAtlassianIsUnreachable(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Status: 503, Times: -1})
	connection := connectWithToken(p)
	assert.Equal(t, "unchecked", connection["status"])
	assert.Equal(t, "unreachable", details(connection)["state"], connection)
	job := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	p.Eventually(func() bool { return p.Job(job.Text("id")).Text("error") != "" })
	assert.EqualValues(t, 0, p.Job(job.Text("id")).Get("attempts"), "the delivery waits")

	p.Simulator.ClearFaults()
	require.Equal(t, 200, p.Own("POST", "/api/loom/check", nil).Status)
	connection = checked(p)
	assert.Equal(t, "ready", details(connection)["state"])
}

func TestOnlyTheServerSetsWhatAConnectionCanDo(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	for name, body := range map[string]map[string]any{
		"no settings":      {"secret": "x-token"},
		"unknown method":   {"secret": "x-token", "settings": map[string]any{"method": "password"}},
		"no e-mail":        {"secret": "x-token", "settings": map[string]any{"method": "token"}},
		"colon in e-mail":  {"secret": "x-token", "settings": map[string]any{"method": "token", "email": "a:b@example.com"}},
		"unknown setting":  {"secret": "x-token", "settings": map[string]any{"method": "token", "email": "a@example.com", "color": "red"}},
		"grant":            {"secret": "x-token", "settings": map[string]any{"method": "token", "email": "a@example.com", "grant": "x"}},
		"OAuth":            {"secret": `{"token":{}}`, "settings": map[string]any{"method": "oauth"}},
		"space in address": {"secret": "x-token", "settings": map[string]any{"method": "service_account", "site": "my site"}},
	} {
		body["provider"] = "loom"
		got := p.Own("POST", connectionsPath, body)
		assert.Equal(t, 400, got.Status, "%s: %s", name, got.Raw)
		assert.NotEmpty(t, got.Text("data.settings.message"), "%s: %s", name, got.Raw)
	}
	saved := p.Own("POST", connectionsPath, map[string]any{
		"provider": "loom", "secret": "some-unknown-token", "settings": tokenSettings, "abilities": []string{"upload"}, "details": map[string]any{"state": "ready"},
	})
	require.Equal(t, 200, saved.Status, saved.Raw)
	assert.Empty(t, saved.Get("abilities"))
	assert.Nil(t, saved.Get("details"))
	checked(p)
	path := connectionsPath + "/" + saved.Text("id")
	changed := p.Own("PATCH", path, map[string]any{"abilities": []string{"upload"}, "details": map[string]any{"state": "ready"}})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, "reconnect", changed.Text("details.state"))
	assert.Empty(t, changed.Get("abilities"))
}

func TestAWrongTokenReplacesNoWorkingOne(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	path := connectionsPath + "/" + connectWithToken(p)["id"].(string)
	refused := p.Own("PATCH", path, map[string]any{"secret": "some-unknown-token"})
	assert.Contains(t, refused.Text("data.secret.message"), "stays in use", refused.Raw)
	assert.Equal(t, "delivered", transferTo(p, 1001, nil).Text("result.status"))
	accepted := p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAtlassianKey, "settings": map[string]any{"method": "service_account"}})
	require.Equal(t, 200, accepted.Status, accepted.Raw)
	assert.Equal(t, "valid", accepted.Text("status"))
	assert.Equal(t, "ready", accepted.Text("details.state"))
}

func TestFoldersOfTheConnection(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	assert.Equal(t, 404, p.Own("GET", "/api/loom/folders", nil).Status)
	connectWithToken(p)
	folders := p.Own("GET", "/api/loom/folders", nil)
	require.Equal(t, 200, folders.Status, folders.Raw)
	assert.IsType(t, []any{}, folders.Get("folders"))
}
