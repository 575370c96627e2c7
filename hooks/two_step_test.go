package hooks_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
)

const codeSubject = "Your code for Fathom-to-Loom"

// setTwoStepDirectly is what a superuser does in the admin UI.
func setTwoStepDirectly(s *apptest.Server, id string, on bool) {
	s.T.Helper()
	changed := s.Call(http.MethodPatch, s.URL+usersPath+"/"+id, s.SuperuserToken(), map[string]any{"two_factor": on})
	require.Equal(s.T, 200, changed.Status, changed.Raw)
}

// firstStep signs in with the password, and returns the id that the second step needs.
func firstStep(s *apptest.Server, email string) string {
	s.T.Helper()
	got := signInWith(s, email, apptest.Password)
	require.Equal(s.T, 401, got.Status, got.Raw)
	assert.Len(s.T, got.Body, 1, "nothing but the id: %s", got.Raw)
	return got.Text("mfaId")
}

// secondStep enters a code.
func secondStep(s *apptest.Server, mfaID, otpID, code string) apptest.Answer {
	s.T.Helper()
	return postFresh(s, "/api/collections/users/auth-with-otp", "", map[string]any{"mfaId": mfaID, "otpId": otpID, "password": code})
}

func otherCode(code string) string {
	if code == "00000000" {
		return "00000001"
	}
	return "00000000"
}

// signUpTwoStep creates an account and turns on its second step.
func signUpTwoStep(s *apptest.Server, mails *mailtest.Server, email string) apptest.Person {
	s.T.Helper()
	p := signUpVerified(s, mails, email)
	sent := postFresh(s, "/api/account/two-step/code", p.Token, nil)
	require.Equal(s.T, 200, sent.Status, sent.Raw)
	code := nextLetter(s, mails, email, codeSubject, 0).code(s.T)
	on := postFresh(s, "/api/account/two-step", p.Token, map[string]any{"on": true, "otpId": sent.Text("otpId"), "code": code})
	require.Equal(s.T, 204, on.Status, on.Raw)
	return p
}

func TestTwoStepSignIn(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := signUpTwoStep(s, mails, "ada@example.com")
	nextLetter(s, mails, "ada@example.com", "Two-step sign-in for Fathom-to-Loom is on", 0)
	assert.Equal(t, true, getWith(s, "/api/account/security", p.Token).Get("two_step"))

	assert.Equal(t, 400, signInWith(s, "ada@example.com", wrong).Status)
	mfaID := firstStep(s, "ada@example.com")
	sent := postFresh(s, "/api/sign-in/code", "", map[string]any{"mfaId": mfaID})
	require.Equal(t, 200, sent.Status, sent.Raw)
	assert.Equal(t, "a…@example.com", sent.Text("sent_to"))
	code := nextLetter(s, mails, "ada@example.com", codeSubject, 1).code(t)
	again := postFresh(s, "/api/sign-in/code", "", map[string]any{"mfaId": mfaID})
	assert.Equal(t, sent.Text("otpId"), again.Text("otpId"), "no other mail at once")

	otpID := sent.Text("otpId")
	assert.Equal(t, 400, secondStep(s, mfaID, otpID, otherCode(code)).Status)
	assert.Equal(t, 400, secondStep(s, "", otpID, code).Status, "a code alone is no way in")
	assert.Equal(t, 400, secondStep(s, "abcdefghijklmno", otpID, code).Status)
	in := secondStep(s, mfaID, otpID, code)
	require.Equal(t, 200, in.Status, in.Raw)
	assert.NotEmpty(t, in.Text("meta.database.token"))
	assert.Equal(t, 400, secondStep(s, mfaID, otpID, code).Status, "a code works once")
	assert.Equal(t, 200, postFresh(s, "/api/collections/users/auth-refresh", in.Text("token"), nil).Status, "renewing asks for no code")
	assert.NotContains(t, s.Log.String(), code)

	changed := postFresh(s, "/api/account/password", in.Text("token"), map[string]any{"oldPassword": apptest.Password, "password": newPassword, "passwordConfirm": newPassword})
	assert.Equal(t, 200, changed.Status, "a change of the password asks for no code: %s", changed.Raw)
}

func TestACodeAloneIsNoWayIn(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	plain := signUpVerified(s, mails, "plain@example.com")
	signUpTwoStep(s, mails, "ada@example.com")
	refusals := map[string]bool{}
	for _, email := range []string{"plain@example.com", "ada@example.com", "nobody@example.com"} {
		got := postFresh(s, "/api/collections/users/request-otp", "", map[string]any{"email": email})
		assert.Equal(t, 403, got.Status, got.Raw)
		refusals[got.Raw] = true
	}
	assert.Len(t, refusals, 1, "the response must not reveal which accounts exist")

	// The code for one's own page isn't one for signing in, either.
	sent := postFresh(s, "/api/account/two-step/code", plain.Token, nil)
	code := nextLetter(s, mails, "plain@example.com", codeSubject, 0).code(t)
	for _, mfaID := range []string{"", "abcdefghijklmno", firstStep(s, "ada@example.com")} {
		got := secondStep(s, mfaID, sent.Text("otpId"), code)
		assert.Equal(t, 400, got.Status, "another person's first step: %s", got.Raw)
		assert.Empty(t, got.Text("token"))
		got = postFresh(s, "/api/collections/users/auth-with-otp?mfaId="+mfaID, "", map[string]any{"otpId": sent.Text("otpId"), "password": code})
		assert.Equal(t, 400, got.Status, got.Raw)
	}
	for _, body := range []any{nil, map[string]any{"mfaId": ""}, map[string]any{"mfaId": "abcdefghijklmno"}, map[string]any{"mfaId": fmt.Sprintf("%2000d", 1)}} {
		assert.Equal(t, 400, postFresh(s, "/api/sign-in/code", "", body).Status, "nobody can have codes mailed without a password")
	}
}

func TestTheSecondStepAppliesToOtherServices(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	signIn := useIdentityProvider(s, "ada@example.com")
	signUpTwoStep(s, mails, "ada@example.com")
	first := signIn()
	require.Equal(t, 401, first.Status, first.Raw)
	assert.Empty(t, first.Text("token"))
	mfaID := first.Text("mfaId")
	sent := postFresh(s, "/api/sign-in/code", "", map[string]any{"mfaId": mfaID})
	require.Equal(t, 200, sent.Status, sent.Raw)
	code := nextLetter(s, mails, "ada@example.com", codeSubject, 1).code(t)
	in := secondStep(s, mfaID, sent.Text("otpId"), code)
	assert.Equal(t, 200, in.Status, in.Raw)
	assert.Equal(t, []any{"oidc"}, getWith(s, "/api/account/security", in.Text("token")).Get("providers"))
}

func TestTurningTheSecondStepOnAndOffTakesACode(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	unconfirmed := s.SignUp("unconfirmed@example.com")
	assert.Equal(t, 403, postFresh(s, "/api/account/two-step/code", unconfirmed.Token, nil).Status)
	p, other := signUpTwoStep(s, mails, "ada@example.com"), signUpVerified(s, mails, "bob@example.com")
	otherCodeSent := postFresh(s, "/api/account/two-step/code", other.Token, nil)
	bobs := nextLetter(s, mails, "bob@example.com", codeSubject, 0).code(t)
	off := func(otpID, code string) apptest.Answer {
		return postFresh(s, "/api/account/two-step", p.Token, map[string]any{"on": false, "otpId": otpID, "code": code})
	}
	assert.Equal(t, 400, off("", "").Status)
	assert.Equal(t, 400, off(otherCodeSent.Text("otpId"), bobs).Status, "another person's code")
	sent := postFresh(s, "/api/account/two-step/code", p.Token, nil)
	code := nextLetter(s, mails, "ada@example.com", codeSubject, 1).code(t)
	assert.NotEmpty(t, off(sent.Text("otpId"), otherCode(code)).Text("data.code.message"))

	// Its owner can't change the field past this route, and neither can a new user set it.
	for _, value := range []bool{false, true} {
		s.Call(http.MethodPatch, s.URL+usersPath+"/"+p.ID, p.Token, map[string]any{"two_factor": value})
		s.Call(http.MethodPatch, s.URL+usersPath+"/"+other.ID, other.Token, map[string]any{"two_factor": value})
	}
	assert.True(t, s.User(p.ID).GetBool("two_factor"))
	assert.False(t, s.User(other.ID).GetBool("two_factor"))
	created := createUser(s, "", map[string]any{"email": "new@example.com", "two_factor": true})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.False(t, s.User(created.Text("id")).GetBool("two_factor"))

	require.Equal(t, 204, off(sent.Text("otpId"), code).Status)
	assert.Equal(t, 400, off(sent.Text("otpId"), code).Status, "a code works once")
	nextLetter(s, mails, "ada@example.com", "Two-step sign-in for Fathom-to-Loom is off", 0)
	assert.Equal(t, 200, signInWith(s, "ada@example.com", apptest.Password).Status)
	var kinds []any
	for _, event := range getWith(s, "/api/collections/audit_events/records?sort=last_at&filter=event~'two_step'", p.Token).Items() {
		kinds = append(kinds, event["event"])
	}
	assert.ElementsMatch(t, []any{"two_step_on", "two_step_off"}, kinds)
}

func TestWrongCodesOnTheAccountPageAreLimited(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := signUpVerified(s, mails, "ada@example.com")
	sent := postFresh(s, "/api/account/two-step/code", p.Token, nil)
	code := nextLetter(s, mails, "ada@example.com", codeSubject, 0).code(t)
	try := func(code string) apptest.Answer { // from a network of its own
		return postFresh(s, "/api/account/two-step", p.Token, map[string]any{"on": true, "otpId": sent.Text("otpId"), "code": code})
	}
	for range 10 {
		assert.Equal(t, 400, try(otherCode(code)).Status)
	}
	got := try(code)
	assert.Equal(t, 429, got.Status, got.Raw)
	assert.NotEmpty(t, got.Header.Get("Retry-After"))
}

func TestWithoutMailNobodyGetsPastTheSecondStep(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	p := s.SignUp("ada@example.com")
	assert.Equal(t, 403, postFresh(s, "/api/account/two-step/code", p.Token, nil).Status)
	assert.Equal(t, 403, postFresh(s, "/api/account/two-step", p.Token, map[string]any{"on": true, "otpId": "x", "code": "x"}).Status)
	setTwoStepDirectly(s, p.ID, true)
	got := postFresh(s, "/api/sign-in/code", "", map[string]any{"mfaId": firstStep(s, "ada@example.com")})
	assert.Equal(t, 503, got.Status)
	assert.Contains(t, got.Text("message"), "Ask its operator")
	setTwoStepDirectly(s, p.ID, false)
	assert.Equal(t, 200, signInWith(s, "ada@example.com", apptest.Password).Status, "the operator has let them in")
	assert.NotContains(t, s.Log.String(), "two-step")
	setTwoStepDirectly(s, p.ID, true)
	assert.Contains(t, s.Restart(behindProxy).Log.String(), "users with two-step sign-in")
}

func TestARefusedCodeCanBeRequestedAgain(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := signUpVerified(s, mails, "ada@example.com")
	mails.Refuse("DATA", 554, "no")
	failed := postFresh(s, "/api/account/two-step/code", p.Token, nil)
	assert.Equal(t, 503, failed.Status, failed.Raw)
	mails.Refuse("DATA", 0, "")
	assert.Equal(t, 200, postFresh(s, "/api/account/two-step/code", p.Token, nil).Status)
}

func TestOperatorsWhoUseCodesAloneKeepThem(t *testing.T) {
	t.Parallel()
	s, mails := startWithMails(t)
	p := signUpVerified(s, mails, "ada@example.com")
	enableCodes(s)
	sent := postFresh(s, "/api/collections/users/request-otp", "", map[string]any{"email": "ada@example.com"})
	require.Equal(t, 200, sent.Status, sent.Raw)
	code := nextLetter(s, mails, "ada@example.com", codeSubject, 0).code(t)
	assert.Equal(t, 200, secondStep(s, "", sent.Text("otpId"), code).Status)
	assert.Equal(t, false, getWith(s, "/api/account/security", p.Token).Get("two_step_available"))
	assert.Equal(t, 403, postFresh(s, "/api/account/two-step/code", p.Token, nil).Status)
}
