package simulator_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const northwind = "5e1ab0c4-6d6f-4b0e-9f57-0d1a2b3c4d5e"

// startAtlassian starts a simulator with an Atlassian side.
func startAtlassian(t *testing.T, cfg simulator.AtlassianConfig) *sim {
	t.Helper()
	return start(t, simulator.Config{Meetings: -1, Atlassian: &cfg})
}

func basic(email, token string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(email+":"+token))
}

func demoBasic() string {
	return basic(simulator.DemoAtlassianEmail, simulator.DemoAtlassianToken)
}

// credentials adds an Authorization header to every request and records the last status.
type credentials struct {
	next   http.RoundTripper
	header string
	status int
	retry  string // Retry-After
}

func (c *credentials) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", c.header)
	res, err := c.next.RoundTrip(r)
	if err == nil {
		c.status, c.retry = res.StatusCode, res.Header.Get("Retry-After")
	}
	return res, err
}

// session is an MCP session of the official client.
type session struct {
	*mcp.ClientSession
	t    *testing.T
	http *credentials
	flat bool
}

// connect opens a session that ends with the test.
func (s *sim) connect(authorization string, flat bool) (*session, error) {
	out := &session{t: s.t, flat: flat, http: &credentials{next: s.http.Transport, header: authorization}}
	endpoint := s.AtlassianURL()
	if flat {
		endpoint += "?tools=all"
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{Capabilities: &mcp.ClientCapabilities{}})
	var err error
	out.ClientSession, err = client.Connect(s.t.Context(), &mcp.StreamableClientTransport{
		Endpoint: endpoint, HTTPClient: &http.Client{Transport: out.http}, MaxRetries: -1, DisableStandaloneSSE: true,
	}, &mcp.ClientSessionOptions{ProtocolVersion: "2025-11-25"})
	if err == nil {
		s.t.Cleanup(func() { _ = out.Close() })
	}
	return out, err
}

// mustConnect is connect with the demo token and the flat list.
func (s *sim) mustConnect() *session {
	s.t.Helper()
	out, err := s.connect(demoBasic(), true)
	require.NoError(s.t, err)
	return out
}

// call calls an operation on the default site and returns its text.
func (s *session) call(name string, inputs map[string]any) (string, error) {
	arguments := map[string]any{"cloudId": northwind}
	for key, value := range inputs {
		arguments[key] = value
	}
	return s.callTool(name, arguments)
}

func (s *session) callTool(name string, arguments map[string]any) (string, error) {
	result, err := s.CallTool(s.t.Context(), &mcp.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		return "", err
	}
	return result.Content[0].(*mcp.TextContent).Text, nil
}

// mustCall is call with an answer in JSON.
func (s *session) mustCall(name string, inputs map[string]any) (answer map[string]any) {
	s.t.Helper()
	text, err := s.call(name, inputs)
	require.NoError(s.t, err)
	require.NoError(s.t, json.Unmarshal([]byte(text), &answer), text)
	return answer
}

// refusedCall requires a call to fail with a message.
func (s *session) refusedCall(message, name string, inputs map[string]any) {
	s.t.Helper()
	answer := s.mustCall(name, inputs)
	assert.Equal(s.t, true, answer["error"])
	assert.Contains(s.t, answer["message"], message)
}

func (s *session) toolNames() (names []string) {
	s.t.Helper()
	for tool, err := range s.Tools(s.t.Context(), nil) {
		require.NoError(s.t, err)
		names = append(names, tool.Name)
	}
	return names
}

func TestMCPServerNegotiatesTheProtocolOfAtlassian(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	assert.Equal(t, "2025-06-18", session.InitializeResult().ProtocolVersion)
	assert.NotEmpty(t, session.ID())
}

func TestFlatListHasSeveralPages(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	first, err := session.ListTools(t.Context(), nil)
	require.NoError(t, err)
	assert.NotEmpty(t, first.NextCursor)
	for _, tool := range first.Tools {
		assert.NotContains(t, tool.Name, "Loom", "the operations of Loom are on a later page")
	}
	names := session.toolNames()
	for _, name := range []string{
		"getAccessibleAtlassianResources", "atlassianUserInfo", "getLoomVideo", "listLoomVideos", "listLoomFolders", "createLoomFolder",
		"moveLoomVideoToFolder", "updateLoomVideoTitle", "updateLoomVideoPermissions", "createLoomVideoUpload", "publishLoomVideo",
	} {
		assert.Contains(t, names, name)
	}
	assert.NotContains(t, names, "discover")
	assert.Greater(t, len(names), 80)
	_, err = session.ListTools(t.Context(), &mcp.ListToolsParams{Cursor: "9999"})
	require.Error(t, err)
}

func TestOperationsCanBeDiscoveredAndExecuted(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session, err := s.connect(demoBasic(), false)
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{
		"discover", "executeRead", "executeWrite", "executeDestructive", "getAccessibleAtlassianResources", "atlassianUserInfo",
	}, session.toolNames())
	text, err := session.callTool("discover", map[string]any{"query": "createLoomVideoUpload"})
	require.NoError(t, err)
	var found struct {
		Operations []struct {
			Name, Tool  string
			InputSchema struct {
				Required   []string
				Properties map[string]any
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text), &found))
	require.Len(t, found.Operations, 1)
	assert.Equal(t, "executeWrite", found.Operations[0].Tool)
	assert.Equal(t, []string{"fileName", "fileSize"}, found.Operations[0].InputSchema.Required)

	text, err = session.callTool("discover", map[string]any{"query": "Video LIST owned"})
	require.NoError(t, err)
	assert.Contains(t, text, "listLoomVideos")
	assert.NotContains(t, text, "getLoomVideo\"")

	created := func(tool string) string {
		text, err := session.callTool(tool, map[string]any{
			"name": "createLoomVideoUpload", "cloudId": "northwind", "inputs": map[string]any{"fileName": "a.mp4", "fileSize": 3},
		})
		require.NoError(t, err)
		return text
	}
	assert.Contains(t, created("executeWrite"), "/atlassian-upload/")
	assert.Contains(t, created("executeRead"), "must be executed with executeWrite")
}

func TestSites(t *testing.T) {
	t.Parallel()
	empty := simulator.AtlassianSite{ID: "11111111-2222-4333-8444-555555555555", Name: "empty", URL: "https://empty.atlassian.net", NoLoom: true}
	s := startAtlassian(t, simulator.AtlassianConfig{Sites: []simulator.AtlassianSite{
		{ID: northwind, Name: "northwind", URL: "https://northwind.atlassian.net"}, empty,
	}})
	session := s.mustConnect()
	text, err := session.callTool("getAccessibleAtlassianResources", nil)
	require.NoError(t, err)
	var sites []struct {
		ID, Name, URL string
		Scopes        []string
	}
	require.NoError(t, json.Unmarshal([]byte(text), &sites))
	require.Len(t, sites, 2)
	assert.Equal(t, empty.ID, sites[1].ID)
	for _, id := range []string{northwind, "northwind", "northwind.atlassian.net", "https://northwind.atlassian.net/"} {
		assert.Contains(t, session.mustCall("listLoomVideos", map[string]any{"cloudId": id}), "videos", id)
	}
	session.refusedCall("No Loom workspace for site https://empty.atlassian.net", "listLoomVideos", map[string]any{"cloudId": empty.ID})
	session.refusedCall("isn't explicitly granted", "listLoomVideos", map[string]any{"cloudId": "elsewhere"})
	session.refusedCall("cloudId is required", "listLoomVideos", map[string]any{"cloudId": ""})
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	limited := simulator.AtlassianToken{Email: "b@example.com", Token: "limited", Scopes: []string{"read:loom:agent-interface"}}
	s := startAtlassian(t, simulator.AtlassianConfig{})
	s.AddAtlassianToken(limited)

	for name, header := range map[string]string{
		"none": "", "unknown token": basic("a@example.com", "x"), "other account": basic("x@example.com", simulator.DemoAtlassianToken),
		"unknown key": "Bearer x", "not base64": "Basic !", "organisation key": "Bearer " + simulator.DemoAtlassianToken,
	} {
		session, err := s.connect(header, true)
		require.Error(t, err, name)
		assert.Equal(t, http.StatusUnauthorized, session.http.status, name)
	}
	res, err := s.send(http.MethodPost, s.AtlassianURL(), "{}")
	require.NoError(t, err)
	assert.Contains(t, res.Header.Get("WWW-Authenticate"), `resource_metadata="`+s.URL()+`/.well-known/oauth-protected-resource/v2/mcp"`)

	session, err := s.connect("Bearer "+simulator.DemoAtlassianKey, true)
	require.NoError(t, err)
	assert.Contains(t, session.mustCall("listLoomVideos", nil), "videos")

	session, err = s.connect(basic(limited.Email, limited.Token), true)
	require.NoError(t, err)
	assert.Contains(t, session.mustCall("listLoomVideos", nil), "videos")
	session.refusedCall("requires write:loom:agent-interface", "updateLoomVideoTitle", map[string]any{"videoId": "x", "title": "x"})
	session.refusedCall("403", "getAccessibleAtlassianResources", nil)

	for app, sees := range map[string]bool{"Jira": true, simulator.AppClassic: false} {
		s.AddAtlassianToken(simulator.AtlassianToken{Email: "c@example.com", Token: app, App: app})
		session, err = s.connect(basic("c@example.com", app), true)
		require.NoError(t, err)
		assert.Equal(t, sees, slices.Contains(session.toolNames(), "listLoomVideos"), app)
		session.refusedCall("Insufficient scopes", "listLoomVideos", nil)
		session.refusedCall("Insufficient scopes", "getAccessibleAtlassianResources", nil)
	}

	session = s.mustConnect()
	s.RevokeAtlassian(simulator.DemoAtlassianToken)
	_, err = session.call("listLoomVideos", nil)
	require.Error(t, err)
	assert.Equal(t, http.StatusUnauthorized, session.http.status)
	s.Reset()
	s.mustConnect()
}

func TestAdministratorCanSwitchAPITokensOff(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{APITokensOff: true}})
	for _, header := range []string{demoBasic(), "Bearer " + simulator.DemoAtlassianKey} {
		session, err := s.connect(header, true)
		require.Error(t, err)
		assert.Equal(t, http.StatusForbidden, session.http.status)
	}
	res, err := s.send(http.MethodPost, s.AtlassianURL(), "{}", "Authorization", demoBasic())
	require.NoError(t, err)
	assert.Contains(t, string(res.body), "You don't have permission to connect via API token")
}

func TestDeadTokensCanGetA400(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{DeadTokenStatus: 400}})
	session, err := s.connect(basic("a@example.com", "x"), true)
	require.Error(t, err)
	assert.Equal(t, http.StatusBadRequest, session.http.status)
}

func TestAnswersAndErrorsHaveSeveralForms(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	call := func(form simulator.AnswerForm) *mcp.CallToolResult {
		s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.Answers = form })
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "listLoomVideos", Arguments: map[string]any{"cloudId": northwind}})
		require.NoError(t, err)
		return result
	}
	text := func(r *mcp.CallToolResult) string { return r.Content[0].(*mcp.TextContent).Text }
	plain := call(simulator.AnswerText)
	assert.Nil(t, plain.StructuredContent)
	var quoted string
	require.NoError(t, json.Unmarshal([]byte(text(call(simulator.AnswerString))), &quoted))
	assert.Equal(t, text(plain), quoted)
	structured := call(simulator.AnswerStructured)
	assert.Contains(t, structured.StructuredContent, "videos")
	assert.NotContains(t, text(structured), "videos")
	assert.Contains(t, call(simulator.AnswerArray).StructuredContent.([]any)[0], "videos")

	sites, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "getAccessibleAtlassianResources"})
	require.NoError(t, err)
	assert.Contains(t, sites.StructuredContent.([]any)[0], "url")

	for _, flagged := range []bool{false, true} {
		s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.FlagErrors = flagged })
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{
			Name: "getLoomVideo", Arguments: map[string]any{"cloudId": northwind, "videoId": "unknown"},
		})
		require.NoError(t, err)
		assert.Equal(t, flagged, result.IsError)
		assert.JSONEq(t, `{"error":true,"message":"Loom video not found"}`, text(result))
	}
}

func TestForbiddenCallsAreRecorded(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	session.refusedCall("doesn't implement", "getLoomVideoComments", map[string]any{"videoId": "x"})
	assert.Empty(t, s.Violations())
	session.refusedCall("doesn't implement", "search", map[string]any{"query": "x"})
	session.refusedCall("doesn't implement", "recoverLoomVideo", map[string]any{"videoId": "x"})
	assert.Len(t, s.Violations(), 2)
}

func TestResponsesCanBeJSON(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{JSONResponses: true})
	assert.Contains(t, s.mustConnect().mustCall("listLoomVideos", nil), "videos")
}

func TestAtlassianSideIsOffByDefault(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{Meetings: -1})
	res, err := s.send(http.MethodPost, s.AtlassianURL(), "{}", "Authorization", demoBasic())
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotFound, res.StatusCode)
}

func TestHomePageNamesTheTokens(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	page := s.getURL(s.URL() + "/")
	for _, text := range []string{s.AtlassianURL(), simulator.DemoAtlassianEmail, simulator.DemoAtlassianToken} {
		assert.Contains(t, string(page.body), text)
	}
	off := start(t, simulator.Config{Meetings: -1})
	page = off.getURL(off.URL() + "/")
	assert.Equal(t, http.StatusOK, page.StatusCode)
}

func TestStopEndsSessions(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	require.NoError(t, s.Stop(context.Background()))
	_, err := session.call("listLoomVideos", nil)
	require.Error(t, err)
}
