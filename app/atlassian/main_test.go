package atlassian_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testToken = "ATATT3xFfGF0-test-token"

// fakeServer is an MCP server made with the official library. Tests add tools to it, and may answer HTTP requests
// themselves.
type fakeServer struct {
	*httptest.Server
	mcp *mcp.Server

	mu        sync.Mutex
	requests  []request
	intercept func(w http.ResponseWriter, r *http.Request, rpc request) (handled bool)
}

// request is an HTTP request with its JSON-RPC message.
type request struct {
	HTTPMethod string
	Header     http.Header
	Query      string
	ID         json.RawMessage `json:"id"`
	Method     string          `json:"method"`
	Params     json.RawMessage `json:"params"`
}

// newFakeServer returns a server that lists pageSize tools at a time.
func newFakeServer(t *testing.T, pageSize int) *fakeServer {
	t.Helper()
	f := &fakeServer{mcp: mcp.NewServer(&mcp.Implementation{Name: "fake", Version: "1"}, &mcp.ServerOptions{PageSize: pageSize})}
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return f.mcp }, &mcp.StreamableHTTPOptions{JSONResponse: true})
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		rpc := request{HTTPMethod: r.Method, Header: r.Header.Clone(), Query: r.URL.RawQuery}
		_ = json.Unmarshal(body, &rpc)
		f.mu.Lock()
		f.requests = append(f.requests, rpc)
		intercept := f.intercept
		f.mu.Unlock()
		if intercept != nil && intercept(w, r, rpc) {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		f.Close()
		for session := range f.mcp.Sessions() { // those that their client could not end
			assert.NoError(t, session.Close())
		}
	})
	return f
}

// on answers requests of a JSON-RPC method with a handler. A blank method means all requests.
func (f *fakeServer) on(method string, handler func(w http.ResponseWriter, r *http.Request, rpc request)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.intercept = func(w http.ResponseWriter, r *http.Request, rpc request) bool {
		if method != "" && rpc.Method != method {
			return false
		}
		handler(w, r, rpc)
		return true
	}
}

// respond returns a handler for on.
func respond(status int, body string, headers ...string) func(http.ResponseWriter, *http.Request, request) {
	return func(w http.ResponseWriter, _ *http.Request, _ request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// result returns a handler for on that answers with a result or an error of JSON-RPC, as "result":… or "error":….
func result(member string) func(http.ResponseWriter, *http.Request, request) {
	return func(w http.ResponseWriter, r *http.Request, rpc request) {
		respond(http.StatusOK, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`, rpc.ID, member))(w, r, rpc)
	}
}

// received returns the requests of a JSON-RPC method.
func (f *fakeServer) received(method string) []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.requests), func(r request) bool { return r.Method != method })
}

// tool adds a tool that takes any object and returns a result.
func (f *fakeServer) tool(name string, schema any, answer func(arguments map[string]any) *mcp.CallToolResult) {
	if schema == nil {
		schema = map[string]any{"type": "object"}
	}
	f.mcp.AddTool(&mcp.Tool{Name: name, InputSchema: schema}, func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		arguments := map[string]any{}
		if err := json.Unmarshal(req.Params.Arguments, &arguments); err != nil {
			return nil, err
		}
		return answer(arguments), nil
	})
}

func textResult(texts ...string) *mcp.CallToolResult {
	result := &mcp.CallToolResult{}
	for _, text := range texts {
		result.Content = append(result.Content, &mcp.TextContent{Text: text})
	}
	return result
}

func newClient(t *testing.T, f *fakeServer, change func(*atlassian.Config)) *atlassian.Client {
	t.Helper()
	cfg := atlassian.Config{Endpoint: f.URL + "/v2/mcp", HTTP: f.Client(), AllTools: true}
	if change != nil {
		change(&cfg)
	}
	client, err := atlassian.New(cfg)
	require.NoError(t, err)
	return client
}

// getVideo is an operation of the fake server.
var getVideo = atlassian.Operation{Name: "getLoomVideo"}

// failure returns the *atlassian.Error of a call.
func failure(t *testing.T, err error) *atlassian.Error {
	t.Helper()
	var failed *atlassian.Error
	require.ErrorAs(t, err, &failed)
	return failed
}

// connect returns a session of the test token.
func connect(t *testing.T, f *fakeServer) *atlassian.Session {
	t.Helper()
	session, err := newClient(t, f, nil).Connect(t.Context(), atlassian.Basic("ann@example.com", testToken))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, session.Close()) })
	return session
}
