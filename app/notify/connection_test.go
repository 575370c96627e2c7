package notify_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
)

func with(settings map[string]any, key string, value any) map[string]any {
	changed := map[string]any{}
	for k, v := range settings {
		changed[k] = v
	}
	changed[key] = value
	return changed
}

func TestSettingsOfConnectionsAreChecked(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	server := map[string]any{"host": "smtp.example.com", "port": 587, "username": "ada", "from": "Ada <ada@example.com>", "security": "starttls"}
	hook := map[string]any{"url": "https://hooks.example.com/x"}
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	for name, body := range map[string]map[string]any{
		"no settings":           {"provider": "smtp", "secret": "password"},
		"unknown setting":       {"provider": "smtp", "secret": "password", "settings": with(server, "debug", true)},
		"port of another kind":  {"provider": "smtp", "secret": "password", "settings": with(server, "port", 22)},
		"port as text":          {"provider": "smtp", "secret": "password", "settings": with(server, "port", "587")},
		"host with a path":      {"provider": "smtp", "secret": "password", "settings": with(server, "host", "smtp.example.com/x")},
		"host with a port":      {"provider": "smtp", "secret": "password", "settings": with(server, "host", "smtp.example.com:25")},
		"no host":               {"provider": "smtp", "secret": "password", "settings": with(server, "host", "")},
		"line break in address": {"provider": "smtp", "secret": "password", "settings": with(server, "from", "ada@example.com\r\nRCPT TO:<eve@example.com>")},
		"no address":            {"provider": "smtp", "secret": "password", "settings": with(server, "from", "")},
		"unknown encryption":    {"provider": "smtp", "secret": "password", "settings": with(server, "security", "none")},
		"no user name":          {"provider": "smtp", "secret": "password", "settings": with(server, "username", "")},
		"no password":           {"provider": "smtp", "settings": server},
		"weak signing secret":   {"provider": "webhook", "secret": "whsec_c2hvcnQ=", "settings": hook},
		"no URL":                {"provider": "webhook", "secret": secret, "settings": map[string]any{}},
		"another scheme":        {"provider": "webhook", "secret": secret, "settings": with(hook, "url", "ftp://hooks.example.com")},
		"credentials in URL":    {"provider": "webhook", "secret": secret, "settings": with(hook, "url", "https://a:b@hooks.example.com")},
		"metadata service":      {"provider": "webhook", "secret": secret, "settings": with(hook, "url", "https://169.254.169.254/latest")},
		"unknown event":         {"provider": "webhook", "secret": secret, "settings": with(hook, "events", []string{"everything"})},
	} {
		got := p.Own("POST", connectionsPath, body)
		assert.Equal(t, 400, got.Status, "%s: %s", name, got.Raw)
	}
	assert.Empty(t, p.ListOwn("connections", ""))
}

func TestMailServerIsCheckedWhenItIsSaved(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	server := startOwnMailServer(t, mailtest.Options{SignIn: []string{"PLAIN"}})
	server.Refuse("MAIL", 553, "Not your address")
	saved := saveMailServer(p, server)
	assert.Equal(t, "invalid", saved["status"])
	assert.Equal(t, "The mail server refused the sender ada@example.com: 553 Not your address", saved["reason"])
	assert.NotContains(t, saved, "secret")

	server.Refuse("MAIL", 0, "")
	path := connectionsPath + "/" + saved["id"].(string)
	again := p.Own("PATCH", path, map[string]any{"secret": mailtest.Password})
	require.Equal(t, 200, again.Status, again.Raw)
	assert.Equal(t, "valid", waitForCheck(p, "smtp")["status"])
	assert.Empty(t, server.Mails(), "a check sends no mail")

	elsewhere := with(smtpSettings(server), "host", "127.0.0.2")
	stolen := p.Own("PATCH", path, map[string]any{"settings": elsewhere})
	assert.Equal(t, 400, stolen.Status, "the saved password goes to no other server: %s", stolen.Raw)
	assert.NotEmpty(t, stolen.Text("data.secret.message"))

	// Nobody knows to which server the password of settings belongs that can't be read.
	require.NoError(t, s.Stop())
	apptest.Execute(t, s.FolderPath(p.Name)+"/data.db", `UPDATE connections SET settings = '{"host": 1}' WHERE provider = 'smtp'`)
	p = p.On(s.Restart())
	stolen = p.Own("PATCH", path, map[string]any{"settings": elsewhere})
	assert.Equal(t, 400, stolen.Status, stolen.Raw)
	assert.NotEmpty(t, stolen.Text("data.secret.message"))
}

func TestWorkingMailServerIsReplacedOnlyByAnotherOne(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	first := startOwnMailServer(t, mailtest.Options{SignIn: []string{"PLAIN"}})
	second := startOwnMailServer(t, mailtest.Options{SignIn: []string{"LOGIN"}})
	path := connectionsPath + "/" + saveMailServer(p, first)["id"].(string)

	wrong := p.Own("PATCH", path, map[string]any{"secret": "wrong-password", "settings": smtpSettings(second)})
	require.Equal(t, 400, wrong.Status, wrong.Raw)
	assert.Contains(t, wrong.Text("data.secret.message"), "refused the user name or password")
	assert.Contains(t, wrong.Text("data.secret.message"), "The earlier one stays in use.")
	second.Refuse("CONNECT", 421, "Busy")
	later := p.Own("PATCH", path, map[string]any{"secret": mailtest.Password, "settings": smtpSettings(second)})
	assert.Equal(t, 503, later.Status, later.Raw)
	batch := p.Own("POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "PATCH", "url": path, "body": map[string]any{"secret": mailtest.Password}},
	}})
	assert.Equal(t, 400, batch.Status, batch.Raw)
	connection := waitForCheck(p, "smtp")
	assert.Equal(t, "valid", connection["status"])
	assert.Equal(t, first.Host, connection["settings"].(map[string]any)["host"])

	first.Refuse("MAIL", 553, "Not your address")
	sender := p.Own("PATCH", path, map[string]any{"settings": with(smtpSettings(first), "from", "eve@example.com")})
	assert.Equal(t, 400, sender.Status, "settings alone are tested, too: %s", sender.Raw)
	first.Refuse("MAIL", 0, "")

	second.Refuse("CONNECT", 0, "")
	replaced := p.Own("PATCH", path, map[string]any{"secret": mailtest.Password, "settings": smtpSettings(second)})
	require.Equal(t, 200, replaced.Status, replaced.Raw)
	connection = waitForCheck(p, "smtp")
	assert.Equal(t, "valid", connection["status"])
	assert.Equal(t, second.Host, connection["settings"].(map[string]any)["host"])
}

func TestCorrectedSettingsAreChecked(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	server := startOwnMailServer(t, mailtest.Options{SignIn: []string{"PLAIN"}})
	server.Refuse("MAIL", 553, "Not your address")
	saved := saveMailServer(p, server)
	require.Equal(t, "invalid", saved["status"])
	server.Refuse("MAIL", 0, "")
	corrected := p.Own("PATCH", connectionsPath+"/"+saved["id"].(string), map[string]any{"settings": with(smtpSettings(server), "from", "ada.lovelace@example.com")})
	require.Equal(t, 200, corrected.Status, corrected.Raw)
	assert.Equal(t, "valid", waitForCheck(p, "smtp")["status"])
}

func TestInterruptedCheckOfAMailServerIsRepeated(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	server := startOwnMailServer(t, mailtest.Options{SignIn: []string{"PLAIN"}})
	asked, proceed := make(chan struct{}), make(chan struct{})
	server.On("MAIL", func() {
		close(asked)
		<-proceed
	})
	saved := p.Own("POST", connectionsPath, map[string]any{"provider": "smtp", "secret": mailtest.Password, "settings": smtpSettings(server)})
	require.Equal(t, 200, saved.Status, saved.Raw)
	<-asked
	require.NoError(t, s.Stop())
	server.On("MAIL", nil)
	close(proceed)
	p = p.On(s.Restart())
	assert.Equal(t, "valid", waitForCheck(p, "smtp")["status"])
}

func TestMailServersOnThisNetworkAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"FATHOM_API_URL=https://192.0.2.1/external/v1"}})
	p := s.SignUp("ada@example.com")
	server := startOwnMailServer(t, mailtest.Options{SignIn: []string{"PLAIN"}})
	saved := saveMailServer(p, server)
	assert.Equal(t, "invalid", saved["status"])
	assert.Equal(t, "This mail server's address is not allowed.", saved["reason"])
	assert.Zero(t, server.Sessions())
}
