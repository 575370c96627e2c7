package hooks_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
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
	s.Eventually(func() bool { // the pause follows the status
		removed, err := s.App.Queue.RemovePauses(t.Context(), queue.Needing("fathom"), p.ID, "")
		require.NoError(t, err)
		return removed == 1
	})
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

func TestNewKeyReplacesAWorkingOneOnlyIfItWorks(t *testing.T) {
	t.Parallel()
	const next, third = "a-second-key-of-the-same-person", "a-third-key-of-the-same-person"
	s := apptest.Start(t, apptest.Options{
		Settings: []string{"SYNC_EVERY=6h"}, SimulatorConfig: simulator.Config{APIKeys: []string{simulator.DemoAPIKey, next, third}},
	})
	p := s.SignUp("ada@example.com")
	saved := p.SaveKey(simulator.DemoAPIKey)
	require.Equal(t, "valid", saved.Text("status"))
	path := "/api/collections/connections/records/" + saved.Text("id")
	replace := func(key string) apptest.Answer { return p.Own(http.MethodPatch, path, map[string]any{"secret": key}) }
	jobs := func() []map[string]any { return p.Call(http.MethodGet, s.URL+apptest.JobsPath, p.Token, nil).Items() }
	stored := func() (at string) {
		apptest.QueryRow(t, p.DataFile(), "SELECT secret FROM connections", &at)
		return at
	}
	s.Eventually(func() bool { list := jobs(); return len(list) == 1 && list[0]["status"] == "completed" })
	before, sealed := p.Own(http.MethodGet, path, nil), stored()

	refused := replace("a-key-with-a-typing-error")
	assert.Equal(t, 400, refused.Status)
	assert.Equal(t, "validation_secret_refused", refused.Text("data.secret.code"))
	assert.Equal(t, "Fathom refused this API key. The earlier one stays in use.", refused.Text("data.secret.message"))

	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 503, RetryAfter: time.Minute})
	unknown := replace(next)
	assert.Equal(t, 503, unknown.Status)
	assert.Equal(t, "Fathom couldn't be reached to check this key. The earlier one stays in use.", unknown.Text("message"))

	batch := p.Own(http.MethodPost, "/api/batch", map[string]any{"requests": []any{
		map[string]any{"method": "PATCH", "url": path, "body": map[string]any{"secret": next}},
	}})
	assert.Equal(t, 400, batch.Status, batch.Raw)
	assert.Contains(t, batch.Raw, "can't be replaced in a batch")
	assert.Equal(t, before.Raw, p.Own(http.MethodGet, path, nil).Raw)
	assert.Equal(t, sealed, stored(), "nothing has changed")

	accepted := replace("  " + next + " ")
	require.Equal(t, 200, accepted.Status, accepted.Raw)
	assert.Equal(t, "valid", accepted.Text("status"))
	assert.Equal(t, next[len(next)-4:], accepted.Text("last_four"))
	assert.NotEqual(t, sealed, stored())
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	s.Eventually(func() bool {
		list := jobs()
		return len(list) == 2 && list[0]["status"] == "completed" && list[1]["status"] == "completed"
	})

	s.Simulator.RevokeKey(next)
	p.Enqueue("fathom.sync", map[string]any{})
	s.Eventually(func() bool { return p.Own(http.MethodGet, path, nil).Text("status") == "invalid" })
	changed := replace(third)
	assert.Equal(t, "checking", changed.Text("status"), "one that doesn't work is replaced at once")
	s.Eventually(func() bool { return p.Own(http.MethodGet, path, nil).Text("status") == "valid" })
}
