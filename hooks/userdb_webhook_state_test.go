package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// webhookState returns what a person's page shows about the webhook at Fathom.
func webhookState(p apptest.Person) apptest.Answer {
	p.T.Helper()
	state := p.Own(http.MethodGet, "/api/fathom-webhook", nil)
	require.Equal(p.T, 200, state.Status, state.Raw)
	return state
}

func TestOwnerSeesWhetherTheWebhookWorks(t *testing.T) {
	t.Parallel()
	p, hook := startWithWebhook(t, apptest.Options{})
	other := p.SignUp("other@example.com")
	assert.Equal(t, "waiting", webhookState(other).Text("status"), "no key is saved")
	state := webhookState(p)
	assert.Equal(t, "active", state.Text("status"))
	assert.Equal(t, false, state.Get("working"))
	assert.Empty(t, state.Text("last_message_at"))
	assert.NotContains(t, state.Raw, "/api/fathom/")

	require.Equal(t, 200, deliver(p, hook))
	state = webhookState(p)
	assert.Equal(t, true, state.Get("working"))
	assert.NotEmpty(t, state.Text("last_message_at"))
	assert.Equal(t, "waiting", webhookState(other).Text("status"), "of another user")

	saved := p.Own(http.MethodPost, "/api/collections/preferences/records", map[string]any{"key": "webhook", "value": false})
	require.Equal(t, 200, saved.Status, saved.Raw)
	assert.Equal(t, "off", webhookState(p).Text("status"))
}

func TestOwnerSeesWhyThereIsNoWebhook(t *testing.T) {
	t.Parallel()
	for want, fault := range map[string]simulator.Fault{
		"refused": {Status: 403, Body: `{"message":"Webhooks need a team plan."}`},
		"lost":    {CloseConnection: true},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{Settings: webhookSettings})
			fault.Method, fault.Path, fault.Times = http.MethodPost, "/external/v1/webhooks", -1
			s.Simulator.Inject(fault)
			p := s.SignUp("ada@example.com")
			require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
			p.Eventually(func() bool { return webhookState(p).Text("status") == want })
		})
	}
	t.Run("unavailable", func(t *testing.T) {
		t.Parallel()
		p := apptest.Start(t, apptest.Options{}).SignUp("ada@example.com")
		assert.Equal(t, "unavailable", webhookState(p).Text("status"), "the server has no public address")
	})
}
