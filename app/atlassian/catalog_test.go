package atlassian_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

func noAnswer(map[string]any) *mcp.CallToolResult { return textResult() }

func schemaWith(name string) map[string]any {
	return map[string]any{"type": "object", "properties": map[string]any{name: map[string]any{"type": "string"}}, "required": []any{name}}
}

func TestAllPagesOfOperationsAreListed(t *testing.T) {
	f := newFakeServer(t, 7)
	for i := range 40 {
		f.tool(fmt.Sprintf("op%02d", i), schemaWith("input"), noAnswer)
	}
	catalog, err := connect(t, f).Operations(t.Context(), "createLoomVideoUpload")
	require.NoError(t, err)
	require.Equal(t, 40, catalog.Len())
	assert.Equal(t, atlassian.Operation{Name: "op39", InputSchema: schemaWith("input")}, catalog.Operations()[39])
	assert.Len(t, f.received("tools/list"), 6)
}

func TestEndlessListsAreRefused(t *testing.T) {
	page := 0
	for name, next := range map[string]func() string{
		"same cursor": func() string { return "again" },
		"pages":       func() string { page++; return fmt.Sprint(page) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t, 7)
			session := connect(t, f)
			f.on("tools/list", func(w http.ResponseWriter, r *http.Request, rpc request) {
				result(`"result":{"tools":[{"name":"x","inputSchema":{"type":"object"}}],"nextCursor":"`+next()+`"}`)(w, r, rpc)
			})
			_, err := session.Operations(t.Context())
			assert.Equal(t, atlassian.KindProtocol, failure(t, err).Kind)
			assert.LessOrEqual(t, len(f.received("tools/list")), 50)
		})
	}
	f := newFakeServer(t, 7)
	session := connect(t, f)
	f.on("tools/list", result(`"result":{"tools":[`+strings.Repeat(`{"name":"x","inputSchema":{"type":"object"}},`, 2000)+`{"name":"x","inputSchema":{"type":"object"}}]}`))
	_, err := session.Operations(t.Context())
	assert.ErrorContains(t, err, "more than 2000 operations")
}

// discovering returns a server with the tools of /v2/mcp without tools=all, of which discover answers with a text.
func discovering(t *testing.T, searchInput, answer string) (f *fakeServer, searches *[]string) {
	t.Helper()
	f, searches = newFakeServer(t, 10), new([]string)
	f.tool("getLoomVideo", schemaWith("videoId"), noAnswer)
	for _, name := range []string{"executeRead", "executeWrite", "executeDestructive"} {
		f.tool(name, nil, noAnswer)
	}
	f.tool("discover", schemaWith(searchInput), func(arguments map[string]any) *mcp.CallToolResult {
		*searches = append(*searches, fmt.Sprint(arguments[searchInput]))
		return textResult(answer)
	})
	return f, searches
}

const uploadSchema = `{"type":"object","properties":{"title":{"type":"string"}},"required":["title"]}`

func TestOperationsAreDiscovered(t *testing.T) {
	upload := atlassian.Operation{Name: "createLoomVideoUpload", Tool: "executeWrite", InputSchema: schemaWith("title")}
	list := upload
	list.Name, list.Tool = "listLoomVideos", "executeRead"
	for name, answer := range map[string]string{
		"tool of each": `{"operations":[{"name":"createLoomVideoUpload","tool":"executeWrite","inputSchema":` + uploadSchema + `},{"name":"listLoomVideos","tool":"executeRead","inputSchema":` + uploadSchema + `}]}`,
		"groups":       `{"executeWrite":[{"name":"createLoomVideoUpload","toolSchema":` + uploadSchema + `}],"executeRead":[{"name":"listLoomVideos","toolSchema":` + uploadSchema + `}]}`,
		"tiers":        `[{"tier":"write","operations":[{"operation":"createLoomVideoUpload","parameters":` + uploadSchema + `}]},{"tier":"READ","operations":[{"operation":"listLoomVideos","schema":` + uploadSchema + `}]}]`,
		"by name":      `[{"name":"createLoomVideoUpload","inputs":` + uploadSchema + `},{"name":"listLoomVideos","input_schema":` + uploadSchema + `}]`,
		"text schema":  `[{"name":"createLoomVideoUpload","type":"write","inputSchema":"{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"}},\"required\":[\"title\"]}"},{"name":"listLoomVideos","inputSchema":` + uploadSchema + `}]`,
	} {
		t.Run(name, func(t *testing.T) {
			f, searches := discovering(t, "query", answer)
			catalog, err := connect(t, f).Operations(t.Context(), "getLoomVideo", "createLoomVideoUpload", "listLoomVideos")
			require.NoError(t, err)
			assert.Equal(t, []string{"create loom video upload"}, *searches, "only what is missing is searched for")
			found, ok := catalog.Find("createLoomVideoUpload")
			assert.True(t, ok)
			assert.Equal(t, upload, found)
			found, ok = catalog.Find("listLoomVideos")
			assert.True(t, ok)
			assert.Equal(t, list, found)
			found, ok = catalog.Find("getLoomVideo")
			assert.True(t, ok)
			assert.Empty(t, found.Tool, "a tool is called directly")
		})
	}
}

func TestDiscoverIsToldWhatToSearch(t *testing.T) {
	f, searches := discovering(t, "goal", `{"error":true,"message":"Rate limit exceeded"}`)
	_, err := connect(t, f).Operations(t.Context())
	assert.Equal(t, atlassian.KindRateLimited, failure(t, err).Kind)
	assert.Equal(t, []string{"list loom videos"}, *searches)

	f, searches = discovering(t, "query", `"nothing found"`)
	catalog, err := connect(t, f).Operations(t.Context(), "create_loom-video")
	require.NoError(t, err)
	assert.Equal(t, []string{"create loom video", "create_loom-video"}, *searches, "in words, then as a name")
	_, ok := catalog.Find("create_loom-video")
	assert.False(t, ok)
	assert.Equal(t, 5, catalog.Len())

	f, searches = discovering(t, "query", `[]`)
	_, err = connect(t, f).Operations(t.Context(), strings.Split(strings.Repeat("x,", 100), ",")...)
	require.NoError(t, err)
	assert.Len(t, *searches, 30, "bounded")
}

func TestOperationsAreFoundByAlias(t *testing.T) {
	f := newFakeServer(t, 10)
	f.tool("create_loom_video_upload", schemaWith("title"), noAnswer)
	f.tool("publishLoomVideo", schemaWith("id"), noAnswer)
	catalog, err := connect(t, f).Operations(t.Context())
	require.NoError(t, err)
	found, ok := catalog.Find("missing", "createLoomVideoUpload", "publishLoomVideo")
	assert.True(t, ok)
	assert.Equal(t, "create_loom_video_upload", found.Name)
	_, ok = catalog.Find("publish")
	assert.False(t, ok)
}
