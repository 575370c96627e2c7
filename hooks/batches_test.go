package hooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestBatchCannotCreateAccounts(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	account := map[string]any{
		"method": "POST", "url": "/api/collections/users/records", "headers": map[string]string{"X-Real-IP": "10.0.0.1"},
		"body": map[string]any{"email": "b@example.com", "password": apptest.Password, "passwordConfirm": apptest.Password},
	}
	for role, token := range map[string]string{"guest": "", "user": p.Token} {
		got := s.Call("POST", s.URL+"/api/batch", token, map[string]any{"requests": []any{account}})
		assert.Equal(t, 400, got.Status, "%s: %s", role, got.Raw)
		assert.Equal(t, "A batch can only create, change or delete jobs.", got.Text("message"), role)
	}
}

func TestBatchCanCreateChangeAndDeleteJobs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	first, second := enqueueLater(p, 1), enqueueLater(p, 2)
	got := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{
		map[string]any{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 3}}},
		map[string]any{"method": "PATCH", "url": apptest.JobsPath + "/" + first, "body": map[string]any{"status": "cancelled"}},
		map[string]any{"method": "DELETE", "url": apptest.JobsPath + "/" + second},
	}})
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, "cancelled", p.Job(first).Text("status"))
	assert.Equal(t, 404, p.Job(second).Status)
}
