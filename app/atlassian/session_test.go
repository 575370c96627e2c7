package atlassian_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

func TestHandshakeIsPinned(t *testing.T) {
	f := newFakeServer(t, 10)
	session := connect(t, f)
	require.NoError(t, session.Close())

	initialize := f.received("initialize")
	require.Len(t, initialize, 1)
	assert.Equal(t, "tools=all", initialize[0].Query)
	assert.Contains(t, string(initialize[0].Params), `"protocolVersion":"2025-11-25"`)
	assert.Contains(t, string(initialize[0].Params), `"capabilities":{}`)
	assert.Empty(t, f.received("server/discover"), "the newest handshake is not tried")
	for _, r := range f.received("") {
		assert.NotEqual(t, http.MethodGet, r.HTTPMethod, "no stream is opened")
	}
}

func TestOlderServersAndNoToolsParameterAreAccepted(t *testing.T) {
	f := newFakeServer(t, 10)
	f.on("initialize", result(`"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"old","version":"1"}}`))
	client := newClient(t, f, func(cfg *atlassian.Config) { cfg.AllTools = false })
	session, err := client.Connect(t.Context(), atlassian.Bearer("key-of-a-service-account"))
	require.NoError(t, err)
	require.NoError(t, session.Close())
	assert.Empty(t, f.received("initialize")[0].Query)
	assert.Equal(t, "Bearer key-of-a-service-account", f.received("initialize")[0].Header.Get("Authorization"))
}

func TestInputsAndSiteOfACall(t *testing.T) {
	schema := func(names ...string) map[string]any {
		properties := map[string]any{}
		for _, name := range names {
			properties[name] = map[string]any{"type": "string"}
		}
		return map[string]any{"type": "object", "properties": properties}
	}
	for name, test := range map[string]struct {
		operation atlassian.Operation
		inputs    map[string]any
		want      string
	}{
		"tool":                    {atlassian.Operation{Name: "echo", InputSchema: schema("cloudId", "id")}, map[string]any{"id": "v"}, `{"cloudId":"site","id":"v"}`},
		"tool without site":       {atlassian.Operation{Name: "echo", InputSchema: schema("id")}, map[string]any{"id": "v"}, `{"id":"v"}`},
		"tool without schema":     {atlassian.Operation{Name: "echo"}, nil, `{"cloudId":"site"}`},
		"site among inputs":       {atlassian.Operation{Name: "echo", InputSchema: schema("cloudId")}, map[string]any{"cloudId": "own"}, `{"cloudId":"own"}`},
		"executed":                {atlassian.Operation{Name: "op", Tool: "echo", InputSchema: schema("cloudId", "id")}, map[string]any{"id": "v"}, `{"name":"op","cloudId":"site","inputs":{"id":"v"}}`},
		"executed without inputs": {atlassian.Operation{Name: "op", Tool: "echo"}, nil, `{"name":"op","cloudId":"site","inputs":{}}`},
		"executed, own site":      {atlassian.Operation{Name: "op", Tool: "echo"}, map[string]any{"cloudId": "own"}, `{"name":"op","cloudId":"own","inputs":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t, 10)
			f.tool("echo", nil, func(arguments map[string]any) *mcp.CallToolResult {
				return &mcp.CallToolResult{StructuredContent: arguments}
			})
			given := fmt.Sprint(test.inputs)
			answer, err := connect(t, f).Call(t.Context(), test.operation, "site", test.inputs)
			require.NoError(t, err)
			assert.JSONEq(t, test.want, string(answer))
			assert.Equal(t, given, fmt.Sprint(test.inputs), "the caller's map is unchanged")
		})
	}
}

func TestSitesAreListed(t *testing.T) {
	want := []atlassian.Site{
		{ID: "1", Name: "One", URL: "https://one.atlassian.net", Scopes: []string{"read:jira", "read:loom"}},
		{ID: "2", Name: "Two", URL: "https://two.atlassian.net"},
	}
	list := `[{"id":"1","name":"One","url":"https://one.atlassian.net/","scopes":["read:jira"]},{"cloudId":"2","name":"Two","url":"https://two.atlassian.net"},
		{"id":"1","name":"One","url":"https://one.atlassian.net","scopes":["read:loom"]},{"name":"without an ID"},"text"]`
	for _, answer := range []string{list, `{"resources":` + list + `}`, `{"data":{"sites":` + list + `},"total":2}`, `[` + list + `]`, `[{"resources":` + list + `}]`} {
		f := newFakeServer(t, 10)
		f.tool("getAccessibleAtlassianResources", nil, func(map[string]any) *mcp.CallToolResult { return textResult(answer) })
		sites, err := connect(t, f).Sites(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, sites)
	}
	f := newFakeServer(t, 10)
	f.tool("getAccessibleAtlassianResources", nil, func(map[string]any) *mcp.CallToolResult {
		return textResult(`[{"id":"1","name":"One","url":"https://one.atlassian.net","scopes":["read:loom"]}]`)
	})
	sites, err := connect(t, f).Sites(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []atlassian.Site{{ID: "1", Name: "One", URL: "https://one.atlassian.net", Scopes: []string{"read:loom"}}}, sites)
	for _, answer := range []string{`"no list"`, `{"a":[],"b":[]}`, `{"name":"One"}`} {
		f := newFakeServer(t, 10)
		f.tool("getAccessibleAtlassianResources", nil, func(map[string]any) *mcp.CallToolResult { return textResult(answer) })
		_, err := connect(t, f).Sites(t.Context())
		assert.Equal(t, atlassian.KindProtocol, failure(t, err).Kind, answer)
	}
}

func TestLostSessionIsTemporary(t *testing.T) {
	f := newFakeServer(t, 10)
	session := connect(t, f)
	f.on("tools/call", respond(http.StatusNotFound, "session not found"))
	for i, unclear := range []bool{false, false} {
		_, err := session.Call(t.Context(), getVideo, "", nil)
		failed := failure(t, err)
		assert.Equal(t, atlassian.KindUnavailable, failed.Kind, i)
		assert.True(t, failed.Temporary())
		assert.Equal(t, unclear, failed.Unclear)
		assert.ErrorContains(t, err, "session is lost")
	}
	assert.Len(t, f.received("tools/call"), 1, "a lost session sends nothing more")
}

func TestConcurrentCallsGetTheirOwnAnswers(t *testing.T) {
	f := newFakeServer(t, 10)
	f.tool("echo", nil, func(arguments map[string]any) *mcp.CallToolResult {
		if arguments["fail"] == true {
			return textResult(fmt.Sprintf(`{"error":true,"message":"failure %v"}`, arguments["n"]))
		}
		return &mcp.CallToolResult{StructuredContent: arguments}
	})
	session := connect(t, f)
	var group sync.WaitGroup
	for n := range 20 {
		group.Go(func() {
			answer, err := session.Call(t.Context(), atlassian.Operation{Name: "echo"}, "", map[string]any{"n": n, "fail": n%2 == 0})
			if n%2 == 0 {
				assert.Equal(t, fmt.Sprint("failure ", n), failure(t, err).Message)
			} else if assert.NoError(t, err) {
				assert.JSONEq(t, fmt.Sprintf(`{"n":%d,"fail":false}`, n), string(answer))
			}
		})
	}
	group.Wait()
}

func TestCallsEndWithTheirTimeLimit(t *testing.T) {
	f := newFakeServer(t, 10)
	f.on("tools/call", func(_ http.ResponseWriter, r *http.Request, _ request) { <-r.Context().Done() })
	client := newClient(t, f, func(cfg *atlassian.Config) { cfg.CallTimeout = 100 * time.Millisecond })
	session, err := client.Connect(t.Context(), atlassian.Bearer(testToken))
	require.NoError(t, err)
	defer func() { assert.NoError(t, session.Close()) }()

	_, err = session.Call(t.Context(), getVideo, "", nil)
	failed := failure(t, err)
	assert.Equal(t, atlassian.KindUnavailable, failed.Kind)
	assert.True(t, failed.Unclear, "the request was sent")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = session.Call(ctx, getVideo, "", nil)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestAnswersAreBounded(t *testing.T) {
	for name, body := range map[string]string{
		"bytes":  `{"content":[{"type":"text","text":"` + strings.Repeat("x", 9<<20) + `"}]}`,
		"values": `{"content":[],"structuredContent":{"a":[` + strings.Repeat("[],", 400_000) + `[]]}}`,
		"depth":  `{"content":[],"structuredContent":{"a":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t, 10)
			session := connect(t, f)
			f.on("tools/call", result(`"result":`+body))
			_, err := session.Call(t.Context(), getVideo, "", nil)
			failed := failure(t, err)
			assert.Equal(t, atlassian.KindProtocol, failed.Kind)
			assert.True(t, failed.Unclear)
			assert.ErrorContains(t, err, "answer ")
		})
	}
}

func TestAnswersMayComeAsEvents(t *testing.T) {
	f := newFakeServer(t, 10)
	session := connect(t, f)
	stream := func(events string) func(http.ResponseWriter, *http.Request, request) {
		return func(w http.ResponseWriter, _ *http.Request, rpc request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = fmt.Fprint(w, strings.ReplaceAll(events, "ID", string(rpc.ID)))
		}
	}
	f.on("tools/call", stream("data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{}\"}]}}\n\n"))
	answer, err := session.Call(t.Context(), getVideo, "", nil)
	require.NoError(t, err)
	assert.JSONEq(t, `{}`, string(answer))

	f.on("tools/call", stream("event: message\ndata: {\"jsonrpc\"\n\n"))
	_, err = session.Call(t.Context(), getVideo, "", nil)
	failed := failure(t, err)
	assert.Equal(t, atlassian.KindUnavailable, failed.Kind)
	assert.True(t, failed.Unclear)
}

func TestConfigIsValidated(t *testing.T) {
	transport := &http.Client{Transport: http.NewFileTransport(http.Dir("."))}
	for endpoint, ok := range map[string]bool{
		"":                              true,
		"https://mcp.example.com/v2":    true,
		"http://localhost:8090/v2/mcp":  true,
		"http://127.0.0.1:1/":           true,
		"http://[::1]:1/":               true,
		"http://mcp.example.com/":       false,
		"http://localhost.example.com/": false,
		"ftp://localhost/":              false,
		"https://user:secret@localhost": false,
		"https://localhost/#x":          false,
		"mcp.example.com":               false,
		"https://":                      false,
		"https://%zz":                   false,
	} {
		_, err := atlassian.New(atlassian.Config{Endpoint: endpoint, HTTP: transport})
		assert.Equal(t, ok, err == nil, "%q: %v", endpoint, err)
		if err != nil && endpoint != "" {
			assert.NotContains(t, err.Error(), "secret")
		}
	}
	_, err := atlassian.New(atlassian.Config{})
	assert.Error(t, err)
}
