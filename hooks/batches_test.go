package hooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

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
	}
}
