package hooks_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func createUser(s *apptest.Server, token string, fields map[string]any) apptest.Answer {
	s.T.Helper()
	body := map[string]any{"password": apptest.Password, "passwordConfirm": apptest.Password}
	for name, value := range fields {
		body[name] = value
	}
	return s.Call(http.MethodPost, s.URL+"/api/collections/users/records", token, body)
}

func invite(s *apptest.Server, email string) apptest.Answer {
	s.T.Helper()
	return s.Call(http.MethodPost, s.URL+"/api/collections/invitations/records", s.SuperuserToken(), map[string]any{"email": email})
}

func TestClosedSignUp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=closed"}})
	p := apptest.Start(t, apptest.Options{}).SignUp("elsewhere@example.com")
	assert.Equal(t, "closed", s.Call(http.MethodGet, s.URL+"/api/app", "", nil).Text("sign_up"))
	signInWithProvider := useIdentityProvider(s, "grace@example.com")
	for name, refused := range map[string]apptest.Answer{
		"anonymous": s.SignUpOnly("ada@example.com"), "foreign token": createUser(s, p.Token, map[string]any{"email": "ada@example.com"}),
		"OAuth2": signInWithProvider(),
	} {
		assert.Equal(t, 403, refused.Status, name)
		assert.Contains(t, refused.Text("message"), "Ask the operator", name)
	}
	users := s.Call(http.MethodGet, s.URL+"/api/collections/users/records", s.SuperuserToken(), nil)
	assert.Empty(t, users.Items())

	for _, email := range []string{"ada@example.com", "grace@example.com"} {
		require.Equal(t, 200, createUser(s, s.SuperuserToken(), map[string]any{"email": email}).Status)
		assert.Equal(t, 200, s.SignIn(email).Status, email)
	}
	known := signInWithProvider()
	assert.Equal(t, 200, known.Status, "the account exists: %s", known.Raw)
	own := s.SignIn("ada@example.com").Text("token")
	assert.Equal(t, 403, createUser(s, own, map[string]any{"email": "friend@example.com"}).Status, "users can't create accounts for others")
}

func TestSignUpByInvitation(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=invite"}})
	require.Equal(t, 200, invite(s, "Ada@Example.com").Status)
	assert.Equal(t, 400, invite(s, "ada@example.COM").Status, "the address is invited already")

	refused := s.SignUpOnly("grace@example.com")
	assert.Equal(t, 403, refused.Status)
	assert.Contains(t, refused.Text("message"), "by invitation")
	assert.Equal(t, 400, createUser(s, "", map[string]any{"email": "ada@example.com", "passwordConfirm": "another-password"}).Status)
	p := s.SignUp("ada@example.com") // the failed attempt has not used the invitation
	for _, token := range []string{"", p.Token} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := s.Call(method, s.URL+"/api/collections/invitations/records", token, nil)
			assert.Equal(t, 403, got.Status, got.Raw)
		}
	}
	invitations := s.Call(http.MethodGet, s.URL+"/api/collections/invitations/records", s.SuperuserToken(), nil).Items()
	require.Len(t, invitations, 1)
	assert.NotEmpty(t, invitations[0]["used_at"])

	require.Equal(t, 204, s.Call(http.MethodDelete, s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	assert.Equal(t, 403, s.SignUpOnly("ada@example.com").Status, "an invitation is for one account")
	invitation := s.URL + "/api/collections/invitations/records/" + invitations[0]["id"].(string)
	require.Equal(t, 200, s.Call(http.MethodPatch, invitation, s.SuperuserToken(), map[string]any{"used_at": ""}).Status)
	assert.Equal(t, 200, s.SignUpOnly("ada@example.com").Status, "the superuser has renewed the invitation")

	assert.Equal(t, 200, createUser(s, s.SuperuserToken(), map[string]any{"email": "boss@example.com"}).Status)
	assert.Equal(t, 403, s.Call(http.MethodDelete, s.URL+"/api/collections/invitations", s.SuperuserToken(), nil).Status)
}

func TestRefusedSignUpsDoNotRevealWhoIsInvited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=invite", behindProxy}})
	for _, email := range []string{"invited@example.com", "member@example.com", "both@example.com"} {
		require.Equal(t, 200, invite(s, email).Status)
	}
	require.Equal(t, 200, s.SignUpOnly("member@example.com").Status)
	for _, email := range []string{"created@example.com", "both@example.com"} { // an invitation of the latter is unused
		require.Equal(t, 200, createUser(s, s.SuperuserToken(), map[string]any{"email": email}).Status)
	}
	strangers := []string{"stranger@example.com", "Stranger@Example.com"}
	accounts := []string{"member@example.com", "MEMBER@example.com", "created@example.com", "both@example.com", "Both@example.com"}
	signUp := func(email string, form map[string]any) (int, string) {
		body := map[string]any{"email": email, "password": apptest.Password, "passwordConfirm": apptest.Password}
		for field, value := range form {
			body[field] = value
		}
		got := sendFrom(s, nextNetwork(), "/api/collections/users/records", "", body)
		return got.Status, got.Raw
	}

	for name, form := range map[string]map[string]any{
		"short password":         {"password": "short", "passwordConfirm": "short"},
		"long password":          {"password": strings.Repeat("x", 80), "passwordConfirm": strings.Repeat("x", 80)},
		"no password":            {"password": "", "passwordConfirm": ""},
		"unequal passwords":      {"passwordConfirm": "another-password"},
		"no confirmation":        {"passwordConfirm": nil},
		"verified":               {"verified": true},
		"long name":              {"name": strings.Repeat("x", 1000)},
		"id":                     {"id": "abcdefghijklmno"},
		"several invalid fields": {"password": "short", "passwordConfirm": "short", "name": strings.Repeat("x", 1000)},
	} {
		status, body := signUp("invited@example.com", form)
		assert.Equal(t, 400, status, "%s: %s", name, body)
		for _, email := range append(strangers, accounts...) {
			otherStatus, otherBody := signUp(email, form)
			assert.Equal(t, status, otherStatus, "%s, %s", name, email)
			assert.Equal(t, body, otherBody, "%s, %s", name, email)
		}
	}

	status, body := signUp("stranger@example.com", nil)
	assert.Equal(t, 403, status, body)
	for _, email := range append(strangers, accounts...) {
		for _, extra := range []map[string]any{nil, {"unused": true, "unknown": "x", "tokenKey": "x"}} {
			otherStatus, otherBody := signUp(email, extra)
			assert.Equal(t, status, otherStatus, email)
			assert.Equal(t, body, otherBody, email)
		}
	}
	users := s.Call(http.MethodGet, s.URL+"/api/collections/users/records", s.SuperuserToken(), nil)
	assert.Len(t, users.Items(), 3)
	status, body = signUp("invited@example.com", nil)
	assert.Equal(t, 200, status, "refusals use up no invitation: %s", body)
}

func TestRefusedInvitationsDoNotCountAsSignUps(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=invite", "SIGNUP_LIMITS=2,100,1000"}})
	require.Equal(t, 200, invite(s, "ada@example.com").Status)
	for i := range 5 {
		assert.Equal(t, 403, s.SignUpOnly(fmt.Sprintf("stranger%d@example.com", i)).Status)
	}
	assert.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
}

func TestInvitationIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=invite"}})
	require.Equal(t, 200, invite(s, "ada@example.com").Status)
	statuses := make([]int, 6)
	var clients sync.WaitGroup
	for i := range statuses {
		clients.Go(func() {
			email := []string{"ada@example.com", "Ada@example.com", "ADA@EXAMPLE.COM"}[i%3]
			created, err := apptest.Send(http.MethodPost, s.URL+"/api/collections/users/records", "", map[string]any{
				"email": email, "password": apptest.Password, "passwordConfirm": apptest.Password,
			})
			assert.NoError(t, err)
			statuses[i] = created.Status
		})
	}
	clients.Wait()
	accepted := 0
	for _, status := range statuses {
		if status == 200 {
			accepted++
		} else {
			assert.Contains(t, []int{400, 403}, status)
		}
	}
	assert.Equal(t, 1, accepted, "%v", statuses)
}

func TestOAuth2SignUpNeedsAnInvitation(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP=invite"}})
	signIn := useIdentityProvider(s, "ada@example.com")
	refused := signIn()
	assert.Equal(t, 403, refused.Status)
	assert.Contains(t, refused.Text("message"), "by invitation")
	require.Equal(t, 200, invite(s, "ada@example.com").Status)
	for range 2 { // the second one needs no invitation
		signedIn := signIn()
		assert.Equal(t, 200, signedIn.Status, signedIn.Raw)
	}
}

// mailbox receives the mail that a server sends.
type mailbox struct{ messages chan *core.MailerEvent }

// startWithMail starts a server with a mailbox instead of a mail server.
func startWithMail(t *testing.T, settings ...string) (*apptest.Server, mailbox) {
	box := mailbox{make(chan *core.MailerEvent, 100)}
	return apptest.Start(t, apptest.Options{
		Settings: append(settings, "SMTP_HOST=mail.example.com", "SMTP_FROM=server@example.com"),
		Prepare: func(s *apptest.Server) {
			s.App.OnMailerSend().BindFunc(func(e *core.MailerEvent) error {
				box.messages <- e
				return nil
			})
		},
	}), box
}

var tokenInLink = regexp.MustCompile(`/(?:verify-email|reset-password|confirm-email)#([\w.-]+)"`)

// receive waits for the next message. It returns the address to which it was sent and the token in it.
func (m mailbox) receive(t *testing.T) (to, token string) {
	t.Helper()
	message := (<-m.messages).Message
	require.Len(t, message.To, 1)
	found := tokenInLink.FindStringSubmatch(message.HTML)
	require.Len(t, found, 2, message.HTML)
	return message.To[0].Address, found[1]
}

func TestFirstSignInNeedsAVerifiedAddress(t *testing.T) {
	t.Parallel()
	s, box := startWithMail(t, "SIGNUP=verified")
	assert.NotContains(t, s.Log.String(), "set SMTP_HOST")
	before := databaseFiles(s)
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	to, token := box.receive(t)
	assert.Equal(t, "ada@example.com", to)
	refused := s.SignIn("ada@example.com")
	assert.Equal(t, 403, refused.Status)
	assert.Contains(t, refused.Text("message"), "open the link")
	assert.Equal(t, "validation_not_verified", refused.Text("data.email.code"))
	assert.Empty(t, refused.Text("token"))
	assert.Equal(t, 403, signInWithCode(s, "ada@example.com", "other@example.com").Status)
	assert.Equal(t, before, databaseFiles(s), "a refused sign-in writes nothing")

	verified := s.Call(http.MethodPost, s.URL+"/api/collections/users/confirm-verification", "", map[string]any{"token": token})
	require.Equal(t, 204, verified.Status, verified.Raw)
	signedIn := s.SignIn("ada@example.com")
	assert.Equal(t, 200, signedIn.Status, signedIn.Raw)

	provided := useIdentityProvider(s, "grace@example.com")()
	assert.Equal(t, 200, provided.Status, "the provider has verified the address: %s", provided.Raw)
	require.Equal(t, 200, s.SignUpOnly("eve@example.com").Status)
	to, _ = box.receive(t)
	assert.Equal(t, "eve@example.com", to, "no mail was sent for the account that is verified by OAuth2")
	byCode := signInWithCode(s, "eve@example.com", "eve@example.com")
	assert.Equal(t, 200, byCode.Status, "the code was sent to the address: %s", byCode.Raw)
}

func TestVerificationMailIsNotRepeatedAfterSignUp(t *testing.T) {
	t.Parallel()
	mails := startMailServer(t)
	s := apptest.Start(t, apptest.Options{Settings: append(mails.settings(), "SIGNUP=verified")})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	s.Eventually(func() bool { return mails.to("ada@example.com") == 1 })
	requested := s.Call(http.MethodPost, s.URL+"/api/collections/users/request-verification", "", map[string]any{"email": "ada@example.com"})
	require.Equal(t, 204, requested.Status)
	s.Eventually(func() bool { return strings.Contains(s.Log.String(), "received one of this kind a moment ago") })
	assert.Equal(t, 1, mails.to("ada@example.com"))
}

func TestVerificationMailIsOnlySentToAccountsThatNeedIt(t *testing.T) {
	t.Parallel()
	sending := make(chan string) // sending a mail takes until its address is received
	s := apptest.Start(t, apptest.Options{
		Settings: []string{"SIGNUP=verified", "SMTP_HOST=mail.example.com", "SMTP_FROM=server@example.com"},
		Prepare: func(s *apptest.Server) {
			s.App.OnMailerSend().BindFunc(func(e *core.MailerEvent) error {
				sending <- e.Message.To[0].Address
				return nil
			})
		},
	})
	users := s.URL + "/api/collections/users/records/"
	ids := map[string]string{}
	for _, name := range []string{"first", "deleted", "verified", "last"} {
		created := s.SignUpOnly(name + "@example.com")
		require.Equal(t, 200, created.Status)
		ids[name] = created.Text("id")
	}
	require.Equal(t, 204, s.Call(http.MethodDelete, users+ids["deleted"], s.SuperuserToken(), nil).Status)
	require.Equal(t, 200, s.Call(http.MethodPatch, users+ids["verified"], s.SuperuserToken(), map[string]any{"verified": true}).Status)
	assert.Equal(t, "first@example.com", <-sending)
	assert.Equal(t, "last@example.com", <-sending)
	assert.NotContains(t, s.Log.String(), "failed to send mail")
}

func TestUnverifiedUsersKeepTheirDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, s.SignUpOnly("unused@example.com").Status)
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Settings: []string{"SIGNUP=verified"}})
	assert.Contains(t, next.Log.String(), "set SMTP_HOST")
	assert.Equal(t, 200, next.SignIn(p.Email).Status)
	assert.Equal(t, 200, next.Call(http.MethodPost, next.URL+"/api/session", p.Token, nil).Status)
	refused := next.SignIn("unused@example.com")
	assert.Equal(t, 403, refused.Status)
	assert.Contains(t, refused.Text("message"), "operator", "the server can't send mail")

	user := next.Call(http.MethodGet, next.URL+`/api/collections/users/records?filter=email="unused@example.com"`, next.SuperuserToken(), nil).Items()[0]
	require.Equal(t, 200, next.Call(http.MethodPatch, next.URL+"/api/collections/users/records/"+user["id"].(string), next.SuperuserToken(), map[string]any{"verified": true}).Status)
	assert.Equal(t, 200, next.SignIn("unused@example.com").Status, "a superuser can verify an address")
}

func TestClientsCannotChooseIDs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for _, id := range []string{"abcdefghijklmno", "x", "ABC"} {
		refused := createUser(s, "", map[string]any{"email": "ada@example.com", "id": id})
		assert.Equal(t, 400, refused.Status)
		assert.Contains(t, refused.Text("data.id.message"), "Leave it out", refused.Raw)
	}
	signIn := useIdentityProvider(s, "grace@example.com")
	require.Equal(t, 200, signIn().Status)
	for email, id := range map[string]any{"empty@example.com": "", "null@example.com": nil} {
		assert.Equal(t, 200, createUser(s, "", map[string]any{"email": email, "id": id}).Status, email)
	}
	chosen := createUser(s, s.SuperuserToken(), map[string]any{"email": "boss@example.com", "id": "chosenbysuperus"})
	require.Equal(t, 200, chosen.Status, chosen.Raw)
	assert.Equal(t, "chosenbysuperus", chosen.Text("id"))
}

func TestIDOfARestorableAccountIsRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 204, s.Call(http.MethodDelete, s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	refused := createUser(s, s.SuperuserToken(), map[string]any{"email": "grace@example.com", "id": p.ID})
	assert.Equal(t, 400, refused.Status)
	assert.Contains(t, refused.Text("data.id.message"), p.Name)
	assert.Equal(t, 400, createUser(s, "", map[string]any{"email": "grace@example.com", "id": p.ID}).Status)
}
