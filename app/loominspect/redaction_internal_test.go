package loominspect

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
)

func exchangeOf(t testing.TB, tool string, result any) *exchange {
	t.Helper()
	call, err := json.Marshal(map[string]any{"method": "tools/call", "params": map[string]any{"name": tool, "arguments": map[string]any{}}})
	require.NoError(t, err)
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "result": result})
	require.NoError(t, err)
	return &exchange{
		to: toServer, method: http.MethodPost, url: &url.URL{Scheme: "https", Host: "mcp.atlassian.com", Path: "/v2/mcp"}, at: time.Unix(1.79e9, 0),
		request: call, status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}, body: body,
	}
}

func textResult(text string) map[string]any {
	return map[string]any{"content": []any{map[string]any{"type": "text", "text": text}}}
}

func TestSentencesKeepWhatTheServerSays(t *testing.T) {
	t.Parallel()
	r := newRedaction(-time.Hour, "ATATT3xFfGF0-secret")
	r.learn([]*exchange{
		exchangeOf(t, "getAccessibleAtlassianResources", textResult(`[{"id":"x","name":"Acme Will","url":"https://acme.atlassian.net"}]`)),
		exchangeOf(t, "discover", textResult(`[{"name":"getLoomVideo","inputSchema":{"properties":{"videoId":{"description":"ID of the Loom video"}}}}]`)),
	}, "ada@acme.example", "")
	r.mode = modeFailure
	for _, test := range [][2]string{
		{"Your plan does not include uploads. Upgrade to Business.", "Your plan does not include uploads. Upgrade to Business."},
		{`Invalid arguments for getLoomVideo: "videoId" is required`, `Invalid arguments for getLoomVideo: "videoId" is required`},
		{"No Loom workspace for site https://acme.atlassian.net", "No Loom workspace for site https://0001.atlassian.net/"},
		{"Request failed with status code 403", "Request failed with status code 403"},
		{"You don't have permission to connect via API token.", "You don't have permission to connect via API token."},
		{"Cloud id: 5e1ab0c4-6d6f-4b0e-9f57-0d1a2b3c4d5e isn't granted", "Cloud id: 00000000-0000-0000-0000-000000000002 isn't granted"},
		{"The maximum size is 4 GB, and yours is of the type .mkv or so-so.", "The maximum size is 4 GB, and yours is of the type .mkv or so-so."},
	} {
		assert.Equal(t, test[1], r.sentence(test[0]))
	}
	for _, private := range []string{"Ask Will about it", "Acme is unknown", "Video \"quarterly layoffs\" is gone", "see Ottokar", "token ATATT3xFfGF0-secret", "número Ñandú"} {
		assert.NotRegexp(t, `Will|Acme|quarterly|layoffs|Ottokar|secret|Ñandú`, r.sentence(private), private)
	}
}

func TestCommandsKeepTheirForm(t *testing.T) {
	t.Parallel()
	r := newRedaction(-time.Hour)
	r.mode = modeUpload
	got := r.String("uploadCommand", `curl -X PUT -T "Fathom-to-Loom-test-clip--please-delete.mp4" -H 'Content-Type: video/mp4' -H 'Authorization: Bearer s3cr3tT0ken' -F 'key=up/abc' 'https://media.loom.com/upload/0a1b2c3d4e5f60718293a4b5c6d7e8f9?X-Amz-Expires=300&X-Amz-Signature=deadbeef'`)
	assert.Regexp(t, `^curl -X PUT -T ".+mp4" -H 'Content-Type: video/mp4' -H 'Authorization: Bearer [a-zA-Z0]+' -F 'key=[a-z/]+' 'https://media\.loom\.com/upload/0{31}1\?X-Amz-Expires=300&X-Amz-Signature=[a-z]{8}'$`, got)
	assert.NotRegexp(t, `s3cr3t|deadbeef|up/abc`, got)
}

func FuzzRedaction(f *testing.F) {
	for _, seed := range []string{
		`{"videos":[{"id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"A title of somebody","url":"https://www.loom.com/share/0a1b2c3d4e5f60718293a4b5c6d7e8f9"}]}`,
		`{"error":true,"message":"Somebody's video \"A long title of it\" at https://user:pw@host.example/x?y=1 was not found"}`,
		`{"upload":{"url":"https://x.amazonaws.com/k?X-Amz-Signature=abcdefabcdef","headers":{"Authorization":"Bearer abcdefghijklmn"}},"c":"curl -H 'A: b c d e f g h i j' https://x.y/z"}`,
		`"Authentication failed for somebody.private@company.example"`, `[1e400,"multipart/x; boundary=0123456789abc","ari:cloud:loom::video/xyz"]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, tool := range []string{"listLoomVideos", "createLoomVideoUpload", "atlassianUserInfo", "discover"} {
			r := newRedaction(-time.Hour, "a-secret-token-of-somebody")
			exchanges := []*exchange{exchangeOf(t, tool, textResult(text)), exchangeOf(t, tool, map[string]any{"structuredContent": decode([]byte(text)), "isError": true})}
			r.learn(exchanges, "", "")
			var report inspect.Report
			for _, e := range exchanges {
				report.Exchanges = append(report.Exchanges, r.describe(e))
			}
			secrets := r.leaks()
			for i := range report.Exchanges {
				r.removeQuotes(&report.Exchanges[i], secrets)
			}
			require.NoError(t, report.Write(&bytes.Buffer{}, append(secrets, "a-secret-token-of-somebody")))
		}
	})
}
