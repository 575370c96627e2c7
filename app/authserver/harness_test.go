package authserver_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/authserver"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func TestMain(m *testing.M) { apptest.Main(m) }

const (
	baseURL  = "https://loom.example.com/f2l"
	resource = baseURL + "/mcp"
	callback = "https://assistant.example.com/callback"
	verifier = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
)

// harness is an authorization server, and a host with the document of a client.
type harness struct {
	*authserver.Service
	t      *testing.T
	app    core.App
	user   *core.Record
	tokens *tokens.Service
	now    time.Time
	log    *logtest.Buffer

	host     *httptest.Server
	document map[string]any               // of the client; changed with describe
	handler  atomic.Pointer[http.Handler] // of host; changed with answer
	requests atomic.Int32                 // to host
}

// newHarness returns a harness whose server may connect to this computer, unless private is false.
func newHarness(t *testing.T, private ...bool) *harness {
	t.Helper()
	h := &harness{t: t, app: dbtest.NewGlobal(t), now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), log: &logtest.Buffer{}}
	h.user = dbtest.NewUser(t, h.app, "ada@example.com")
	h.tokens = tokens.New(tokens.Config{App: h.app, Now: h.clock})
	h.host = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.requests.Add(1)
		(*h.handler.Load()).ServeHTTP(w, r)
	}))
	t.Cleanup(h.host.Close)
	h.document = map[string]any{"client_id": h.clientID(), "redirect_uris": []string{callback, "http://127.0.0.1/callback"}}
	h.describe("client_name", "Assistant")
	network := outbound.Network{PrivateRanges: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	if len(private) > 0 && !private[0] {
		network.PrivateRanges = nil
	}
	h.Service = h.newService(network, []byte(strings.Repeat("s", 64)), nil)
	return h
}

func (h *harness) newService(network outbound.Network, secret, previous []byte) *authserver.Service {
	h.t.Helper()
	service, err := authserver.New(authserver.Config{
		BaseURL: baseURL, Secret: secret, Previous: previous, Tokens: h.tokens, Network: network,
		TLS:    h.host.Client().Transport.(*http.Transport).TLSClientConfig,
		Logger: slog.New(slog.NewTextHandler(h.log, nil)), Now: h.clock,
	})
	require.NoError(h.t, err)
	h.t.Cleanup(service.Close)
	return service
}

// answer has the host respond with a handler.
func (h *harness) answer(handler http.HandlerFunc) {
	var next http.Handler = handler
	h.handler.Store(&next)
}

// describe changes a member of the document, and has the host serve it.
func (h *harness) describe(name string, value any, header ...string) {
	h.t.Helper()
	h.document[name] = value
	body, err := json.Marshal(h.document)
	require.NoError(h.t, err)
	h.answer(respond(http.StatusOK, string(body), append([]string{"Content-Type", "application/json"}, header...)...))
}

// respond returns a handler with a response: a status, a body, and names and values of headers in turn.
func respond(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func (h *harness) clock() time.Time { return h.now }

func (h *harness) clientID() string { return h.host.URL + "/client.json" }

// challenge returns the S256 of a verifier.
func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request returns a valid request for access, with changes: name and value in turn. A value of "-" removes a parameter.
func (h *harness) request(changes ...string) url.Values {
	request := url.Values{
		"response_type": {"code"}, "client_id": {h.clientID()}, "redirect_uri": {callback}, "code_challenge": {challenge(verifier)},
		"code_challenge_method": {"S256"}, "resource": {resource}, "scope": {"read"}, "state": {"a state & more"},
	}
	return change(request, changes)
}

func change(form url.Values, changes []string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
		if changes[i+1] == "-" {
			form.Del(changes[i])
		}
	}
	return form
}

func (h *harness) ask(request url.Values) (authserver.Question, error) {
	return h.Ask(h.t.Context(), h.user.Id, request.Encode())
}

func (h *harness) decide(decision string, allow bool) (*url.URL, error) {
	link, err := h.Decide(h.t.Context(), h.user, decision, allow, audit.Actor{Kind: audit.Owner})
	if err != nil {
		return nil, err
	}
	return url.Parse(link)
}

// code returns a code for a request with changes.
func (h *harness) code(changes ...string) string {
	h.t.Helper()
	question, err := h.ask(h.request(changes...))
	require.NoError(h.t, err)
	answer, err := h.decide(question.Decision, true)
	require.NoError(h.t, err)
	require.NotEmpty(h.t, answer.Query().Get("code"))
	return answer.Query().Get("code")
}

// exchange exchanges a code, with changes of the form.
func (h *harness) exchange(code string, changes ...string) (tokens.Grant, error) {
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "client_id": {h.clientID()}, "redirect_uri": {callback},
		"code_verifier": {verifier}, "resource": {resource},
	}
	return h.Token(h.t.Context(), change(form, changes))
}

func (h *harness) refresh(token string, changes ...string) (tokens.Grant, error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {h.clientID()}}
	return h.Token(h.t.Context(), change(form, changes))
}

func (h *harness) isValid(access tokens.Secret) bool {
	_, err := h.tokens.Verify(h.t.Context(), access.Reveal(), "192.0.2.1")
	return err == nil
}

// grants returns how many grants are stored.
func (h *harness) grants() int64 {
	h.t.Helper()
	rows, err := h.app.CountRecords(migrations.APITokens)
	require.NoError(h.t, err)
	return rows
}

// refused requires an *authserver.Error with a code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	refusal := &authserver.Error{}
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, code, refusal.Code, refusal.Description)
}

// shown requires an error that only the person sees, and that has nobody redirected.
func shown(t *testing.T, err error) {
	t.Helper()
	page := &authserver.PageError{}
	require.ErrorAs(t, err, &page)
	require.Empty(t, page.ReturnURL)
}
