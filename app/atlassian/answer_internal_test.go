package atlassian

import (
	"encoding/json"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
)

// FuzzAnswer checks that any result of a tool becomes either valid JSON or an error that is safe to show.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		`{"content":[],"structuredContent":[{"id":"v"}]}`,
		"{\"content\":[{\"type\":\"text\",\"text\":\"```json\\n{}\\n```\"}]}",
		`{"isError":true,"content":[{"type":"text","text":"\"{\\\"error\\\":true,\\\"status\\\":\\\"429\\\",\\\"retryAfter\\\":1e9}\""}]}`,
		`{"content":[{"type":"text","text":"Authentication failed: {code:401 Bearer abcdefghijk}"}]}`,
		`{"structuredContent":{"errors":[[{"message":{}}]],"operations":[{"name":"a","toolSchema":"{}"}]}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var result mcp.CallToolResult
		if json.Unmarshal([]byte(body), &result) != nil {
			return
		}
		answer, failed := readResult(&result)
		if failed == nil {
			assert.True(t, answer == nil || json.Valid(answer), "%q", answer)
			sites, _ := readSites(answer)
			for _, site := range sites {
				assert.NotEmpty(t, site.ID)
			}
			for _, operation := range readDiscovered(answer) {
				assert.NotEmpty(t, operation.Name)
				assert.NotEmpty(t, operation.Tool)
			}
			return
		}
		err := failed.toError("fuzz", []string{"topsecret"})
		assert.NotEmpty(t, kindText[err.Kind])
		assert.Equal(t, err.Kind == KindRefused, err.Reason != "")
		assert.LessOrEqual(t, len([]rune(err.Message)), maxMessage)
		assert.NotContains(t, err.Message, "topsecret")
		assert.NotContains(t, err.Message, "\n")
		assert.GreaterOrEqual(t, int64(err.RetryAfter), int64(0))
	})
}
