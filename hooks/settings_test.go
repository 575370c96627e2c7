package hooks_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestSettingsFollowTheEnvironmentBothWays(t *testing.T) {
	t.Parallel()
	mail := []string{"SMTP_HOST=mail.example.com", "SMTP_USERNAME=fathom", "SMTP_PASSWORD=hidden-secret", "SMTP_FROM=loom@example.com"}
	for name, test := range map[string]struct {
		environment  []string
		path         string // in the settings
		applied      any
		change       map[string]any // in the admin UI
		changed      any
		withoutThese any // after the variables were removed
	}{
		"mail server": {
			environment: mail, path: "smtp.host", applied: "mail.example.com",
			change:  map[string]any{"smtp": map[string]any{"enabled": true, "host": "other.example.com", "port": 25}},
			changed: "other.example.com", withoutThese: "",
		},
		"addresses of superusers": {
			environment: []string{"SUPERUSER_IPS=127.0.0.1,::1,198.51.100.7/24"}, path: "superuserIPs",
			applied: []any{"127.0.0.1", "::1", "198.51.100.0/24"},
			change:  map[string]any{"superuserIPs": []string{"127.0.0.0/8"}},
			changed: []any{"127.0.0.0/8"}, withoutThese: []any{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := func(s *apptest.Server) any {
				settings := s.Call(http.MethodGet, s.URL+"/api/settings", s.SuperuserToken(), nil)
				require.Equal(t, 200, settings.Status, settings.Raw)
				return settings.Get(test.path)
			}
			change := func(s *apptest.Server) {
				got := s.Call(http.MethodPatch, s.URL+"/api/settings", s.SuperuserToken(), test.change)
				require.Equal(t, 200, got.Status, got.Raw)
			}
			first := apptest.Start(t, apptest.Options{Settings: test.environment})
			require.Equal(t, test.applied, read(first))
			removed := first.Restart()
			assert.Equal(t, test.withoutThese, read(removed), "the variables were removed")
			change(removed)
			kept := removed.Restart()
			assert.Equal(t, test.changed, read(kept), "somebody has set it in the admin UI")
			again := kept.Restart(test.environment...)
			assert.Equal(t, test.applied, read(again), "the environment comes first")
			change(again)
			assert.Equal(t, test.applied, read(again.Restart(test.environment...)), "the environment comes first at each start")
		})
	}
}

func TestWhatTheAdminUIChangedStaysWhenTheVariablesAreRemoved(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SUPERUSER_IPS=127.0.0.1"}})
	got := s.Call(http.MethodPatch, s.URL+"/api/settings", s.SuperuserToken(), map[string]any{"superuserIPs": []string{"127.0.0.0/8"}})
	require.Equal(t, 200, got.Status, got.Raw)
	next := s.Restart()
	assert.Equal(t, []any{"127.0.0.0/8"}, next.Call(http.MethodGet, next.URL+"/api/settings", next.SuperuserToken(), nil).Get("superuserIPs"))
}

func TestMailServerOfAnEarlierVersionIsRemoved(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SMTP_HOST=mail.example.com", "SMTP_FROM=loom@example.com"}})
	require.NoError(t, s.Stop())
	apptest.Execute(t, s.GlobalFile(), "UPDATE _params SET value = 'true' WHERE id = 'smtpFromEnvironment'")
	next := s.Restart()
	settings := next.Call(http.MethodGet, next.URL+"/api/settings", next.SuperuserToken(), nil)
	assert.Equal(t, false, settings.Get("smtp.enabled"))
	assert.Equal(t, "", settings.Get("smtp.host"))
}

func TestSuperusersWorkFromAllowedAddressesOnly(t *testing.T) {
	t.Parallel()
	const inside, outside = "203.0.113.7", "192.0.2.1"
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy, "SUPERUSER_IPS=203.0.113.0/24"}})
	p := s.SignUp("ada@example.com")
	admin := apptest.Secrets()
	signIn := func(address string) apptest.Answer {
		return signInFrom(s, address, "_superusers", admin.AdminEmail, admin.AdminPassword.Reveal())
	}
	assert.Equal(t, 403, signIn(outside).Status)
	allowed := signIn(inside)
	require.Equal(t, 200, allowed.Status, allowed.Raw)
	token := allowed.Text("token")
	for name, link := range map[string]string{
		"global API":    s.URL + "/api/settings",
		"user database": p.DatabaseURL + "/api/collections/meetings/records",
	} {
		for address, want := range map[string]int{inside: 200, outside: 403, "": 403} {
			got, err := apptest.SendFrom(address, http.MethodGet, link, token, nil)
			require.NoError(t, err)
			assert.Equal(t, want, got.Status, "%s from %q: %s", name, address, got.Raw)
		}
	}
	forwarded, err := apptest.SendFrom(outside, http.MethodPost, p.DatabaseURL+"/api/collections/_superusers/auth-with-password", "",
		map[string]any{"identity": admin.AdminEmail, "password": admin.AdminPassword.Reveal()})
	require.NoError(t, err)
	assert.Equal(t, 403, forwarded.Status, "a sign-in in the admin UI of a user database")
	own, err := apptest.SendFrom(outside, http.MethodGet, p.DatabaseURL+"/api/collections/meetings/records", p.Session, nil)
	require.NoError(t, err)
	assert.Equal(t, 200, own.Status, "users aren't superusers")
}
