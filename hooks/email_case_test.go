package hooks_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// signInAs signs in with a password of its own, from a network of its own if the server trusts a proxy.
func signInAs(s *apptest.Server, identity, password string) apptest.Answer {
	s.T.Helper()
	return signInFrom(s, nextNetwork(), "users", identity, password)
}

var networks atomic.Int32

// nextNetwork returns an address in a network of its own, to which no pause applies after a failed sign-in.
func nextNetwork() string {
	n := networks.Add(1)
	return fmt.Sprintf("10.%d.%d.1", 9+n/250, n%250)
}

// setEmail changes an address in the database file, as only earlier versions of the program accepted it.
func setEmail(s *apptest.Server, id, email string) {
	s.T.Helper()
	_, err := s.App.NonconcurrentDB().NewQuery("UPDATE users SET email = '" + email + "' WHERE id = '" + id + "'").Execute()
	require.NoError(s.T, err)
}

func TestSignInIgnoresTheCaseOfTheAddress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	p := s.SignUp("Ada.Lovelace@Example.com")
	for _, spelling := range []string{"ada.lovelace@example.com", "ADA.LOVELACE@EXAMPLE.COM", "Ada.Lovelace@EXAMPLE.com", p.Email} {
		signedIn := signInAs(s, spelling, apptest.Password)
		require.Equal(t, 200, signedIn.Status, spelling)
		assert.Equal(t, p.ID, signedIn.Text("record.id"))
		assert.Equal(t, p.Email, signedIn.Text("record.email"), "the stored address doesn't change")
		assert.Equal(t, 400, signInAs(s, spelling, "a-wrong-password").Status)
		byField := sendFrom(s, nextNetwork(), "/api/collections/users/auth-with-password", "", map[string]any{
			"identity": spelling, "password": apptest.Password, "identityField": "email",
		})
		assert.Equal(t, 200, byField.Status, spelling)
	}
	assert.Equal(t, 400, s.SignIn("ada_lovelace@example.com").Status, "the underscore is no wildcard")
	assert.Equal(t, 400, s.SignIn("ada%@example.com").Status)
}

func TestAddressInAnotherCaseIsRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, grace := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	record := func(p apptest.Person) string { return s.URL + "/api/collections/users/records/" + p.ID }
	for name, refused := range map[string]apptest.Answer{
		"sign-up":              s.SignUpOnly("Ada@example.com"),
		"domain":               s.SignUpOnly("ada@EXAMPLE.com"),
		"created by superuser": createUser(s, s.SuperuserToken(), map[string]any{"email": "ADA@example.com"}),
		"edited by superuser":  s.Call(http.MethodPatch, record(grace), s.SuperuserToken(), map[string]any{"email": "aDa@example.com"}),
	} {
		assert.Equal(t, 400, refused.Status, name)
		assert.Equal(t, "validation_not_unique", refused.Text("data.email.code"), name)
		assert.Contains(t, refused.Text("data.email.message"), "Another account", name)
	}
	for _, spelling := range []string{"Ada@Example.com", "ada@example.com"} {
		change := s.Call(http.MethodPost, s.URL+"/api/collections/users/request-email-change", grace.Token, map[string]any{"newEmail": spelling})
		assert.Equal(t, 400, change.Status)
		assert.NotEmpty(t, change.Text("data.newEmail.message"), change.Raw)
	}
	// Another user takes the address after the change was requested.
	user := s.User(grace.ID)
	token, err := user.NewEmailChangeToken("Later@example.com")
	require.NoError(t, err)
	later := s.SignUp("later@example.com")
	confirm := func(token string) apptest.Answer {
		return s.Call(http.MethodPost, s.URL+"/api/collections/users/confirm-email-change", "", map[string]any{"token": token, "password": apptest.Password})
	}
	assert.Equal(t, 400, confirm(token).Status)
	assert.Equal(t, "grace@example.com", s.User(grace.ID).Email())
	assert.Equal(t, "later@example.com", s.User(later.ID).Email())

	token, err = s.User(ada.ID).NewEmailChangeToken("Ada@Example.com")
	require.NoError(t, err)
	assert.Equal(t, 204, confirm(token).Status, "users may change the case of their own address")
	assert.Equal(t, "Ada@Example.com", s.User(ada.ID).Email())
}

func TestConcurrentSignUpsInDifferentCaseCreateOneAccount(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	spellings := []string{"ada@example.com", "Ada@example.com", "aDa@example.com", "adA@example.com", "ADA@example.com", "ada@Example.com"}
	statuses := make([]int, len(spellings))
	var clients sync.WaitGroup
	for i, email := range spellings {
		clients.Go(func() {
			created, err := apptest.Send(http.MethodPost, s.URL+"/api/collections/users/records", "", map[string]any{
				"email": email, "password": apptest.Password, "passwordConfirm": apptest.Password,
			})
			assert.NoError(t, err)
			statuses[i] = created.Status
		})
	}
	clients.Wait()
	users := s.Call(http.MethodGet, s.URL+"/api/collections/users/records", s.SuperuserToken(), nil).Items()
	assert.Len(t, users, 1, "%v", statuses)
	assert.Contains(t, statuses, 200)
}

func TestExistingAddressesThatDifferInCaseAreKept(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	lower, upper, other := s.SignUp("ada@example.com"), s.SignUp("temporary@example.com"), s.SignUp("grace@example.com")
	require.Equal(t, 200, s.Call(http.MethodPatch, s.URL+"/api/collections/users/records/"+upper.ID, s.SuperuserToken(), map[string]any{
		"password": "another-password", "passwordConfirm": "another-password",
	}).Status)
	setEmail(s, upper.ID, "Ada@Example.com")
	assert.NotContains(t, s.Log.String(), "differ only in case")
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Settings: []string{behindProxy}})
	assert.Equal(t, 1, strings.Count(next.Log.String(), "differ only in case"))
	assert.Contains(t, next.Log.String(), upper.ID)
	assert.Contains(t, next.Log.String(), lower.ID)
	assert.NotContains(t, next.Log.String(), other.ID)
	assert.NotContains(t, strings.ToLower(next.Log.String()), "ada@example.com", "addresses are not logged")

	assert.Equal(t, lower.ID, signInAs(next, "ada@example.com", apptest.Password).Text("record.id"))
	assert.Equal(t, upper.ID, signInAs(next, "Ada@Example.com", "another-password").Text("record.id"))
	unknown := signInAs(next, "nobody@example.com", apptest.Password)
	for _, password := range []string{apptest.Password, "another-password"} {
		ambiguous := signInAs(next, "ADA@example.com", password)
		assert.Equal(t, 400, ambiguous.Status)
		assert.Equal(t, unknown.Raw, ambiguous.Raw, "the response doesn't reveal that accounts exist")
	}
	assert.Equal(t, 400, next.SignUpOnly("aDA@example.com").Status)
	renamed := next.Call(http.MethodPatch, next.URL+"/api/collections/users/records/"+lower.ID, lower.Token, map[string]any{"name": "Ada"})
	assert.Equal(t, 200, renamed.Status, "other fields of such an account can change: %s", renamed.Raw)
	released := next.Call(http.MethodPatch, next.URL+"/api/collections/users/records/"+upper.ID, next.SuperuserToken(), map[string]any{"email": "king@example.com"})
	assert.Equal(t, 200, released.Status, released.Raw)
	assert.Equal(t, lower.ID, signInAs(next, "ADA@example.com", apptest.Password).Text("record.id"), "only one account is left")
}

func TestMailRequestsIgnoreTheCaseOfTheAddress(t *testing.T) {
	t.Parallel()
	s, box := startWithMail(t)
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.OTP.Enabled, users.MFA.Enabled = true, false
	require.NoError(t, s.App.Save(users))
	ada, twin := createAccount(s, "Ada@example.com"), createAccount(s, "twin@example.com")
	setEmail(s, createAccount(s, "second-twin@example.com").ID, "TWIN@example.com")

	request := func(route, email string) apptest.Answer {
		return s.Call(http.MethodPost, s.URL+"/api/collections/users/"+route, "", map[string]any{"email": email})
	}
	for _, route := range []string{"request-password-reset", "request-verification"} {
		require.Equal(t, 204, request(route, "aDA@example.com").Status)
		to, token := box.receive(t)
		assert.Equal(t, ada.Email, to, route)
		assert.NotEmpty(t, token)
		require.Equal(t, 204, request(route, "Twin@example.com").Status, "two accounts match")
		form, err := http.PostForm(s.URL+"/api/collections/_pb_users_auth_/"+route, url.Values{"email": {"twin@example.com"}})
		require.NoError(t, err)
		require.NoError(t, form.Body.Close())
		to, _ = box.receive(t)
		assert.Equal(t, twin.Email, to, "an exact match wins")
	}
	code := request("request-otp", "ADA@EXAMPLE.COM")
	require.Equal(t, 200, code.Status)
	otp, err := s.App.FindOTPById(code.Text("otpId"))
	require.NoError(t, err)
	assert.Equal(t, ada.ID, otp.RecordRef())
	assert.Equal(t, ada.Email, (<-box.messages).Message.To[0].Address)
	dummy := request("request-otp", "tWIN@example.com")
	require.Equal(t, 200, dummy.Status)
	_, err = s.App.FindOTPById(dummy.Text("otpId"))
	assert.Error(t, err, "two accounts match")
	assert.Empty(t, box.messages)
}

func TestOAuth2SignInIgnoresTheCaseOfTheAddress(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=verified"}})
	require.Equal(t, 200, s.SignUpOnly("Ada@example.com").Status)
	signedIn := useIdentityProvider(s, "ada@Example.com")()
	require.Equal(t, 200, signedIn.Status, signedIn.Raw)
	assert.Equal(t, "Ada@example.com", signedIn.Text("record.email"))
	assert.Equal(t, true, signedIn.Get("record.verified"), "the provider has verified the address")
	assert.Len(t, s.Call(http.MethodGet, s.URL+"/api/collections/users/records", s.SuperuserToken(), nil).Items(), 1)
}

func TestSuperusersSignInAsBefore(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=closed"}})
	signIn := func(identity string) int {
		return s.Call(http.MethodPost, s.URL+"/api/collections/"+core.CollectionNameSuperusers+"/auth-with-password", "", map[string]any{
			"identity": identity, "password": apptest.Secrets().AdminPassword.Reveal(),
		}).Status
	}
	assert.Equal(t, 200, signIn(apptest.Secrets().AdminEmail))
	assert.Equal(t, 400, signIn(strings.ToUpper(apptest.Secrets().AdminEmail)))
}

func TestSuperusersMayNotDifferInCaseOnly(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	records := s.URL + "/api/collections/_superusers/records"
	create := func(email string) apptest.Answer {
		return s.Call(http.MethodPost, records, s.SuperuserToken(), map[string]any{
			"email": email, "password": apptest.Password, "passwordConfirm": apptest.Password,
		})
	}
	grace := create("Grace.Hopper@example.com")
	require.Equal(t, 200, grace.Status, grace.Raw)
	eve := create("eve@example.com")
	require.Equal(t, 200, eve.Status, eve.Raw)
	for name, refused := range map[string]apptest.Answer{
		"new":    create("grace.hopper@Example.com"),
		"edited": s.Call(http.MethodPatch, records+"/"+eve.Text("id"), s.SuperuserToken(), map[string]any{"email": "GRACE.HOPPER@example.com"}),
	} {
		assert.Equal(t, 400, refused.Status, name)
		assert.Contains(t, refused.Text("data.email.message"), "superuser Grace.Hopper@example.com has this e-mail address", name)
	}
	same := create("eve@example.com")
	assert.Equal(t, 400, same.Status)
	assert.Contains(t, same.Text("data.email.message"), "Another account")
	assert.Equal(t, 200, s.Call(http.MethodPatch, records+"/"+eve.Text("id"), s.SuperuserToken(), map[string]any{"email": "Eve@example.com"}).Status,
		"a superuser may change the case of their own address")
	require.Equal(t, 200, s.SignUpOnly("GRACE.HOPPER@example.com").Status, "a user may have the address of a superuser")
}
