package hooks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestASecretNeverComesBack(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	stream := openStream(t, p.db)
	require.Equal(t, 204, p.own("POST", "/api/realtime", subscription(stream, "connections/*")).Status)

	const key = simulator.DemoAPIKey
	connection := p.saveKey(key)
	assert.Equal(t, "valid", connection.text("status"))
	assert.Equal(t, key[len(key)-4:], connection.text("last_four"))
	require.Equal(t, "completed", p.run("fathom.sync", map[string]any{}).text("status"))

	path := "/api/collections/connections/records"
	for _, got := range []answer{
		connection,
		p.own("GET", path, nil),
		p.own("GET", path+"?fields=*,secret,expand", nil),
		p.own("PATCH", path+"/"+connection.text("id"), map[string]any{"settings": map[string]any{"a": 1}}),
		p.own("PATCH", path+"/"+connection.text("id"), map[string]any{"secret": key}),
		p.own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
			{"method": "PATCH", "url": path + "/" + connection.text("id"), "body": map[string]any{"secret": key}}}}),
	} {
		require.Equal(t, 200, got.Status, got.Raw)
		assert.NotContains(t, got.Raw, key)
		assert.NotContains(t, got.Raw, `"secret"`)
	}
	for range 3 {
		raw := stream.next()
		record := raw.data["record"].(map[string]any)
		assert.NotContains(t, record, "secret")
	}

	for _, query := range []string{"filter=" + url.QueryEscape("secret~'v1'"), "sort=secret"} {
		got := p.own("GET", path+"?"+query, nil)
		assert.NotEqual(t, 200, got.Status, "%s tells about the ciphertext: %s", query, got.Raw)
	}
	require.NoError(t, s.stop())
	assert.Empty(t, s.grepData(key), "the key is on disk in the clear")
	assert.NotContains(t, s.log.String(), key)
}

func TestAWrongKeyIsSavedAndSaysSo(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	connection := p.saveKey("a-wrong-fathom-api-key")
	assert.Equal(t, "invalid", connection.text("status"))
	assert.Contains(t, connection.text("reason"), "refused")

	job := p.run("fathom.sync", map[string]any{})
	assert.Equal(t, "dead", job.text("status"), "a wrong key stays wrong")
	assert.Contains(t, job.text("error"), "API key")

	fixed := p.own("PATCH", "/api/collections/connections/records/"+connection.text("id"), map[string]any{"secret": simulator.DemoAPIKey})
	require.Equal(t, 200, fixed.Status, fixed.Raw)
	assert.Equal(t, "completed", p.run("fathom.sync", map[string]any{}).text("status"))
}

func TestAKeyRevokedLaterShows(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	s.sim.RevokeKey(simulator.DemoAPIKey)
	assert.Equal(t, "dead", p.run("fathom.sync", map[string]any{}).text("status"))
	assert.Equal(t, "invalid", p.listOwn("connections", "")[0]["status"])
}

func TestFathomOutOfReachIsNotAWrongKey(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"FATHOM_API_URL=http://127.0.0.1:1/external/v1"}})
	p := s.signUp("ada@example.com")
	saved := p.own("POST", "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": "some-key-or-other"})
	require.Equal(t, 200, saved.Status)
	assert.Equal(t, "checking", saved.text("status"))
	s.eventually(func() bool { return p.listOwn("connections", "")[0]["status"] == "unchecked" })
	assert.Contains(t, p.listOwn("connections", "")[0]["reason"], "couldn't be reached")
}

func TestBadSecretsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	for what, body := range map[string]map[string]any{
		"none":       {"provider": "fathom"},
		"empty":      {"provider": "fathom", "secret": ""},
		"blank":      {"provider": "fathom", "secret": "   "},
		"line break": {"provider": "fathom", "secret": "key\r\nX-Evil: 1"},
		"too long":   {"provider": "fathom", "secret": strings.Repeat("k", 9000)},
		"no string":  {"provider": "fathom", "secret": 42},
		"provider":   {"provider": "dropbox", "secret": "abcdefghijkl"},
	} {
		got := p.own(http.MethodPost, "/api/collections/connections/records", body)
		assert.Equal(t, 400, got.Status, "%s: %s", what, got.Raw)
	}
	assert.Empty(t, p.listOwn("connections", ""))
}

func TestAConnectionsVerdictIsTheServers(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	created := p.own("POST", "/api/collections/connections/records", map[string]any{
		"provider": "fathom", "secret": "a-wrong-fathom-api-key", "status": "valid", "last_four": "0000", "reason": "trust me"})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, "checking", created.text("status"))
	assert.Equal(t, "-key", created.text("last_four"))
	s.eventually(func() bool { return p.listOwn("connections", "")[0]["status"] == "invalid" })

	updated := p.own("PATCH", "/api/collections/connections/records/"+created.text("id"), map[string]any{"status": "valid", "provider": "loom"})
	require.Equal(t, 200, updated.Status, updated.Raw)
	assert.Equal(t, "invalid", updated.text("status"))
	assert.Equal(t, "fathom", updated.text("provider"))

	second := p.own("POST", "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": "another-api-key"})
	assert.Equal(t, 400, second.Status, "one connection a provider: %s", second.Raw)
}

func TestATestThatWasCutOffIsTakenUp(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	s.sim.Inject(simulator.Fault{Path: "/external/v1/meetings", Hold: make(chan struct{})})
	saved := p.own("POST", "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": simulator.DemoAPIKey})
	require.Equal(t, "checking", saved.text("status"))
	require.NoError(t, s.sim.WaitRequests(t.Context(), "GET", "/external/v1/meetings", 1))
	require.NoError(t, s.stop())

	next := start(t, options{dir: s.dir, sim: s.sim})
	p.server, p.db = next, next.url+"/db/"+p.name
	next.eventually(func() bool { return p.listOwn("connections", "")[0]["status"] == "valid" })
}

func TestManyChangesOfAKeyEndWithTheLast(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	path := "/api/collections/connections/records/" + p.saveKey("the-first-wrong-key").text("id")
	proceed := make(chan struct{})
	s.sim.Inject(simulator.Fault{Path: "/external/v1/meetings", Hold: proceed})
	for range 30 {
		require.Equal(t, 200, p.own("PATCH", path, map[string]any{"secret": "another-wrong-key"}).Status)
	}
	require.Equal(t, 200, p.own("PATCH", path, map[string]any{"secret": simulator.DemoAPIKey}).Status)
	close(proceed)
	s.eventually(func() bool { return p.listOwn("connections", "")[0]["status"] == "valid" })
	assert.Len(t, s.sim.Requests(), 3, "changes that come while a test runs share the next one")
}
