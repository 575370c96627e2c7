package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestRemovingTheSMTPVariablesSwitchesMailOff(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	without := in.env
	in.env = append(slices.Clone(without), "SMTP_HOST=smtp.example.com", "SMTP_PORT=2525", "SMTP_USERNAME=mailer",
		"SMTP_PASSWORD=mail-password", "SMTP_FROM=noreply@example.com")
	server := in.serve()
	smtp := in.smtpSettings()
	assert.Equal(t, true, smtp["enabled"])
	assert.Equal(t, "smtp.example.com", smtp["host"])
	assert.Equal(t, "mailer", smtp["username"])
	server.stop()

	in.env = without
	server = in.serve()
	smtp = in.smtpSettings()
	assert.Equal(t, false, smtp["enabled"])
	assert.Empty(t, smtp["host"])
	assert.Empty(t, smtp["username"])

	// A mail server that was set in the admin UI has nothing to do with the variables.
	own := object{"enabled": true, "host": "own.example.com", "port": 587}
	in.mustCall(http.MethodPatch, in.url+"/api/settings", in.superuserToken(in.keys.AdminEmail), object{"smtp": own})
	server.stop()
	in.serve()
	smtp = in.smtpSettings()
	assert.Equal(t, true, smtp["enabled"])
	assert.Equal(t, "own.example.com", smtp["host"])
}

func TestChangingTheAdminEmailRemovesTheFormerSuperuser(t *testing.T) {
	t.Parallel()
	in := install(t, startSimulator(t, simulator.Config{}))
	in.serve().stop()
	in.env = append(in.env, "PB_ADMIN_EMAIL=new-admin@example.com")
	server := in.serve()
	var warnings []string
	for line := range strings.Lines(server.log.String()) {
		if strings.Contains(line, "level=WARN") && strings.Contains(line, "removed the superuser") {
			warnings = append(warnings, line)
		}
	}
	require.Len(t, warnings, 1, server.log)
	assert.Contains(t, warnings[0], in.keys.AdminEmail)
	assert.NotEmpty(t, in.superuserToken("new-admin@example.com"))
	var refusal object
	status, err := call(http.MethodPost, in.url+"/api/collections/_superusers/auth-with-password", "",
		object{"identity": in.keys.AdminEmail, "password": in.keys.AdminPassword.Reveal()}, &refusal)
	require.NoError(t, err)
	assert.Equal(t, http.StatusBadRequest, status)
	server.stop()

	server = in.serve()
	assert.NotContains(t, server.log.String(), "removed the superuser", "the warning comes once")
}

// superuserToken signs in as a superuser with the password of the settings.
func (in *installation) superuserToken(email string) string {
	in.t.Helper()
	return in.mustCall(http.MethodPost, in.url+"/api/collections/_superusers/auth-with-password", "",
		object{"identity": email, "password": in.keys.AdminPassword.Reveal()})["token"].(string)
}

// smtpSettings returns PocketBase's settings of the mail server.
func (in *installation) smtpSettings() object {
	in.t.Helper()
	return in.mustCall(http.MethodGet, in.url+"/api/settings", in.superuserToken(in.keys.AdminEmail), nil)["smtp"].(object)
}
