package atlassian_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

func newBody(body []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(body)) }

func TestOperationIsCalledForASite(t *testing.T) {
	f := newFakeServer(t, 10)
	f.tool("getLoomVideo", map[string]any{"type": "object", "properties": map[string]any{"cloudId": map[string]any{}, "id": map[string]any{}}},
		func(arguments map[string]any) *mcp.CallToolResult {
			assert.Equal(t, map[string]any{"cloudId": "site-1", "id": "v1"}, arguments)
			return textResult(`{"id":"v1","title":"Weekly sync"}`)
		})
	session := connect(t, f)
	catalog, err := session.Operations(t.Context())
	require.NoError(t, err)
	operation, ok := catalog.Find("getLoomVideo")
	require.True(t, ok)
	answer, err := session.Call(t.Context(), operation, "site-1", map[string]any{"id": "v1"})
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"v1","title":"Weekly sync"}`, string(answer))

	initialize := f.received("initialize")
	require.Len(t, initialize, 1)
	assert.Equal(t, "tools=all", initialize[0].Query)
	assert.Contains(t, string(initialize[0].Params), atlassian.DefaultProtocolVersion)
	assert.Contains(t, string(initialize[0].Params), `"capabilities":{}`)
	assert.Empty(t, f.received("server/discover"))
}
