package hooks_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

const wrong = "a-wrong-password"

// signInFrom tries a password of an account from an address.
func signInFrom(s *apptest.Server, address, collection, email, password string) apptest.Answer {
	s.T.Helper()
	return sendFrom(s, address, "/api/collections/"+collection+"/auth-with-password", "", map[string]any{"identity": email, "password": password})
}

func TestAWrongPasswordCausesAPause(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	admin := apptest.Secrets()
	refusals := map[string]string{}
	for name, account := range map[string]struct {
		collection, email, password string
		exists                      bool
	}{
		"user":      {"users", "ada@example.com", apptest.Password, true},
		"superuser": {"_superusers", admin.AdminEmail, admin.AdminPassword.Reveal(), true},
		"unknown":   {"users", "nobody@example.com", apptest.Password, false},
	} {
		signIn := func(address, password string) apptest.Answer {
			return signInFrom(s, address, account.collection, account.email, password)
		}
		assert.Equal(t, 400, signIn("2001:db8:1:1::1", wrong).Status, name)
		paused := signIn("2001:db8:1:1::2", account.password)
		assert.Equal(t, 429, paused.Status, "%s: addresses of one /64 share a pause", name)
		assert.Equal(t, "1", paused.Header.Get("Retry-After"), name)
		refusals[name] = paused.Raw
		if !account.exists {
			continue
		}
		assert.Equal(t, 200, signIn("2001:db8:1:2::1", account.password).Status, "%s: another network has no pause", name)
		polltest.Until(t, 200*time.Millisecond, func() bool { return signIn("2001:db8:1:1::1", account.password).Status == 200 }, "the pause doesn't end")
		assert.Equal(t, 400, signIn("2001:db8:1:1::1", wrong).Status, name)
		assert.Equal(t, "1", signIn("2001:db8:1:1::1", wrong).Header.Get("Retry-After"), "%s: a success resets the pauses", name)
	}
	assert.Equal(t, refusals["user"], refusals["unknown"], "the response must not reveal which accounts exist")
	assert.Equal(t, refusals["user"], refusals["superuser"])
}

func TestCaseDoesNotEvadeAPause(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	require.Equal(t, 400, signInFrom(s, "", "users", "ADA@example.com", wrong).Status)
	assert.Equal(t, 429, signInFrom(s, "", "users", "ada@example.com", wrong).Status)
}

func TestAStolenTokenDoesNotHelpToGuessThePassword(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	p := s.SignUp("ada@example.com")
	change := func(address, oldPassword string) apptest.Answer {
		got, err := apptest.SendFrom(address, http.MethodPatch, s.URL+usersPath+"/"+p.ID, p.Token, map[string]any{
			"oldPassword": oldPassword, "password": "a-new-password", "passwordConfirm": "a-new-password",
		})
		require.NoError(t, err)
		return got
	}
	assert.Equal(t, 400, change("203.0.113.1", wrong).Status)
	assert.Equal(t, 429, change("203.0.113.2", apptest.Password).Status)
	assert.Equal(t, 429, signInFrom(s, "203.0.113.3", "users", p.Email, apptest.Password).Status, "sign-ins share the pause")
	assert.Equal(t, 200, change("203.0.112.1", apptest.Password).Status, "another network has no pause")
}

func TestOldPasswordIsReadAsPocketBaseReadsIt(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	change := func(guess string) int {
		return s.Call(http.MethodPatch, s.URL+usersPath+"/"+p.ID, p.Token, json.RawMessage(
			`{"oldPassword":"`+guess+`","OLDPASSWORD":"","oldpassword":"","password":"x"}`)).Status
	}
	assert.Equal(t, 400, change(wrong))
	assert.Equal(t, 429, change(wrong), "the first guess was counted")
}

func TestLongIDsOfCodesAreNotKept(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.OTP.Enabled, users.MFA.Enabled = true, false
	require.NoError(t, s.App.Save(users))
	for _, long := range []bool{true, true, false} {
		id := strings.Repeat("x", 200)
		if long {
			id = strings.Repeat("x", 300)
		}
		got := s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-otp", "", map[string]any{"otpId": id, "password": "12345678"})
		assert.Equal(t, 400, got.Status, "%t: %s", long, got.Raw)
	}
}

func TestPasswordsSentAtOnceAreOneGuess(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	var checked, paused atomic.Int32
	var guesses sync.WaitGroup
	for i := range 25 {
		guesses.Go(func() {
			got, err := apptest.Send(http.MethodPost, s.URL+"/api/collections/users/auth-with-password", "",
				map[string]any{"identity": "ada@example.com", "password": fmt.Sprint("guess-", i)})
			assert.NoError(t, err)
			switch got.Status {
			case 400:
				checked.Add(1)
			case 429:
				paused.Add(1)
			}
		})
	}
	guesses.Wait()
	assert.EqualValues(t, 1, checked.Load())
	assert.EqualValues(t, 24, paused.Load())
}

// attack tries a hundred wrong passwords of an account, each from a network of its own.
func attack(s *apptest.Server, collection, email string) {
	s.T.Helper()
	for i := range 100 {
		got := signInFrom(s, fmt.Sprintf("10.%d.1.1", i), collection, email, wrong)
		require.Equal(s.T, 400, got.Status, got.Raw)
	}
}

// Passwords that are being checked count like wrong ones, so that a botnet can't send all of its guesses at once.
func TestPasswordsSentAtOnceFromManyNetworksAreLimited(t *testing.T) {
	t.Parallel()
	const limit = 100
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	var checks atomic.Int32
	allRun, release := make(chan struct{}), make(chan struct{})
	s.App.OnRecordAuthWithPasswordRequest("users").BindFunc(func(e *core.RecordAuthWithPasswordRequestEvent) error {
		switch n := checks.Add(1); {
		case n == limit:
			close(allRun)
			fallthrough
		case n < limit:
			<-release
		}
		return e.Next()
	})
	guess := func(i int) (apptest.Answer, error) {
		return apptest.SendFrom(fmt.Sprintf("10.%d.1.1", i), http.MethodPost, s.URL+"/api/collections/users/auth-with-password", "",
			map[string]any{"identity": "ada@example.com", "password": fmt.Sprint("guess-", i)})
	}
	var guesses sync.WaitGroup
	for i := range limit {
		guesses.Go(func() {
			got, err := guess(i)
			assert.NoError(t, err)
			assert.Equal(t, 400, got.Status, got.Raw)
		})
	}
	<-allRun
	for i := range 30 {
		got, err := guess(limit + i)
		assert.NoError(t, err)
		assert.Equal(t, 429, got.Status, "all tolerated guesses are being checked")
		assert.NotEmpty(t, got.Header.Get("Retry-After"))
	}
	close(release)
	guesses.Wait()
	assert.EqualValues(t, limit, checks.Load())
	refused, err := guess(limit + 50)
	require.NoError(t, err)
	assert.Equal(t, 429, refused.Status, "all of them have failed")
}

func TestANewPasswordEndsTheConsequencesOfAnAttack(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	const email, elsewhere = "eve@example.com", "198.51.100.1"
	upsert := func(password string) {
		t.Helper()
		other := apptest.NewApp(s.Dir) // as another process would
		other.RootCmd.SetOut(io.Discard)
		require.NoError(t, cli.Run(t.Context(), other, "superuser", "upsert", email, password))
	}
	upsert(apptest.Password)
	attack(s, "_superusers", email)
	refused := signInFrom(s, elsewhere, "_superusers", email, apptest.Password)
	require.Equal(t, 429, refused.Status, refused.Raw)
	upsert("a-changed-password")
	got := signInFrom(s, elsewhere, "_superusers", email, "a-changed-password")
	assert.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, 200, signInFrom(s, "10.7.1.1", "_superusers", email, "a-changed-password").Status, "a network that has guessed")
	assert.Equal(t, 400, signInFrom(s, "10.8.1.1", "_superusers", email, wrong).Status)
	assert.Equal(t, 429, signInFrom(s, "10.8.1.1", "_superusers", email, wrong).Status, "guesses at the new password count")
}

func TestARefusalNamesOnlyWaysInThatTheServerOffers(t *testing.T) {
	t.Parallel()
	const use = "se a network that you have signed in from before."
	refusal := func(s *apptest.Server) string {
		got := signInFrom(s, "198.51.100.1", "users", "nobody@example.com", wrong)
		require.Equal(t, 429, got.Status, got.Raw)
		return got.Text("message")
	}
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	attack(s, "users", "nobody@example.com")
	assert.Equal(t, "Too many failed sign-ins to this account. U"+use, refusal(s))

	s = apptest.Start(t, apptest.Options{Settings: startMailServer(t).settings()})
	attack(s, "users", "nobody@example.com")
	assert.Equal(t, "Too many failed sign-ins to this account. Reset your password, or u"+use, refusal(s))
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.OTP.Enabled, users.OAuth2.Enabled, users.MFA.Enabled = true, true, false
	users.OAuth2.Providers = []core.OAuth2ProviderConfig{{Name: "google", ClientId: "id", ClientSecret: "secret"}}
	require.NoError(t, s.App.Save(users))
	assert.Equal(t, "Too many failed sign-ins to this account. Reset your password, or sign in with a code, or sign in with another service, or u"+use, refusal(s))
}

func TestAnAttackedAccountAcceptsItsOwnersNetworks(t *testing.T) {
	t.Parallel()
	const home, elsewhere, hotel = "203.0.113.10", "198.51.100.1", "192.0.2.77"
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	first := signInFrom(s, home, "users", "ada@example.com", apptest.Password)
	require.Equal(t, 200, first.Status)
	ada := first.Text("record.id")

	require.NoError(t, s.Stop())
	s = apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Settings: []string{behindProxy}})
	attack(s, "users", "ada@example.com")
	refused := signInFrom(s, elsewhere, "users", "ada@example.com", apptest.Password)
	assert.Equal(t, 429, refused.Status, "an unknown network")
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, 200, signInFrom(s, "203.0.113.99", "users", "ada@example.com", apptest.Password).Status, "the owner's network, after a restart")

	attack(s, "users", "nobody@example.com")
	unknown := signInFrom(s, elsewhere, "users", "nobody@example.com", apptest.Password)
	assert.Equal(t, refused.Status, unknown.Status)
	assert.Equal(t, refused.Raw, unknown.Raw, "the response must not reveal which accounts exist")

	t.Run("a code from anywhere", func(t *testing.T) {
		otp := createCode(s, ada)
		got := sendFrom(s, elsewhere, "/api/collections/users/auth-with-otp", "", map[string]any{"otpId": otp, "password": "12345678"})
		assert.Equal(t, 200, got.Status, got.Raw)
	})
	t.Run("a reset from anywhere", func(t *testing.T) {
		require.Equal(t, 429, signInFrom(s, hotel, "users", "ada@example.com", apptest.Password).Status)
		token, err := s.User(ada).NewPasswordResetToken()
		require.NoError(t, err)
		reset := sendFrom(s, hotel, "/api/collections/users/confirm-password-reset", "", map[string]any{
			"token": token, "password": "another-password", "passwordConfirm": "another-password",
		})
		require.Equal(t, 204, reset.Status, reset.Raw)
		assert.Equal(t, 200, signInFrom(s, hotel, "users", "ada@example.com", "another-password").Status)
	})

	list := s.Call(http.MethodGet, s.URL+"/api/collections/sign_in_networks/records", "", nil)
	assert.Equal(t, 403, list.Status)
	require.NoError(t, s.Stop())
	var networks int
	apptest.QueryRow(t, s.GlobalFile(), "SELECT COUNT(*) FROM sign_in_networks WHERE account = '"+ada+"'", &networks)
	assert.Equal(t, 3, networks, "home, elsewhere and the hotel")
}

func TestTheNetworksOfAnAccountAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	for i := range 25 {
		require.Equal(t, 200, signInFrom(s, fmt.Sprintf("10.%d.1.1", i), "users", "ada@example.com", apptest.Password).Status)
	}
	networks := func() any {
		list := s.Call(http.MethodGet, s.URL+"/api/collections/sign_in_networks/records", s.SuperuserToken(), nil)
		ofUsers := 0
		for _, item := range list.Items() {
			if item["account"] != "" {
				ofUsers++
			}
		}
		return ofUsers
	}
	assert.Equal(t, 21, networks(), "20 of the user and one of the superuser")
	user, err := s.App.FindAuthRecordByEmail("users", "ada@example.com")
	require.NoError(t, err)
	require.NoError(t, s.App.Delete(user))
	assert.Equal(t, 1, networks(), "those of a deleted account are deleted")
}

// createCode creates a one-time password 12345678 for a user and returns its id.
func createCode(s *apptest.Server, userID string) string {
	s.T.Helper()
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(s.T, err)
	users.OTP.Enabled, users.MFA.Enabled = true, false
	require.NoError(s.T, s.App.Save(users))
	otp := core.NewOTP(s.App)
	otp.SetCollectionRef(users.Id)
	otp.SetRecordRef(userID)
	otp.SetPassword("12345678")
	require.NoError(s.T, s.App.Save(otp))
	return otp.Id
}

func TestAWrongCodeCausesAPause(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	created := s.SignUpOnly("ada@example.com")
	otp := createCode(s, created.Text("id"))
	try := func(address, code string) int {
		return sendFrom(s, address, "/api/collections/users/auth-with-otp", "", map[string]any{"otpId": otp, "password": code}).Status
	}
	assert.Equal(t, 400, try("203.0.113.1", "00000000"))
	assert.Equal(t, 429, try("203.0.113.2", "12345678"))
	assert.Equal(t, 200, try("203.0.112.2", "12345678"), "another network has no pause")
}

func TestCredentialChecksOfANetworkAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy}})
	refused := apptest.Answer{}
	for i := range 80 { // each at another account, so that no pause applies
		got := signInFrom(s, fmt.Sprintf("2001:db8:1:1::%x", i), "users", fmt.Sprintf("p%d@example.com", i), wrong)
		if got.Status == 429 {
			refused = got
			break
		}
		require.Equal(t, 400, got.Status)
	}
	require.Equal(t, 429, refused.Status, "80 sign-ins must exceed the limit of a network")
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	for path, body := range map[string]map[string]any{
		usersPath: {"email": "a@example.com", "password": apptest.Password, "passwordConfirm": apptest.Password},
		"/db/2020-01-01-001-nobody/api/collections/_superusers/auth-with-password": {"identity": "a@example.com", "password": wrong},
		"/api/collections/users/confirm-verification":                              {"token": "x"},
		"/api/collections/_pb_users_auth_/request-password-reset":                  {"email": "a@example.com"},
	} {
		status := 0
		for attempts := 0; attempts < 40 && status != 429; attempts++ { // the limit has grown since by 2 a second
			status = sendFrom(s, "2001:db8:1:1::ffff", path, "", body).Status
		}
		assert.Equal(t, 429, status, path)
		assert.NotEqual(t, 429, sendFrom(s, "2001:db8:2:1::ffff", path, "", body).Status, path)
	}
}
