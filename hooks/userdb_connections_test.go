package hooks_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestSealedSecretIsBoundToItsRecord(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	original, err := db.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	sealed := original.GetString("secret")
	require.NoError(t, db.App.Delete(original))
	require.Equal(t, "invalid", p.SaveKey("another-wrong-key").Text("status"))
	connection, err := db.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	connection.Set("secret", sealed)
	require.NoError(t, db.App.Save(connection))
	job := p.RunJob("fathom.sync", map[string]any{})
	assert.Equal(t, "dead", job.Text("status"), "the secret of another record must not open")
	assert.Contains(t, job.Text("error"), "can't be read")
}

func TestSealedSecretIsHiddenFromSuperusers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	asSuperuser := func(method, path string, body any) apptest.Answer {
		return s.Call(method, p.DatabaseURL+path, s.SuperuserToken(), body)
	}
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	id := p.ListOwn("connections", "")[0]["id"].(string)
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, asSuperuser("POST", "/api/realtime", stream.Subscription("connections/*")).Status)
	changed := asSuperuser("PATCH", "/api/collections/connections/records/"+id, map[string]any{"settings": map[string]any{"a": 1}})
	require.Equal(t, 200, changed.Status, changed.Raw)
	listed, viewed := asSuperuser("GET", "/api/collections/connections/records", nil), asSuperuser("GET", "/api/collections/connections/records/"+id, nil)
	for _, got := range []apptest.Answer{changed, listed, viewed} {
		assert.Contains(t, got.Raw, id)
		assert.NotContains(t, got.Raw, `"secret"`)
	}
	assert.NotContains(t, stream.Next().Data["record"], "secret")
	assert.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"), "the change must keep the secret")
}

func TestSecretsCannotBeTriedInBulk(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	saved := p.Own(http.MethodPost, "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": "guess-0-of-a-key"})
	require.Equal(t, 200, saved.Status, saved.Raw)
	change := func(body map[string]any) apptest.Answer {
		return p.Own(http.MethodPatch, "/api/collections/connections/records"+"/"+saved.Text("id"), body)
	}
	for i := range 4 {
		require.Equal(t, 200, change(map[string]any{"secret": fmt.Sprintf("guess-%d-of-a-key", i+1)}).Status)
	}
	refused := change(map[string]any{"secret": "guess-5-of-a-key"})
	assert.Equal(t, 429, refused.Status, refused.Raw)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, 200, change(map[string]any{"settings": map[string]any{}}).Status, "other changes have no such limit")
	require.Equal(t, 204, p.Own(http.MethodDelete, "/api/collections/connections/records"+"/"+saved.Text("id"), nil).Status)
	again := p.Own(http.MethodPost, "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": "guess-5-of-a-key"})
	assert.Equal(t, 429, again.Status, "a new connection is a guess, too")
	assert.Equal(t, "valid", other.SaveKey(simulator.DemoAPIKey).Text("status"), "users don't share the limit")
}
