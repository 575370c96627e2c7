package atlassian_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

// answerOf returns what a call makes of the result of a tool, which is given as JSON.
func answerOf(t *testing.T, body string) (json.RawMessage, error) {
	t.Helper()
	f := newFakeServer(t, 10)
	session := connect(t, f)
	f.on("tools/call", result(`"result":`+body))
	return session.Call(t.Context(), getVideo, "", nil)
}

func TestAnswersAreReadLeniently(t *testing.T) {
	for body, want := range map[string]string{
		`{"content":[],"structuredContent":{"id":"v"}}`:                                           `{"id":"v"}`,
		`{"content":[],"structuredContent":[{"id":"v"}]}`:                                         `[{"id":"v"}]`,
		`{"content":[],"structuredContent":[[{"id":"v"}]]}`:                                       `[{"id":"v"}]`,
		`{"content":[],"structuredContent":"{\"id\":\"v\"}"}`:                                     `{"id":"v"}`,
		`{"content":[{"type":"text","text":"{\"id\":\"v\"}"}],"structuredContent":{}}`:            `{"id":"v"}`,
		`{"content":[{"type":"text","text":" {\"id\":\"v\"}\n"}]}`:                                `{"id":"v"}`,
		`{"content":[{"type":"text","text":"\"{\\\"id\\\":\\\"v\\\"}\""}]}`:                       `{"id":"v"}`,
		"{\"content\":[{\"type\":\"text\",\"text\":\"```json\\n{\\\"id\\\":\\\"v\\\"}\\n```\"}]}": `{"id":"v"}`,
		`{"content":[{"type":"text","text":"Here it is:"},{"type":"text","text":"[1,2]"}]}`:       `[1,2]`,
		`{"content":[{"type":"text","text":"curl -X PUT"},{"type":"text","text":"next"}]}`:        `"curl -X PUT\nnext"`,
		`{"content":[{"type":"text","text":"{broken"}]}`:                                          `"{broken"`,
		`{"content":[{"type":"resource","resource":{"uri":"x:y","text":"{\"id\":\"v\"}"}}]}`:      `{"id":"v"}`,
		`{"content":[{"type":"image","data":"","mimeType":"image/png"}]}`:                         `""`,
		`{"content":[]}`: `""`,
		`{"content":[],"structuredContent":{"error":false,"id":"v"}}`:            `{"error":false,"id":"v"}`,
		`{"content":[],"structuredContent":{"error":null,"errors":[],"id":"v"}}`: `{"error":null,"errors":[],"id":"v"}`,
		`{"content":[],"structuredContent":{"error":"","success":true}}`:         `{"error":"","success":true}`,
		`{"content":[],"structuredContent":{"size":4294967296}}`:                 `{"size":4294967296}`,
	} {
		answer, err := answerOf(t, body)
		if assert.NoError(t, err, body) {
			assert.JSONEq(t, want, string(answer), body)
		}
	}
}

func TestFailuresInAnswersAreFound(t *testing.T) {
	for body, want := range map[string]response{
		`{"isError":true,"content":[{"type":"text","text":"{\"error\":true,\"message\":\"No Loom workspace for site\"}"}]}`: {kind: atlassian.KindNoWorkspace, message: "No Loom workspace for site"},
		`{"content":[{"type":"text","text":"{\"error\":true,\"message\":\"We are having trouble completing this action. Please try again shortly.\"}"}]}`: {
			kind: atlassian.KindUnavailable, unclear: true, message: "We are having trouble completing this action. Please try again shortly.",
		},
		`{"content":[{"type":"text","text":"Authentication failed: {\"code\":401,\"message\":\"Unauthorized\"}"}]}`:            {kind: atlassian.KindUnauthorized, status: 401},
		`{"content":[],"structuredContent":{"error":{"code":"RATE_LIMITED","status":429,"retryAfter":12}}}`:                    {kind: atlassian.KindRateLimited, status: 429, retryAfter: 12 * time.Second, message: "RATE_LIMITED"},
		`{"content":[],"structuredContent":{"error":true,"message":"slow down, retry after 999999 seconds","statusCode":429}}`: {kind: atlassian.KindRateLimited, status: 429, retryAfter: 24 * time.Hour},
		`{"content":[],"structuredContent":{"error":true,"message":"slow down, retry after 30 seconds","statusCode":"429"}}`:   {kind: atlassian.KindRateLimited, status: 429, retryAfter: 30 * time.Second},
		`{"content":[],"structuredContent":{"errors":[{"message":"Video not found"}],"data":null}}`:                            {kind: atlassian.KindNotFound, message: "Video not found"},
		`{"content":[],"structuredContent":{"success":false,"errorMessages":["Upgrade your plan"]}}`:                           {kind: atlassian.KindRefused, reason: atlassian.ReasonPlan, message: "Upgrade your plan"},
		`{"content":[],"structuredContent":[{"error":true,"message":"Video not found"}]}`:                                      {kind: atlassian.KindNotFound, message: "Video not found"},
		`{"isError":true,"content":[]}`:                                                          {kind: atlassian.KindRefused, reason: atlassian.ReasonOther},
		`{"isError":true,"content":[{"type":"text","text":"[1,2]"}]}`:                            {kind: atlassian.KindRefused, reason: atlassian.ReasonOther, message: "[1,2]"},
		`{"isError":true,"content":[],"structuredContent":{"id":"v"}}`:                           {kind: atlassian.KindRefused, reason: atlassian.ReasonOther, message: `{"id":"v"}`},
		`{"isError":true,"content":[],"structuredContent":{"message":"HTTP 503 from upstream"}}`: {kind: atlassian.KindUnavailable, status: 503, unclear: true},
		`{"content":[],"structuredContent":{"error":true,"message":"oops","code":403}}`:          {kind: atlassian.KindForbidden, status: 403},
		`{"content":[],"structuredContent":{"error":"invalid","status":413}}`:                    {kind: atlassian.KindRefused, reason: atlassian.ReasonSize, status: 413},
		`{"content":[],"structuredContent":{"error":"bad","status":415}}`:                        {kind: atlassian.KindRefused, reason: atlassian.ReasonType, status: 415},
		`{"content":[],"structuredContent":{"error":"bad","status":422}}`:                        {kind: atlassian.KindRefused, reason: atlassian.ReasonInput, status: 422},
		`{"content":[],"structuredContent":{"error":"gone","status":410}}`:                       {kind: atlassian.KindNotFound, status: 410},
		`{"content":[],"structuredContent":{"error":"bad","status":99999}}`:                      {kind: atlassian.KindRefused, reason: atlassian.ReasonOther},
	} {
		_, err := answerOf(t, body)
		if assert.Error(t, err, body) {
			want.check(t, err)
		}
	}
}

// Where the text is known it is quoted; Loom's own refusals are guesses.
func TestTextsOfFailuresAreClassified(t *testing.T) {
	for text, want := range map[string]struct {
		kind   atlassian.Kind
		reason atlassian.Reason
	}{
		"You don't have permission to connect via API token":              {atlassian.KindBlocked, ""},
		"Your admin has blocked this domain":                              {atlassian.KindBlocked, ""},
		"API tokens are disabled for this organization":                   {atlassian.KindBlocked, ""},
		"This tool has been disabled by your organization":                {atlassian.KindBlocked, ""},
		"Permission group write_loom is not allowed":                      {atlassian.KindBlocked, ""},
		"The administrator has not enabled this tool":                     {atlassian.KindBlocked, ""},
		"IP allowlist rejects this request":                               {atlassian.KindBlocked, ""},
		"Insufficient scopes for this operation":                          {atlassian.KindWrongToken, ""},
		"Unauthorized; scope does not match":                              {atlassian.KindWrongToken, ""},
		"The token is missing the scope write:loom:agent-interface":       {atlassian.KindWrongToken, ""},
		"Invalid context provided":                                        {atlassian.KindWrongToken, ""},
		"The tool requires the following OAuth scopes: write:loom":        {atlassian.KindWrongToken, ""},
		"Loom tools are only available when authenticating via OAuth 2.1": {atlassian.KindWrongToken, atlassian.ReasonSignIn},
		"Loom is not available with API token authentication":             {atlassian.KindWrongToken, atlassian.ReasonSignIn},
		"This tool requires OAuth":                                        {atlassian.KindWrongToken, atlassian.ReasonSignIn},
		"createLoomVideoUpload requires authentication with OAuth 2.1":    {atlassian.KindWrongToken, atlassian.ReasonSignIn},
		"You must sign in with OAuth to use Loom tools":                   {atlassian.KindWrongToken, atlassian.ReasonSignIn},
		"API tokens are not supported for Loom, use OAuth instead":        {atlassian.KindWrongToken, atlassian.ReasonSignIn},
		"OAuth token has expired":                                         {atlassian.KindUnauthorized, ""},
		"No Loom workspace for site":                                      {atlassian.KindNoWorkspace, ""},
		"Loom is not installed on this site":                              {atlassian.KindNoWorkspace, ""},
		"The Loom workspace could not be found":                           {atlassian.KindNoWorkspace, ""},
		"Token has expired, please log in again":                          {atlassian.KindUnauthorized, ""},
		"Rate limit exceeded, try again later":                            {atlassian.KindRateLimited, ""},
		"You have reached the limit of 25 videos":                         {atlassian.KindRefused, atlassian.ReasonQuota},
		"Storage quota exceeded":                                          {atlassian.KindRefused, atlassian.ReasonQuota},
		"Your plan does not include uploads. Upgrade to Business":         {atlassian.KindRefused, atlassian.ReasonPlan},
		"Uploads are a paid feature":                                      {atlassian.KindRefused, atlassian.ReasonPlan},
		"The recording is longer than 5 minutes":                          {atlassian.KindRefused, atlassian.ReasonLength},
		"File size exceeds the maximum of 4 GB":                           {atlassian.KindRefused, atlassian.ReasonSize},
		"The file is too large":                                           {atlassian.KindRefused, atlassian.ReasonSize},
		"Unsupported file type: video/x-matroska":                         {atlassian.KindRefused, atlassian.ReasonType},
		"Invalid input: title is required":                                {atlassian.KindRefused, atlassian.ReasonInput},
		"The upload session has expired, try again":                       {atlassian.KindRefused, atlassian.ReasonExpired},
		"Upload token expired":                                            {atlassian.KindRefused, atlassian.ReasonExpired},
		"Video does not exist":                                            {atlassian.KindNotFound, ""},
		"You do not have permission to edit this video":                   {atlassian.KindForbidden, ""},
		"Upstream request timed out":                                      {atlassian.KindUnavailable, ""},
		"Computer says no":                                                {atlassian.KindRefused, atlassian.ReasonOther},
	} {
		f := newFakeServer(t, 10)
		f.tool(getVideo.Name, nil, func(map[string]any) *mcp.CallToolResult {
			answer := textResult(text)
			answer.IsError = true
			return answer
		})
		_, err := connect(t, f).Call(t.Context(), getVideo, "", nil)
		failed := failure(t, err)
		assert.Equal(t, want.kind, failed.Kind, text)
		assert.Equal(t, want.reason, failed.Reason, text)
		assert.Equal(t, text, failed.Message)
	}
}

func TestLongExplanationsAreCut(t *testing.T) {
	body, err := json.Marshal(strings.Repeat("no ", 1<<18))
	require.NoError(t, err)
	_, err = answerOf(t, `{"isError":true,"content":[{"type":"text","text":`+string(body)+`}]}`)
	assert.Len(t, failure(t, err).Message, 300)
}

func TestPlainTextIsAFailureOnlyIfItSaysSo(t *testing.T) {
	for text, isFailure := range map[string]bool{
		"Error: something":                                             true,
		"Failed to create the upload":                                  true,
		"authentication failed":                                        true,
		"Errors are described in the guide":                            false,
		"Run this command: curl 'https://upload.example.com/?error=1'": false,
		"": false,
	} {
		body, err := json.Marshal(text)
		require.NoError(t, err)
		_, err = answerOf(t, `{"content":[{"type":"text","text":`+string(body)+`}]}`)
		assert.Equal(t, isFailure, err != nil, text)
	}
}
