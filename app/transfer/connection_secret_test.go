package transfer_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestSecretIsNeverReturned(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("connections/*")).Status)

	const key = simulator.DemoAPIKey
	saved := p.SaveKey(key)
	assert.Equal(t, "valid", saved.Text("status"))
	assert.Equal(t, key[len(key)-4:], saved.Text("last_four"))
	require.Equal(t, "completed", runSync(p, false).Text("status"))

	path := connectionsPath + "/" + saved.Text("id")
	for _, got := range []apptest.Answer{
		saved,
		p.Own("GET", connectionsPath, nil),
		p.Own("GET", connectionsPath+"?fields=*,secret,expand", nil),
		p.Own("PATCH", path, map[string]any{"settings": map[string]any{"a": 1}}),
		p.Own("PATCH", path, map[string]any{"secret": key}),
		p.Own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
			{"method": "PATCH", "url": path, "body": map[string]any{"settings": map[string]any{"b": 2}}},
		}}),
	} {
		require.Equal(t, 200, got.Status, got.Raw)
		assert.NotContains(t, got.Raw, key)
		assert.NotContains(t, got.Raw, `"secret"`)
	}
	for range 3 {
		record, ok := stream.Next().Data["record"].(map[string]any)
		require.True(t, ok)
		assert.NotContains(t, record, "secret")
	}

	for _, query := range []string{"filter=" + url.QueryEscape("secret~'v1'"), "sort=secret"} {
		got := p.Own("GET", connectionsPath+"?"+query, nil)
		assert.Equal(t, 400, got.Status, "%s reveals parts of the ciphertext: %s", query, got.Raw)
	}
	require.NoError(t, s.Stop())
	assert.Empty(t, s.FilesContaining(key), "no file contains the key in plain text")
	assert.NotContains(t, s.Log.String(), key)
}

func TestInvalidConnectionsAreRejected(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for name, body := range map[string]map[string]any{
		"no secret":        {"provider": "fathom"},
		"empty":            {"provider": "fathom", "secret": ""},
		"blank":            {"provider": "fathom", "secret": "   "},
		"line break":       {"provider": "fathom", "secret": "key\r\nX-Evil: 1"},
		"too long":         {"provider": "fathom", "secret": strings.Repeat("k", 9000)},
		"not a string":     {"provider": "fathom", "secret": 42},
		"unknown provider": {"provider": "dropbox", "secret": "abcdefghijkl"},
	} {
		got := p.Own("POST", connectionsPath, body)
		assert.Equal(t, 400, got.Status, "%s: %s", name, got.Raw)
	}
	assert.Empty(t, p.ListOwn("connections", ""))
}

func TestOnlyTheServerSetsTheStatusOfAConnection(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	created := p.Own("POST", connectionsPath, map[string]any{
		"provider": "fathom", "secret": "a-wrong-fathom-api-key", "status": "valid", "last_four": "0000", "reason": "trust me",
	})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, "checking", created.Text("status"))
	assert.Equal(t, "-key", created.Text("last_four"))
	waitForConnectionStatus(p, "invalid")

	updated := p.Own("PATCH", connectionsPath+"/"+created.Text("id"), map[string]any{"status": "valid", "provider": "loom"})
	require.Equal(t, 200, updated.Status, updated.Raw)
	assert.Equal(t, "invalid", updated.Text("status"))
	assert.Equal(t, "fathom", updated.Text("provider"))

	second := p.Own("POST", connectionsPath, map[string]any{"provider": "fathom", "secret": "another-api-key"})
	assert.Equal(t, 400, second.Status, "a user has one connection per provider: %s", second.Raw)
}
