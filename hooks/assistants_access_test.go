package hooks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestAssistantsNeedAnAPIToken(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, closed := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	saveMeeting(p, 1, map[string]any{"title": "Secret budget"})
	_, valid := p.CreateToken("read")
	_, transferOnly := p.CreateToken("transfer", "share")
	revokedID, revoked := p.CreateToken("read")
	p.RevokeToken(revokedID)
	expiredID, expired := p.CreateToken("read")
	expire(p, expiredID)
	_, ofClosed := closed.CreateToken("read")
	require.Equal(t, 204, closed.Call("DELETE", s.URL+"/api/collections/users/records/"+closed.ID, closed.Token, nil).Status)

	for name, test := range map[string]struct {
		status        int
		authorization string
		message       string
		challenge     string
	}{
		"no token":              {401, "", "Send an API token of your account", `Bearer realm="Fathom-to-Loom"`},
		"not a token":           {401, "Bearer abc", "Send an API token of your account", `Bearer realm="Fathom-to-Loom"`},
		"session":               {401, "Bearer " + p.Token, "Sessions don't work here", `Bearer realm="Fathom-to-Loom"`},
		"session of database":   {401, "Bearer " + p.Session, "Sessions don't work here", `Bearer realm="Fathom-to-Loom"`},
		"superuser":             {401, "Bearer " + s.SuperuserToken(), "Sessions don't work here", `Bearer realm="Fathom-to-Loom"`},
		"mistyped":              {401, "Bearer " + valid[:len(valid)-1] + "_", "revoked or mistyped", `error="invalid_token"`},
		"revoked":               {401, "Bearer " + revoked, "revoked or mistyped", `error="invalid_token"`},
		"expired":               {401, "Bearer " + expired, "has expired", `error="invalid_token"`},
		"closed account":        {401, "Bearer " + ofClosed, "revoked or mistyped", `error="invalid_token"`},
		"without the scope":     {403, "Bearer " + transferOnly, `the scope \"read\"`, ""},
		"valid":                 {200, "Bearer " + valid, "Secret budget", ""},
		"valid, other spelling": {200, "bearer " + valid, "Secret budget", ""},
	} {
		got := post(s, callList, "Authorization", test.authorization)
		assert.Equal(t, test.status, got.Status, "%s: %s", name, got.Raw)
		assert.Contains(t, got.Raw, test.message, name)
		assert.Contains(t, got.Header.Get("WWW-Authenticate"), test.challenge, name)
		assert.Equal(t, "no-store", got.Header.Get("Cache-Control"), name)
		if test.status != 200 {
			assert.NotContains(t, got.Raw, "Secret", name)
		}
	}
	for _, authorization := range []string{"", "Bearer " + valid} {
		got := s.Call("POST", s.URL+"/mcp?access_token="+valid, authorization, map[string]any{})
		assert.Equal(t, 401, got.Status, got.Raw)
		assert.Contains(t, got.Raw, "never in a URL")
	}
}

func TestAssistantSeesOnlyItsOwnersMeetings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, bob := s.SignUpWithMeetings("ada@example.com"), s.SignUp("bob@example.com")
	saveMeeting(ada, 1, map[string]any{"title": "Secret budget", "summary": "Secret", "action_items": []map[string]any{{"description": "Secret"}}},
		utterance("00:00:01", "Ada", "Secret"))
	saveMeeting(bob, 2, map[string]any{"title": "Holiday"})
	job := ada.Enqueue("recording.transfer", map[string]any{"recording_id": 1001}).Text("id")
	before := ada.ListOwn("transfers", "")
	a := assistantOf(t, bob, "read", "transfer")
	for _, id := range []int{1, 1001} {
		for _, tool := range []string{"get_summary", "get_transcript", "get_action_items", "transfer_status"} {
			assert.Contains(t, a.refusal(tool, map[string]any{"recording_id": id}), "There is no recording", tool)
		}
		assert.Contains(t, a.refusal("request_transfer", map[string]any{"recording_ids": []int{2, id}}), "There is no recording")
	}
	assert.Contains(t, a.refusal("transfer_status", map[string]any{"job_id": job}), "There is no transfer")
	for _, tool := range []string{"list_meetings", "get_action_items"} {
		assert.NotContains(t, a.read(tool, nil).text, "Secret")
	}
	search(ada, "secret")
	assert.NotContains(t, a.read("search_meetings", map[string]any{"query": "secret OR holiday"}).text, "Secret")
	assert.GreaterOrEqual(t, len(ada.ListOwn("transfers", "")), len(before))
	assert.Empty(t, bob.ListOwn("transfers", ""))
	assert.Empty(t, transferJobs(bob))
}

func TestRefusedRequestsOfAssistants(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=200ms", "CORS_ORIGINS=https://app.example.com"}})
	p := s.SignUp("ada@example.com")
	_, token := p.CreateToken("read")
	_, none := p.CreateToken("share")
	s.Eventually(func() bool { return s.OpenDatabases() == 0 })
	authorization := "Bearer " + token
	for name, test := range map[string]struct {
		status int
		body   string
		header []string
	}{
		"foreign origin":         {403, callList, []string{"Authorization", authorization, "Origin", "https://evil.example.com"}},
		"opaque origin":          {403, callList, []string{"Authorization", authorization, "Origin", "null"}},
		"no token":               {401, callList, nil},
		"no scope":               {403, callList, []string{"Authorization", "Bearer " + none}},
		"batch":                  {400, "[" + callList + "," + callList + "]", []string{"Authorization", authorization}},
		"not JSON":               {400, "x", []string{"Authorization", authorization}},
		"notification of a call": {400, strings.Replace(callList, `"id":1,`, "", 1), []string{"Authorization", authorization}},
		"empty":                  {400, "", []string{"Authorization", authorization}},
		"unknown method":         {400, strings.Replace(callList, "tools/call", "tools/delete", 1), []string{"Authorization", authorization}},
		"too large":              {413, callList + strings.Repeat(" ", 1<<20), []string{"Authorization", authorization}},
		"not announced as JSON":  {415, callList, []string{"Authorization", authorization, "Content-Type", "text/plain"}},
		"unknown version":        {400, callList, []string{"Authorization", authorization, "MCP-Protocol-Version", "1999-01-01"}},
		"initialize":             {200, initialize, []string{"Authorization", authorization}},
		"list of tools":          {200, listTools, []string{"Authorization", authorization, "Origin", "https://app.example.com"}},
		"behind a proxy":         {200, listTools, []string{"Authorization", authorization, "Host", "loom.example.com", "Origin", s.URL}},
	} {
		got := post(s, test.body, test.header...)
		assert.Equal(t, test.status, got.Status, "%s: %s", name, got.Raw)
		assert.Zero(t, s.OpenDatabases(), name)
	}
	stream := `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
		`"io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}},"notifications":{"toolsListChanged":true}}}`
	got := post(s, stream, "Authorization", authorization, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "subscriptions/listen")
	assert.Contains(t, got.Raw, "method not found", "a stream would not end")
	for _, method := range []string{"GET", "HEAD", "DELETE"} {
		for _, caller := range []string{"", authorization, p.Token} {
			got := s.Call(method, s.URL+"/mcp", caller, nil)
			assert.Equal(t, 405, got.Status, method)
			assert.Equal(t, "POST", got.Header.Get("Allow"), method)
		}
	}
	assert.Equal(t, 200, post(s, callList, "Authorization", authorization).Status)
	assert.NotZero(t, s.OpenDatabases())
}

func TestAssistantOfAnArchivedDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	a := assistantOf(t, p, "read")
	_, token := p.CreateToken("read")
	require.NoError(t, s.App.Databases.Archive(t.Context(), []string{p.Name}, func(userdb.Outcome) {}))
	got := post(s, callList, "Authorization", "Bearer "+token)
	assert.Equal(t, 403, got.Status, got.Raw)
	assert.Contains(t, got.Raw, "sign in to the web app once")
	assert.FileExists(t, s.ArchivePath(p.Name))
	require.Equal(t, 200, s.SignIn(p.Email).Status)
	assert.Empty(t, a.read("list_meetings", nil).list(t, "meetings"))
}

func TestUseByAnAssistantIsRecorded(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}})
	p := s.SignUp("ada@example.com")
	_, token := p.CreateToken("read")
	require.Equal(t, 200, post(s, callList, "Authorization", "Bearer "+token, "X-Real-IP", "203.0.113.9").Status)
	shown := listTokens(p)[0].(map[string]any)
	assert.NotEmpty(t, shown["last_used"])
	assert.Equal(t, "203.0.113.9", shown["last_address"])
}
