package hooks_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

// mailServer accepts all mail and remembers it.
type mailServer struct {
	listener net.Listener
	sessions sync.WaitGroup

	mu    sync.Mutex
	mails []string
	fail  bool // refuses all mail
}

// setFail has the server refuse all mail or accept it again.
func (m *mailServer) setFail(fail bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = fail
}

func startMailServer(t *testing.T) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m := &mailServer{listener: listener}
	m.sessions.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			m.sessions.Go(func() { m.receive(conn) })
		}
	})
	t.Cleanup(func() {
		assert.NoError(t, listener.Close())
		m.sessions.Wait()
	})
	return m
}

func (m *mailServer) receive(conn net.Conn) {
	defer conn.Close()
	reply := func(line string) { fmt.Fprint(conn, line+"\r\n") }
	reply("220 ready")
	scanner := bufio.NewScanner(conn)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		switch verb, _, _ := strings.Cut(scanner.Text(), " "); strings.ToUpper(verb) {
		case "DATA":
			reply("354 go on")
			var mail strings.Builder
			for scanner.Scan() && scanner.Text() != "." {
				mail.WriteString(scanner.Text() + "\n")
			}
			m.mu.Lock()
			if m.fail {
				reply("554 refused")
			} else {
				m.mails = append(m.mails, mail.String())
				reply("250 done")
			}
			m.mu.Unlock()
		case "QUIT":
			reply("221 bye")
			return
		default:
			reply("250 ok")
		}
	}
}

func (m *mailServer) settings() []string {
	_, port, _ := net.SplitHostPort(m.listener.Addr().String())
	return []string{"SMTP_HOST=127.0.0.1", "SMTP_PORT=" + port, "SMTP_FROM=server@example.com", behindProxy}
}

// to returns how many mails an address has received.
func (m *mailServer) to(address string) int {
	recipient := regexp.MustCompile(`(?mi)^To: .*` + regexp.QuoteMeta(address))
	m.mu.Lock()
	defer m.mu.Unlock()
	count := 0
	for _, mail := range m.mails {
		if recipient.MatchString(mail) {
			count++
		}
	}
	return count
}

func TestAnAddressReceivesOneMailOfAKind(t *testing.T) {
	t.Parallel()
	mails := startMailServer(t)
	s := apptest.Start(t, apptest.Options{Settings: mails.settings()})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	require.Equal(t, 200, s.SignUpOnly("last@example.com").Status)
	var clients sync.WaitGroup
	for i := range 40 {
		clients.Go(func() { // each from a network of its own
			path := []string{"request-password-reset", "request-verification"}[i%2]
			for _, email := range []string{"ada@example.com", "nobody@example.com"} {
				got, err := apptest.SendFrom(fmt.Sprintf("10.%d.1.1", i), http.MethodPost, s.URL+"/api/collections/users/"+path, "", map[string]any{"email": email})
				assert.NoError(t, err)
				assert.Equal(t, 204, got.Status, "the response must not reveal whether a mail was sent")
			}
		})
	}
	clients.Wait()
	require.Equal(t, 204, sendFrom(s, "10.200.1.1", "/api/collections/users/request-password-reset", "", map[string]any{"email": "last@example.com"}).Status)
	s.Eventually(func() bool { return mails.to("last@example.com") == 2 && mails.to("ada@example.com") >= 2 }) // one asks to confirm the address

	// A change of the address is mailed to the new one, which belongs to a stranger.
	for i := range 4 {
		auth := signInFrom(s, fmt.Sprintf("10.%d.1.1", 100+i), "users", "ada@example.com", apptest.Password)
		require.Equal(t, 200, auth.Status, auth.Raw)
		got := sendFrom(s, fmt.Sprintf("10.%d.1.1", 100+i), "/api/collections/users/request-email-change", auth.Text("token"), map[string]any{"newEmail": "Stranger@example.com"})
		assert.Equal(t, 204, got.Status, got.Raw)
	}
	s.Eventually(func() bool { return mails.to("Stranger@example.com") > 0 })
	require.NoError(t, s.Stop())
	assert.Equal(t, 2, mails.to("ada@example.com"), "one of each kind")
	assert.Equal(t, 1, mails.to("stranger@example.com"))
	assert.Zero(t, mails.to("nobody@example.com"))
}

func TestMailRequestsOfANetworkAreLimited(t *testing.T) {
	t.Parallel()
	mails := startMailServer(t)
	s := apptest.Start(t, apptest.Options{Settings: mails.settings()})
	accepted := 0
	for i := range 30 {
		got := sendFrom(s, "203.0.113."+strconv.Itoa(i), "/api/collections/users/request-password-reset", "", map[string]any{"email": fmt.Sprintf("p%d@example.com", i)})
		if got.Status == 204 {
			accepted++
			continue
		}
		assert.Equal(t, 429, got.Status)
		assert.NotEmpty(t, got.Header.Get("Retry-After"))
	}
	assert.Equal(t, 10, accepted)
	other := sendFrom(s, "203.0.114.1", "/api/collections/users/request-password-reset", "", map[string]any{"email": "p@example.com"})
	assert.Equal(t, 204, other.Status)
}

func TestARepeatedRequestForACodeReturnsTheSameCode(t *testing.T) {
	t.Parallel()
	mails := startMailServer(t)
	s := apptest.Start(t, apptest.Options{Settings: mails.settings()})
	createAccount(s, "ada@example.com")
	enableCodes(s)
	ids := map[string]string{}
	for _, email := range []string{"ada@example.com", "nobody@example.com"} {
		for i := range 3 {
			got := sendFrom(s, fmt.Sprintf("10.%d.1.1", i), "/api/collections/users/request-otp", "", map[string]any{"email": email})
			require.Equal(t, 200, got.Status, got.Raw)
			require.NotEmpty(t, got.Text("otpId"))
			if ids[email] == "" {
				ids[email] = got.Text("otpId")
			}
			assert.Equal(t, ids[email], got.Text("otpId"), email)
		}
	}
	s.Eventually(func() bool { return mails.to("ada@example.com") == 1 })
	got := sendFrom(s, "10.9.1.1", "/api/collections/users/auth-with-otp", "", map[string]any{"otpId": ids["ada@example.com"], "password": mails.code()})
	assert.Equal(t, 200, got.Status, got.Raw)
}

// code returns the one-time password in the mails.
func (m *mailServer) code() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return regexp.MustCompile(`\b\d{8}\b`).FindString(strings.Join(m.mails, "\n"))
}

func enableCodes(s *apptest.Server) *core.Collection {
	s.T.Helper()
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(s.T, err)
	users.OTP.Enabled, users.MFA.Enabled = true, false // as an operator who lets people sign in with codes alone
	require.NoError(s.T, s.App.Save(users))
	return users
}

func requestCode(s *apptest.Server, network int, email string) apptest.Answer {
	s.T.Helper()
	return sendFrom(s, fmt.Sprintf("10.%d.%d.1", network/200, network%200), "/api/collections/users/request-otp", "", map[string]any{"email": email})
}

func TestAUsedCodeIsNotRepeated(t *testing.T) {
	t.Parallel()
	mails := startMailServer(t)
	s := apptest.Start(t, apptest.Options{Settings: mails.settings()})
	createAccount(s, "grace@example.com")
	enableCodes(s)
	id := requestCode(s, 1, "grace@example.com").Text("otpId")
	s.Eventually(func() bool { return mails.to("grace@example.com") == 1 })
	got := sendFrom(s, "10.9.1.1", "/api/collections/users/auth-with-otp", "", map[string]any{"otpId": id, "password": mails.code()})
	require.Equal(t, 200, got.Status, got.Raw)
	again := requestCode(s, 2, "grace@example.com")
	assert.Equal(t, 429, again.Status, again.Raw)
	wait, err := strconv.Atoi(again.Header.Get("Retry-After"))
	require.NoError(t, err)
	assert.Greater(t, wait, 400)
	assert.LessOrEqual(t, wait, 600)
}

func TestAnExpiredCodeIsNotRepeated(t *testing.T) {
	t.Parallel()
	mails := startMailServer(t)
	s := apptest.Start(t, apptest.Options{Settings: mails.settings()})
	createAccount(s, "grace@example.com")
	users := enableCodes(s)
	users.OTP.Duration = 2
	require.NoError(t, s.App.SaveNoValidate(users))
	network, refusals := 0, map[string]string{}
	for _, email := range []string{"grace@example.com", "nobody@example.com"} {
		require.Equal(t, 200, requestCode(s, network, email).Status)
		polltest.Until(t, 200*time.Millisecond, func() bool {
			network++
			got := requestCode(s, network, email)
			refusals[email] = got.Raw
			return got.Status == 429 && got.Header.Get("Retry-After") != ""
		}, "%s still gets a code that has expired", email)
	}
	assert.Equal(t, refusals["grace@example.com"], refusals["nobody@example.com"], "the response must not reveal which accounts exist")
	assert.Equal(t, 1, mails.to("grace@example.com"))
}

func TestAMailThatFailedCanBeRequestedAgain(t *testing.T) {
	t.Parallel()
	mails := startMailServer(t)
	s := apptest.Start(t, apptest.Options{Settings: mails.settings()})
	createAccount(s, "grace@example.com")
	enableCodes(s)
	network := 0
	for request, failure := range map[string]string{
		"request-password-reset": "Failed to send password reset email", "request-otp": "Failed to send OTP email",
	} {
		send := func() int {
			network++
			return sendFrom(s, fmt.Sprintf("10.%d.1.1", network), "/api/collections/users/"+request, "", map[string]any{"email": "grace@example.com"}).Status
		}
		mails.setFail(true)
		before := mails.to("grace@example.com")
		require.Less(t, send(), 300, request)
		s.Eventually(func() bool { return strings.Contains(s.Log.String(), failure) })
		mails.setFail(false)
		polltest.Until(t, 200*time.Millisecond, func() bool {
			send()
			return mails.to("grace@example.com") == before+1
		}, "%s sends no mail after one has failed", request)
	}
}
