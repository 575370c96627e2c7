package transfer_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestASecretNeverComesBack(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("connections/*")).Status)

	const key = simulator.DemoAPIKey
	connection := p.SaveKey(key)
	assert.Equal(t, "valid", connection.Text("status"))
	assert.Equal(t, key[len(key)-4:], connection.Text("last_four"))
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))

	path := "/api/collections/connections/records"
	for _, got := range []apptest.Answer{
		connection,
		p.Own("GET", path, nil),
		p.Own("GET", path+"?fields=*,secret,expand", nil),
		p.Own("PATCH", path+"/"+connection.Text("id"), map[string]any{"settings": map[string]any{"a": 1}}),
		p.Own("PATCH", path+"/"+connection.Text("id"), map[string]any{"secret": key}),
		p.Own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
			{"method": "PATCH", "url": path + "/" + connection.Text("id"), "body": map[string]any{"secret": key}}}}),
	} {
		require.Equal(t, 200, got.Status, got.Raw)
		assert.NotContains(t, got.Raw, key)
		assert.NotContains(t, got.Raw, `"secret"`)
	}
	for range 3 {
		raw := stream.Next()
		record := raw.Data["record"].(map[string]any)
		assert.NotContains(t, record, "secret")
	}

	for _, query := range []string{"filter=" + url.QueryEscape("secret~'v1'"), "sort=secret"} {
		got := p.Own("GET", path+"?"+query, nil)
		assert.NotEqual(t, 200, got.Status, "%s tells about the ciphertext: %s", query, got.Raw)
	}
	require.NoError(t, s.Stop())
	assert.Empty(t, s.FilesContaining(key), "the key is on disk in the clear")
	assert.NotContains(t, s.Log.String(), key)
}

func TestAWrongKeyIsSavedAndSaysSo(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	connection := p.SaveKey("a-wrong-fathom-api-key")
	assert.Equal(t, "invalid", connection.Text("status"))
	assert.Contains(t, connection.Text("reason"), "refused")

	job := p.RunJob("fathom.sync", map[string]any{})
	assert.Equal(t, "dead", job.Text("status"), "a wrong key stays wrong")
	assert.Contains(t, job.Text("error"), "API key")

	fixed := p.Own("PATCH", "/api/collections/connections/records/"+connection.Text("id"), map[string]any{"secret": simulator.DemoAPIKey})
	require.Equal(t, 200, fixed.Status, fixed.Raw)
	assert.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
}

func TestAKeyRevokedLaterShows(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	assert.Equal(t, "dead", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	assert.Equal(t, "invalid", p.ListOwn("connections", "")[0]["status"])
}

func TestFathomOutOfReachIsNotAWrongKey(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"FATHOM_API_URL=http://127.0.0.1:1/external/v1"}})
	p := s.SignUp("ada@example.com")
	saved := p.Own("POST", "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": "some-key-or-other"})
	require.Equal(t, 200, saved.Status)
	assert.Equal(t, "checking", saved.Text("status"))
	s.Eventually(func() bool { return p.ListOwn("connections", "")[0]["status"] == "unchecked" })
	assert.Contains(t, p.ListOwn("connections", "")[0]["reason"], "couldn't be reached")
}

func TestBadSecretsAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for what, body := range map[string]map[string]any{
		"none":       {"provider": "fathom"},
		"empty":      {"provider": "fathom", "secret": ""},
		"blank":      {"provider": "fathom", "secret": "   "},
		"line break": {"provider": "fathom", "secret": "key\r\nX-Evil: 1"},
		"too long":   {"provider": "fathom", "secret": strings.Repeat("k", 9000)},
		"no string":  {"provider": "fathom", "secret": 42},
		"provider":   {"provider": "dropbox", "secret": "abcdefghijkl"},
	} {
		got := p.Own(http.MethodPost, "/api/collections/connections/records", body)
		assert.Equal(t, 400, got.Status, "%s: %s", what, got.Raw)
	}
	assert.Empty(t, p.ListOwn("connections", ""))
}

func TestAConnectionsVerdictIsTheServers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	created := p.Own("POST", "/api/collections/connections/records", map[string]any{
		"provider": "fathom", "secret": "a-wrong-fathom-api-key", "status": "valid", "last_four": "0000", "reason": "trust me"})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, "checking", created.Text("status"))
	assert.Equal(t, "-key", created.Text("last_four"))
	s.Eventually(func() bool { return p.ListOwn("connections", "")[0]["status"] == "invalid" })

	updated := p.Own("PATCH", "/api/collections/connections/records/"+created.Text("id"), map[string]any{"status": "valid", "provider": "loom"})
	require.Equal(t, 200, updated.Status, updated.Raw)
	assert.Equal(t, "invalid", updated.Text("status"))
	assert.Equal(t, "fathom", updated.Text("provider"))

	second := p.Own("POST", "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": "another-api-key"})
	assert.Equal(t, 400, second.Status, "one connection a provider: %s", second.Raw)
}

func TestATestThatWasCutOffIsTakenUp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Hold: make(chan struct{})})
	saved := p.Own("POST", "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": simulator.DemoAPIKey})
	require.Equal(t, "checking", saved.Text("status"))
	require.NoError(t, s.Simulator.WaitRequests(t.Context(), "GET", "/external/v1/meetings", 1))
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	p.Server, p.DatabaseURL = next, next.URL+"/db/"+p.Name
	next.Eventually(func() bool { return p.ListOwn("connections", "")[0]["status"] == "valid" })
}

func TestManyChangesOfAKeyEndWithTheLast(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	path := "/api/collections/connections/records/" + p.SaveKey("the-first-wrong-key").Text("id")
	proceed := make(chan struct{})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Hold: proceed})
	for range 30 {
		require.Equal(t, 200, p.Own("PATCH", path, map[string]any{"secret": "another-wrong-key"}).Status)
	}
	require.Equal(t, 200, p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAPIKey}).Status)
	close(proceed)
	s.Eventually(func() bool { return p.ListOwn("connections", "")[0]["status"] == "valid" })
	assert.Len(t, s.Simulator.Requests(), 3, "changes that come while a test runs share the next one")
}
