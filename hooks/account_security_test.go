package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const newPassword = "another-good-password"

func signInWith(s *apptest.Server, email, password string) apptest.Answer {
	s.T.Helper()
	return signInFrom(s, nextNetwork(), "users", email, password)
}

func TestAccountRoutesByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	_, apiToken := p.CreateToken("read", "transfer", "share")
	for name, c := range map[string]struct {
		token  string
		status []int
	}{
		"guest": {"", []int{401}}, "superuser": {s.SuperuserToken(), []int{403}}, "API token": {apiToken, []int{403}},
		"database session": {p.Session, []int{401}}, "garbage": {"x.y.z", []int{401}},
	} {
		for _, path := range []string{"/api/account/password", "/api/account/sign-out-everywhere", "/api/account/two-step", "/api/account/two-step/code"} {
			got := postFresh(s, path, c.token, map[string]any{})
			assert.Contains(t, c.status, got.Status, "%s %s: %s", name, path, got.Raw)
		}
		assert.Contains(t, c.status, getWith(s, "/api/account/security", c.token).Status, name)
	}
	security := getWith(s, "/api/account/security", p.Token)
	require.Equal(t, 200, security.Status)
	assert.JSONEq(t, `{"email": "ada@example.com", "verified": false, "providers": [], "two_step": false, "two_step_available": false}`, security.Raw)
	assert.Equal(t, 200, s.SignIn("ada@example.com").Status, "none of the requests has changed anything")
	assert.Equal(t, 200, getWith(s, "/api/account/security", p.Token).Status)
}

func TestChangeOfThePasswordSignsOutElsewhere(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := signUpVerified(s, mails, "ada@example.com")
	elsewhere := s.SignIn("ada@example.com")
	_, apiToken := p.CreateToken("read")
	change := func(old, password, confirmation string) apptest.Answer {
		return postFresh(s, "/api/account/password", p.Token, map[string]any{"oldPassword": old, "password": password, "passwordConfirm": confirmation})
	}
	wrongOld := change(wrong, newPassword, newPassword)
	assert.Equal(t, 400, wrongOld.Status)
	assert.NotEmpty(t, wrongOld.Text("data.oldPassword.message"))
	assert.NotEmpty(t, change(apptest.Password, newPassword, wrong).Text("data.passwordConfirm.message"))
	assert.NotEmpty(t, change(apptest.Password, "short", "short").Text("data.password.message"))
	assert.Equal(t, 400, change(apptest.Password, "", "").Status)

	changed := change(apptest.Password, newPassword, newPassword)
	require.Equal(t, 200, changed.Status, changed.Raw)
	for _, token := range []string{p.Token, elsewhere.Text("token")} {
		assert.Equal(t, 401, getWith(s, "/api/account/security", token).Status, "sessions have ended")
	}
	assert.Equal(t, 401, getWith(s, "/api/queue", "Bearer "+apiToken).Status)
	assert.Equal(t, 401, p.Own(http.MethodGet, "/api/usage", nil).Status, "the session of the database has ended")
	assert.Equal(t, 200, getWith(s, "/api/account/security", changed.Text("token")).Status, "this client stays signed in")
	p.Session = changed.Text("meta.database.token")
	assert.Equal(t, 200, p.Own(http.MethodGet, "/api/usage", nil).Status)
	assert.Equal(t, 400, signInWith(s, "ada@example.com", apptest.Password).Status)
	assert.Equal(t, 200, signInWith(s, "ada@example.com", newPassword).Status)
	nextLetter(s, mails, "ada@example.com", "password for Fathom-to-Loom was changed", 0)
}

func TestTheOldPasswordCanNotBeGuessedOnTheAccountPage(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	p := s.SignUp("ada@example.com")
	guess := func(password string) apptest.Answer {
		return sendFrom(s, "192.0.2.77", "/api/account/password", p.Token, map[string]any{"oldPassword": password, "password": newPassword, "passwordConfirm": newPassword})
	}
	require.Equal(t, 400, guess(wrong).Status)
	paused := guess(apptest.Password)
	assert.Equal(t, 429, paused.Status, paused.Raw)
	assert.NotEmpty(t, paused.Header.Get("Retry-After"))
	s.Eventually(func() bool {
		events := s.Call(http.MethodGet, s.URL+"/api/collections/audit_events/records?filter=event='sign_in_failed'", p.Token, nil)
		return len(events.Items()) == 1
	})
}

func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("bob@example.com")
	elsewhere := s.SignIn("ada@example.com")
	_, apiToken := p.CreateToken("read")
	left := postFresh(s, "/api/account/sign-out-everywhere", p.Token, nil)
	require.Equal(t, 200, left.Status, left.Raw)
	for _, token := range []string{p.Token, elsewhere.Text("token")} {
		assert.Equal(t, 401, getWith(s, "/api/account/security", token).Status)
		assert.Equal(t, 401, postFresh(s, "/api/collections/users/auth-refresh", token, nil).Status)
		assert.Equal(t, 401, postFresh(s, "/api/account/sign-out-everywhere", token, nil).Status, "an ended session can't come back")
	}
	assert.Equal(t, 401, p.Own(http.MethodGet, "/api/usage", nil).Status)
	assert.Equal(t, 401, getWith(s, "/api/queue", "Bearer "+apiToken).Status, "API tokens are revoked")
	assert.Equal(t, 200, getWith(s, "/api/account/security", left.Text("token")).Status)
	assert.Equal(t, 200, getWith(s, "/api/account/security", other.Token).Status, "others stay signed in")
	assert.Equal(t, 200, signInWith(s, "ada@example.com", apptest.Password).Status, "the password stays the same")
	events := getWith(s, "/api/collections/audit_events/records?filter=event='sessions_ended'", left.Text("token"))
	require.Len(t, events.Items(), 1, events.Raw)
	assert.Equal(t, "owner", events.Items()[0]["actor"])
	assert.NotEmpty(t, events.Items()[0]["address"])
}

func TestPasswordReset(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := signUpVerified(s, mails, "ada@example.com")
	signUpVerified(s, mails, "bob@example.com")
	require.Equal(t, 204, postFresh(s, "/api/collections/users/request-password-reset", "", map[string]any{"email": "ADA@example.com"}).Status)
	require.Equal(t, 204, postFresh(s, "/api/collections/users/request-password-reset", "", map[string]any{"email": "nobody@example.com"}).Status)
	reset := nextLetter(s, mails, "ada@example.com", "Choose a new password", 0)
	token := reset.token(t, "reset-password")
	assert.Contains(t, reset.html, `href="`+s.URL+"/reset-password#"+token+`"`)
	assert.NotContains(t, reset.html+reset.text, "/_/")

	confirm := func(token, password string) apptest.Answer {
		return postFresh(s, "/api/collections/users/confirm-password-reset", "", map[string]any{"token": token, "password": password, "passwordConfirm": password})
	}
	assert.Equal(t, 400, confirm(token[:len(token)-2]+"xx", newPassword).Status)
	for _, foreign := range []string{p.Token, p.Session, nextLetter(s, mails, "bob@example.com", "Confirm your e-mail", 0).token(t, "verify-email")} {
		assert.Equal(t, 400, confirm(foreign, newPassword).Status, "a token for something else")
	}
	assert.Equal(t, 400, confirm(token, "short").Status)
	require.Equal(t, 204, confirm(token, newPassword).Status)
	assert.Equal(t, 400, confirm(token, "a-third-password").Status, "a link works once")
	assert.Equal(t, 401, getWith(s, "/api/account/security", p.Token).Status, "everybody is signed out")
	assert.Equal(t, 200, signInWith(s, "ada@example.com", newPassword).Status)
	assert.Equal(t, 200, signInWith(s, "bob@example.com", apptest.Password).Status)
	nextLetter(s, mails, "ada@example.com", "password for Fathom-to-Loom was changed", 0)
	assert.NotContains(t, s.Log.String(), token)
	for _, received := range mails.Mails() {
		assert.NotEqual(t, "nobody@example.com", received.To)
	}
}

func TestChangeOfTheAddress(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := signUpVerified(s, mails, "ada@example.com")
	other := signUpVerified(s, mails, "bob@example.com")
	require.Equal(t, 204, postFresh(s, "/api/collections/users/request-password-reset", "", map[string]any{"email": "ada@example.com"}).Status)
	resetToken := nextLetter(s, mails, "ada@example.com", "Choose a new password", 0).token(t, "reset-password")
	request := func(token, email string) apptest.Answer {
		return postFresh(s, "/api/collections/users/request-email-change", token, map[string]any{"newEmail": email})
	}
	assert.Equal(t, 401, request("", "new@example.com").Status)
	assert.Equal(t, 400, request(p.Token, "Bob@example.com").Status, "another account has it")
	require.Equal(t, 204, request(p.Token, "new@example.com").Status)
	token := nextLetter(s, mails, "new@example.com", "Confirm your new e-mail address", 0).token(t, "confirm-email")
	confirm := func(token, password string) apptest.Answer {
		return postFresh(s, "/api/collections/users/confirm-email-change", "", map[string]any{"token": token, "password": password})
	}
	assert.Equal(t, 400, confirm(token, wrong).Status)
	assert.Equal(t, 400, confirm(other.Token, apptest.Password).Status)
	require.Equal(t, 204, confirm(token, apptest.Password).Status)
	assert.Equal(t, 400, confirm(token, apptest.Password).Status, "a link works once")
	assert.Equal(t, 400, signInWith(s, "ada@example.com", apptest.Password).Status)
	moved := signInWith(s, "new@example.com", apptest.Password)
	require.Equal(t, 200, moved.Status, moved.Raw)
	assert.Equal(t, true, moved.Get("record.verified"))
	nextLetter(s, mails, "ada@example.com", "e-mail address for Fathom-to-Loom was changed", 0)
	stale := postFresh(s, "/api/collections/users/confirm-password-reset", "", map[string]any{"token": resetToken, "password": newPassword, "passwordConfirm": newPassword})
	assert.Equal(t, 400, stale.Status, "a link sent to the former address no longer works")
}

func TestTheLinkForANewAddressDoesNotHelpToGuessThePassword(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := signUpVerified(s, mails, "ada@example.com")
	require.Equal(t, 204, postFresh(s, "/api/collections/users/request-email-change", p.Token, map[string]any{"newEmail": "thief@example.com"}).Status)
	token := nextLetter(s, mails, "thief@example.com", "Confirm your new e-mail address", 0).token(t, "confirm-email")
	guess := func(password string) apptest.Answer {
		return sendFrom(s, "192.0.2.78", "/api/collections/users/confirm-email-change", "", map[string]any{"token": token, "password": password})
	}
	require.Equal(t, 400, guess(wrong).Status)
	assert.Equal(t, 429, guess(apptest.Password).Status)
	assert.Equal(t, "ada@example.com", s.User(p.ID).Email())
}

func TestNewUsersConfirmTheirAddress(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t, "OPERATOR_CONTACT=help@example.com")
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	nextLetter(s, mails, "ada@example.com", "Confirm your e-mail address", 0)
	require.Equal(t, 200, createUser(s, s.SuperuserToken(), map[string]any{"email": "boss@example.com"}).Status)
	require.Equal(t, 200, s.SignUpOnly("last@example.com").Status)
	nextLetter(s, mails, "last@example.com", "Confirm your e-mail address", 0)
	for _, received := range mails.Mails() {
		assert.NotEqual(t, "boss@example.com", received.To, "an operator knows whose account it is")
	}
	described := getWith(s, "/api/app", "")
	assert.Equal(t, "help@example.com", described.Text("operator"))
	assert.NotContains(t, described.Raw, apptest.Secrets().AdminEmail)
}

func TestNobodyIsNotifiedAtAnUnconfirmedAddress(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := s.SignUp("stranger@example.com")
	last := signUpVerified(s, mails, "last@example.com")
	for _, person := range []apptest.Person{p, last} {
		changed := postFresh(s, "/api/account/password", person.Token, map[string]any{"oldPassword": apptest.Password, "password": newPassword, "passwordConfirm": newPassword})
		require.Equal(t, 200, changed.Status, changed.Raw)
	}
	nextLetter(s, mails, "last@example.com", "was changed", 0)
	for _, received := range mails.Mails() {
		if received.To == "stranger@example.com" {
			assert.False(t, strings.Contains(received.Text, "was changed"))
		}
	}
}
