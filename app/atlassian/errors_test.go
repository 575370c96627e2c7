package atlassian_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

// response is how a server refuses a request, and what should become of it.
type response struct {
	status  int
	body    string
	headers []string

	kind       atlassian.Kind
	reason     atlassian.Reason
	unclear    bool
	message    string
	retryAfter time.Duration
}

var refusals = map[string]response{
	"not signed in": {
		status: 401, headers: []string{"WWW-Authenticate", `Bearer resource_metadata="https://mcp.example.com/.well-known/x"`}, kind: atlassian.KindUnauthorized,
	},
	"dead token":            {status: 401, body: `{"error":"invalid_token","error_description":"The access token expired"}`, kind: atlassian.KindUnauthorized, message: "The access token expired"},
	"API tokens are off":    {status: 401, body: `{"error":"You don't have permission to connect via API token"}`, kind: atlassian.KindBlocked, message: "You don't have permission to connect via API token"},
	"API tokens are off, 2": {status: 403, body: `You don't have permission to connect via API token. Contact your admin.`, kind: atlassian.KindBlocked},
	"IP address":            {status: 403, body: `{"message":"IP address is not allowed by your organization"}`, kind: atlassian.KindBlocked},
	"scope":                 {status: 403, headers: []string{"WWW-Authenticate", `Bearer error="insufficient_scope", scope="read:loom"`}, kind: atlassian.KindWrongToken},
	"forbidden":             {status: 403, body: `<html>permission</html>`, kind: atlassian.KindForbidden},
	"plan":                  {status: 402, kind: atlassian.KindRefused, reason: atlassian.ReasonPlan},
	"too many requests":     {status: 429, headers: []string{"Retry-After", "17"}, kind: atlassian.KindRateLimited, retryAfter: 17 * time.Second},
	"server error":          {status: 500, body: `{"message":"token expired, permission denied"}`, kind: atlassian.KindUnavailable, unclear: true, message: "token expired, permission denied"},
	"bad gateway":           {status: 502, body: `<html>bad gateway</html>`, kind: atlassian.KindUnavailable, unclear: true},
	"maintenance":           {status: 503, headers: []string{"Retry-After", "120"}, kind: atlassian.KindUnavailable, unclear: true, retryAfter: 2 * time.Minute},
	"redirect":              {status: 302, headers: []string{"Location", "https://evil.example.com/?secret=1"}, kind: atlassian.KindProtocol},
	"wrong method":          {status: 405, kind: atlassian.KindProtocol},
	"too large":             {status: 413, kind: atlassian.KindProtocol},
	"web page":              {status: 200, body: `<html>hello</html>`, headers: []string{"Content-Type", "text/html"}, kind: atlassian.KindProtocol, unclear: true},
	"not JSON":              {status: 200, body: `hello`, kind: atlassian.KindProtocol, unclear: true},
	"empty":                 {status: 202, kind: atlassian.KindProtocol, unclear: true},
}

func (want response) check(t *testing.T, err error) {
	t.Helper()
	failed := failure(t, err)
	assert.Equal(t, want.kind, failed.Kind, err)
	assert.Equal(t, want.reason, failed.Reason)
	assert.Equal(t, want.unclear, failed.Unclear)
	assert.Equal(t, want.status, failed.Status)
	assert.Equal(t, want.retryAfter, failed.RetryAfter)
	assert.Equal(t, want.kind == atlassian.KindRateLimited || want.kind == atlassian.KindUnavailable, failed.Temporary())
	if want.message != "" {
		assert.Equal(t, want.message, failed.Message)
	}
	assert.NotContains(t, failed.Message, "<html>")
	assert.NotContains(t, err.Error(), "http://", "no address")
	assert.NotContains(t, err.Error(), "secret")
}

func TestRefusedConnectionsAreExplained(t *testing.T) {
	for name, want := range refusals {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t, 10)
			f.on("", respond(want.status, want.body, want.headers...))
			_, err := newClient(t, f, nil).Connect(t.Context(), atlassian.Bearer(testToken))
			want.check(t, err)
		})
	}
}

func TestRefusedCallsAreExplained(t *testing.T) {
	for name, want := range refusals {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t, 10)
			session := connect(t, f)
			f.on("tools/call", respond(want.status, want.body, want.headers...))
			_, err := session.Call(t.Context(), getVideo, "", nil)
			want.check(t, err)
			assert.Len(t, f.received("tools/call"), 1, "never repeated")
		})
	}
}

// 400 and 404 mean different things before and after the session exists.
func TestBadRequestAndNotFoundDependOnTheSession(t *testing.T) {
	for name, test := range map[string]struct {
		status           int
		body             string
		connecting, late atlassian.Kind
	}{
		"bad request":         {400, "", atlassian.KindUnauthorized, atlassian.KindUnavailable},
		"session":             {400, "Bad Request: no valid session ID provided", atlassian.KindUnauthorized, atlassian.KindUnavailable},
		"version":             {400, "Bad Request: Unsupported protocol version", atlassian.KindProtocol, atlassian.KindProtocol},
		"malformed":           {400, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"bad request"}}`, atlassian.KindProtocol, atlassian.KindProtocol},
		"session as JSON-RPC": {400, `{"jsonrpc":"2.0","id":2,"error":{"code":-32000,"message":"Bad Request: no valid session ID"}}`, atlassian.KindUnauthorized, atlassian.KindUnavailable},
		"lost as JSON-RPC":    {404, `{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}`, atlassian.KindProtocol, atlassian.KindUnavailable},
		"not found":           {404, "", atlassian.KindProtocol, atlassian.KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t, 10)
			session := connect(t, f)
			f.on("", respond(test.status, test.body))
			_, err := session.Call(t.Context(), getVideo, "", nil)
			assert.Equal(t, test.late, failure(t, err).Kind, err)
			_, err = newClient(t, f, nil).Connect(t.Context(), atlassian.Bearer(testToken))
			assert.Equal(t, test.connecting, failure(t, err).Kind, err)
			f.on("tools/call", nil)
		})
	}
}

func TestErrorsOfJSONRPCAreExplained(t *testing.T) {
	for member, want := range map[string]response{
		`"error":{"code":-32603,"message":"Internal error"}`:                                                             {kind: atlassian.KindUnavailable, unclear: true},
		`"error":{"code":-32603,"message":"boom"}`:                                                                       {kind: atlassian.KindUnavailable, unclear: true, message: "boom"},
		`"error":{"code":-32602,"message":"Input validation error: title is required"}`:                                  {kind: atlassian.KindRefused, reason: atlassian.ReasonInput},
		`"error":{"code":-32602,"message":"Tool x not found"}`:                                                           {kind: atlassian.KindNotFound},
		`"error":{"code":-32601,"message":"unknown method"}`:                                                             {kind: atlassian.KindProtocol},
		`"error":{"code":-32000,"message":"Rate limit exceeded","data":{"retryAfter":9}}`:                                {kind: atlassian.KindRateLimited, retryAfter: 9 * time.Second},
		`"error":{"code":-32000,"message":"nope","data":{"status":401}}`:                                                 {kind: atlassian.KindUnauthorized, status: 401},
		`"error":{"code":-32000,"message":"nope"}`:                                                                       {kind: atlassian.KindRefused, reason: atlassian.ReasonOther},
		`"error":{"code":-32000,"message":"see https://up.example.com/a?X-Amz-Signature=topsecret of Bearer topsecret"}`: {kind: atlassian.KindRefused, reason: atlassian.ReasonOther, message: "see https://up.example.com/a?[redacted] of Bearer [redacted]"},
		`"result":{"content":[{"type":"unheard of"}]}`:                                                                   {kind: atlassian.KindProtocol, unclear: true, status: 200},
	} {
		t.Run(member, func(t *testing.T) {
			f := newFakeServer(t, 10)
			session := connect(t, f)
			f.on("tools/call", result(member))
			_, err := session.Call(t.Context(), getVideo, "", nil)
			failed := failure(t, err)
			if want.status == 0 {
				want.status = failed.Status // 200 or none: there is no other
				assert.Contains(t, []int{0, 200}, failed.Status)
			}
			want.check(t, err)
		})
	}
}

func TestNetworkErrorsAreTemporary(t *testing.T) {
	f := newFakeServer(t, 10)
	session := connect(t, f)
	f.on("tools/call", func(http.ResponseWriter, *http.Request, request) { panic(http.ErrAbortHandler) })
	_, err := session.Call(t.Context(), getVideo, "", nil)
	failed := failure(t, err)
	assert.Equal(t, atlassian.KindUnavailable, failed.Kind)
	assert.True(t, failed.Unclear, "the server had the request")

	f.on("tools/call", func(w http.ResponseWriter, _ *http.Request, _ request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(`{"jsonrpc"`))
	})
	_, err = session.Call(t.Context(), getVideo, "", nil)
	failed = failure(t, err)
	assert.Equal(t, atlassian.KindUnavailable, failed.Kind, err)
	assert.True(t, failed.Unclear, "the answer was cut")

	closed := httptest.NewServer(nil)
	client, err := atlassian.New(atlassian.Config{Endpoint: closed.URL, HTTP: closed.Client()})
	require.NoError(t, err)
	closed.Close()
	_, err = client.Connect(t.Context(), atlassian.Bearer(testToken))
	failed = failure(t, err)
	assert.Equal(t, atlassian.KindUnavailable, failed.Kind)
	assert.False(t, failed.Unclear, "nothing was sent")
	assert.NotContains(t, err.Error(), "http://")
}
