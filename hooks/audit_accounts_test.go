package hooks_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// describe returns what the events of a list say, without their times and counts, the oldest first.
func describe(events []map[string]any) []string {
	texts := make([]string, len(events))
	for i, event := range events {
		text := event["event"].(string)
		for _, field := range []string{"detail", "actor", "actor_email"} {
			if value := event[field].(string); value != "" {
				text += " " + value
			}
		}
		texts[len(events)-1-i] = text
	}
	return texts
}

func TestAuditTrailOfAnAccount(t *testing.T) {
	t.Parallel()
	admin := apptest.Secrets().AdminEmail
	for name, test := range map[string]struct {
		act  func(s *apptest.Server, p apptest.Person)
		want []string // after the first sign-in
	}{
		"wrong passwords": {func(s *apptest.Server, p apptest.Person) {
			require.Equal(s.T, 400, signInFrom(s, "198.51.100.1", "users", p.Email, wrong).Status)
			require.Equal(s.T, 400, signInFrom(s, "203.0.113.1", "users", p.Email, wrong).Status)
		}, []string{"sign_in_failed password owner"}},
		"wrong code": {func(s *apptest.Server, p apptest.Person) {
			otp := createCode(s, p.ID)
			got := s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-otp", "", map[string]any{"otpId": otp, "password": "87654321"})
			require.Equal(s.T, 400, got.Status, got.Raw)
		}, []string{"sign_in_failed otp owner"}},
		"wrong old password": {func(s *apptest.Server, p apptest.Person) {
			got := s.Call(http.MethodPatch, s.URL+usersPath+"/"+p.ID, p.Token, map[string]any{
				"oldPassword": wrong, "password": "a-new-password", "passwordConfirm": "a-new-password",
			})
			require.Equal(s.T, 400, got.Status, got.Raw)
		}, []string{"sign_in_failed password owner"}},
		"code": {func(s *apptest.Server, p apptest.Person) {
			require.Equal(s.T, 200, signInWithCode(s, p.Email, "").Status)
		}, []string{"sign_in otp owner"}},
		"provider": {func(s *apptest.Server, p apptest.Person) {
			user := s.User(p.ID)
			user.SetVerified(true)
			require.NoError(s.T, s.App.Save(user))
			require.Equal(s.T, 200, useIdentityProvider(s, p.Email)().Status)
		}, []string{"oauth2_linked oidc owner", "sign_in oidc owner"}},
		"unlinked provider": {func(s *apptest.Server, p apptest.Person) {
			user := s.User(p.ID)
			user.SetVerified(true)
			require.NoError(s.T, s.App.Save(user))
			signIn := useIdentityProvider(s, p.Email)()
			require.Equal(s.T, 200, signIn.Status)
			links, err := s.App.FindAllExternalAuthsByRecord(user)
			require.NoError(s.T, err)
			got := s.Call(http.MethodDelete, s.URL+"/api/collections/_externalAuths/records/"+links[0].Id, signIn.Text("token"), nil)
			require.Equal(s.T, 204, got.Status, got.Raw)
		}, []string{"oauth2_linked oidc owner", "sign_in oidc owner", "oauth2_unlinked oidc owner"}},
		"new password": {func(s *apptest.Server, p apptest.Person) {
			got := s.Call(http.MethodPatch, s.URL+usersPath+"/"+p.ID, p.Token, map[string]any{
				"oldPassword": apptest.Password, "password": "a-new-password", "passwordConfirm": "a-new-password",
			})
			require.Equal(s.T, 200, got.Status, got.Raw)
		}, []string{"password_changed owner"}},
		"reset": {func(s *apptest.Server, p apptest.Person) {
			token, err := s.User(p.ID).NewPasswordResetToken()
			require.NoError(s.T, err)
			got := s.Call(http.MethodPost, s.URL+"/api/collections/users/confirm-password-reset", "", map[string]any{
				"token": token, "password": "another-password", "passwordConfirm": "another-password",
			})
			require.Equal(s.T, 204, got.Status, got.Raw)
		}, []string{"password_changed owner"}},
		"new address": {func(s *apptest.Server, p apptest.Person) {
			token, err := s.User(p.ID).NewEmailChangeToken("new@example.com")
			require.NoError(s.T, err)
			got := s.Call(http.MethodPost, s.URL+"/api/collections/users/confirm-email-change", "", map[string]any{"token": token, "password": apptest.Password})
			require.Equal(s.T, 204, got.Status, got.Raw)
		}, []string{"email_changed owner"}},
		"superuser's changes": {func(s *apptest.Server, p apptest.Person) {
			got := s.Call(http.MethodPatch, s.URL+usersPath+"/"+p.ID, s.SuperuserToken(), map[string]any{
				"email": "other@example.com", "password": "a-new-password", "passwordConfirm": "a-new-password",
			})
			require.Equal(s.T, 200, got.Status, got.Raw)
		}, []string{"password_changed superuser " + admin, "email_changed superuser " + admin}},
		"end of all sessions": {func(s *apptest.Server, p apptest.Person) {
			user := s.User(p.ID)
			user.RefreshTokenKey()
			require.NoError(s.T, s.App.Save(user))
		}, []string{"sessions_ended server"}},
		"failed change": {func(s *apptest.Server, p apptest.Person) {
			got := s.Call(http.MethodPatch, s.URL+usersPath+"/"+p.ID, s.SuperuserToken(), map[string]any{"password": "short", "passwordConfirm": "short"})
			require.Equal(s.T, 400, got.Status, got.Raw)
		}, []string{}},
		"renewal": {func(s *apptest.Server, p apptest.Person) {
			require.Equal(s.T, 200, s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-refresh", p.Token, nil).Status)
			require.Equal(s.T, 200, s.Call(http.MethodPost, s.URL+"/api/session", p.Token, nil).Status)
		}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
			p := s.SignUp("ada@example.com")
			test.act(s, p)
			var got []string
			s.Eventually(func() bool { // failures are written soon
				got = describe(activity(s, s.SuperuserToken(), p.ID))[1:]
				return len(got) >= len(test.want)
			})
			assert.Equal(t, test.want, got)
			for _, event := range activity(s, s.SuperuserToken(), p.ID) {
				assert.NotContains(t, event, "auditActor")
				if event["actor"] != "server" && event["event"] != "oauth2_linked" {
					assert.NotEmpty(t, event["address"], event["event"])
				}
			}
		})
	}
}

func TestFailedSignInsAreOneRow(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	p := s.SignUp("ada@example.com")
	attack(s, "users", p.Email)
	attack(s, "users", "nobody@example.com")
	require.NoError(t, s.Stop()) // which writes what is counted
	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Settings: []string{behindProxy}})
	total := 0.0
	list := next.Call(http.MethodGet, next.URL+auditPath+"?filter=event='sign_in_failed'", next.SuperuserToken(), nil)
	for _, event := range list.Items() {
		assert.Equal(t, p.ID, event["owner"], "accounts that don't exist have no rows")
		total += event["count"].(float64)
	}
	assert.LessOrEqual(t, len(list.Items()), 2, "the hour may end during the test")
	assert.EqualValues(t, 100, total)
}

func TestSuperusersHaveAnAuditTrail(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	token := s.SuperuserToken()
	run := func(args ...string) {
		t.Helper()
		other := apptest.NewApp(s.Dir)
		other.RootCmd.SetOut(io.Discard)
		require.NoError(t, cli.Run(t.Context(), other, append([]string{"superuser"}, args...)...))
	}
	const email = "eve@example.com"
	run("create", email, apptest.Password)
	eve, err := s.App.FindAuthRecordByEmail("_superusers", email)
	require.NoError(t, err)
	require.Equal(t, 200, signInFrom(s, "", "_superusers", email, apptest.Password).Status)
	run("update", email, "another-password")
	admin := apptest.Secrets().AdminEmail
	got := s.Call(http.MethodPatch, s.URL+"/api/collections/_superusers/records/"+eve.Id, token, map[string]any{"email": "eva@example.com"})
	require.Equal(t, 200, got.Status, got.Raw)
	run("delete", "eva@example.com")
	assert.Equal(t, []string{
		"superuser_added operator", "sign_in password owner", "password_changed operator", "email_changed superuser " + admin, "superuser_removed operator",
	}, describe(activity(s, token, eve.Id)))
}

func TestDeletedAccountsLeaveNoEvents(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_DELETE_GRACE=0s", behindProxy}})
	withDatabase, without := s.SignUp("ada@example.com"), s.SignUpOnly("grace@example.com").Text("id")
	require.Equal(t, 400, signInFrom(s, "", "users", "grace@example.com", wrong).Status)
	s.Eventually(func() bool { return len(activity(s, s.SuperuserToken(), without)) == 1 })
	for _, id := range []string{withDatabase.ID, without} {
		require.Equal(t, 204, s.Call(http.MethodDelete, s.URL+usersPath+"/"+id, s.SuperuserToken(), nil).Status)
	}
	assert.Empty(t, activity(s, s.SuperuserToken(), without), "there is no database to wait for")
	assert.NotEmpty(t, activity(s, s.SuperuserToken(), withDatabase.ID), "the account can be restored")
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Empty(t, activity(s, s.SuperuserToken(), withDatabase.ID))
}
