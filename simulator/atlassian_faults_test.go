package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestCallsCanBeRateLimited(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	s.InjectAtlassian(simulator.AtlassianFault{Operation: "listLoomVideos", Status: 429, RetryAfter: 7 * time.Second})
	session.mustCall("listLoomFolders", nil)
	_, err := session.call("listLoomVideos", nil)
	require.Error(t, err)
	assert.Equal(t, http.StatusTooManyRequests, session.http.status)
	assert.Equal(t, "7", session.http.retry)
	session.mustCall("listLoomVideos", nil)
}

func TestTooManyCallsAtTheSameTimeAreRejected(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{MaxParallel: 1}})
	first, second := s.mustConnect(), s.mustConnect()
	release := make(chan struct{})
	s.InjectAtlassian(simulator.AtlassianFault{Operation: "listLoomVideos", Hold: release})
	done := make(chan error, 1)
	before := len(s.Requests())
	go func() {
		_, err := first.call("listLoomVideos", nil)
		done <- err
	}()
	require.NoError(t, s.WaitRequests(t.Context(), "", "/v2/mcp", before+1))
	require.Eventually(t, func() bool { return s.AtlassianStats().Calls["listLoomVideos"] == 1 }, time.Minute, time.Millisecond)
	_, err := second.call("listLoomFolders", nil)
	require.Error(t, err)
	assert.Equal(t, http.StatusTooManyRequests, second.http.status)
	assert.NotEmpty(t, second.http.retry)
	close(release)
	require.NoError(t, <-done)
	assert.Equal(t, 1, s.AtlassianStats().MaxParallel)
}

func TestServerCanFail(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	s.InjectAtlassian(simulator.AtlassianFault{Status: 503, Times: 2})
	for range 2 {
		_, err := session.call("listLoomVideos", nil)
		require.Error(t, err)
		assert.Equal(t, http.StatusServiceUnavailable, session.http.status)
	}
	session.mustCall("listLoomVideos", nil)
	s.InjectAtlassian(simulator.AtlassianFault{Operation: "initialize", Status: 500, Times: -1})
	_, err := s.connect(demoBasic(), true)
	require.Error(t, err)
	s.ClearFaults()
	session = s.mustConnect()
	s.InjectAtlassian(simulator.AtlassianFault{Operation: "tools/list", CloseConnection: true})
	_, err = session.ListTools(t.Context(), nil)
	require.Error(t, err)
}

func TestSessionsCanBeLost(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	s.LoseAtlassianSessions()
	_, err := session.call("listLoomVideos", nil)
	require.Error(t, err)
	assert.Equal(t, http.StatusNotFound, session.http.status)

	session = s.mustConnect()
	s.InjectAtlassian(simulator.AtlassianFault{Operation: "getLoomVideo", LoseSessions: true})
	session.mustCall("listLoomVideos", nil)
	_, err = session.call("getLoomVideo", map[string]any{"videoId": "x"})
	require.Error(t, err)
	assert.Equal(t, http.StatusNotFound, session.http.status)
	s.mustConnect().mustCall("listLoomVideos", nil)
}

func TestCallsCanFailWithinTheCall(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	call := func(f simulator.AtlassianFault) *mcp.CallToolResult {
		f.Operation = "createLoomVideoUpload"
		s.InjectAtlassian(f)
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{
			Name: "createLoomVideoUpload", Arguments: map[string]any{"cloudId": northwind, "fileName": "a.mp4", "fileSize": 1},
		})
		require.NoError(t, err)
		return result
	}
	text := func(r *mcp.CallToolResult) string { return r.Content[0].(*mcp.TextContent).Text }
	refused := call(simulator.AtlassianFault{Message: simulator.RefusalPlan})
	assert.JSONEq(t, `{"error":true,"message":"`+simulator.RefusalPlan+`"}`, text(refused))
	assert.False(t, refused.IsError)
	assert.True(t, call(simulator.AtlassianFault{Message: "x", IsError: true}).IsError)
	const plain = `Authentication failed: {"code":401,"message":"Unauthorized"}`
	assert.Equal(t, plain, text(call(simulator.AtlassianFault{Message: plain, Plain: true})))
	assert.Empty(t, s.AtlassianUploads(), "the calls were not carried out")

	executing, err := s.connect(demoBasic(), false)
	require.NoError(t, err)
	s.InjectAtlassian(simulator.AtlassianFault{Operation: "listLoomVideos", Message: "once"})
	answer, err := executing.callTool("executeRead", map[string]any{"name": "listLoomVideos", "cloudId": northwind, "inputs": map[string]any{}})
	require.NoError(t, err)
	assert.Contains(t, answer, "once", "faults know the operation that a tool executes")
}

func TestPublishingCanHaveAnUnclearOutcome(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	for name, f := range map[string]simulator.AtlassianFault{
		"error": {Status: 502}, "cut": {CloseConnection: true},
	} {
		s.Reset()
		session := s.mustConnect()
		created := session.createUpload([]byte("abc"))
		s.mustPut(created, []byte("abc"))
		f.Operation, f.AfterDone = "publishLoomVideo", true
		s.InjectAtlassian(f)
		_, err := session.call("publishLoomVideo", map[string]any{"videoId": created["videoId"]})
		require.Error(t, err, name)
		require.Len(t, s.Uploads(), 1, name)
		found := s.mustConnect().mustCall("getLoomVideo", map[string]any{"videoId": created["videoId"]})
		assert.Equal(t, created["videoId"], found["id"], name)
	}
	session := s.mustConnect()
	created := session.createUpload([]byte("abc"))
	s.mustPut(created, []byte("abc"))
	s.InjectAtlassian(simulator.AtlassianFault{Operation: "publishLoomVideo", Status: 502})
	_, err := session.call("publishLoomVideo", map[string]any{"videoId": created["videoId"]})
	require.Error(t, err)
	assert.Len(t, s.Uploads(), 1, "this one was not carried out")
}

func TestAnswerOfACompletedCallCanBeHeld(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	session := s.mustConnect()
	release := make(chan struct{})
	s.InjectAtlassian(simulator.AtlassianFault{Operation: "createLoomVideoUpload", AfterDone: true, Hold: release})
	done := make(chan map[string]any, 1)
	go func() {
		text, err := session.call("createLoomVideoUpload", map[string]any{"fileName": "a.mp4", "fileSize": 3})
		assert.NoError(t, err)
		done <- map[string]any{"text": text}
	}()
	require.Eventually(t, func() bool { return len(s.AtlassianUploads()) == 1 }, time.Minute, time.Millisecond)
	assert.Empty(t, done)
	close(release)
	assert.Contains(t, (<-done)["text"], s.AtlassianUploads()[0].ID)
}

func TestUploadsCanFail(t *testing.T) {
	t.Parallel()
	s, raw := startAtlassian(t, simulator.AtlassianConfig{}), make([]byte, 1<<20)
	session := s.mustConnect()
	created := session.createUpload(raw)
	s.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, CutAfter: 1000})
	_, err := s.put(created, raw)
	require.Error(t, err, "the connection was cut")
	assert.False(t, s.AtlassianUploads()[0].Sent)

	s.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, Status: 503, RetryAfter: time.Second})
	res, err := s.put(created, nil)
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
	assert.Equal(t, "1", res.Header.Get("Retry-After"))

	s.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, Status: 500, AfterDone: true})
	res, err = s.put(created, raw)
	require.NoError(t, err)
	assert.Equal(t, http.StatusInternalServerError, res.StatusCode)
	assert.True(t, s.AtlassianUploads()[0].Sent, "it arrived nevertheless")

	release := make(chan struct{})
	s.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, HoldAfter: 1000, Hold: release})
	requests := s.AtlassianUploads()[0].Requests
	done := make(chan int, 1)
	go func() {
		res, err := s.put(created, raw)
		assert.NoError(t, err)
		done <- res.StatusCode
	}()
	require.Eventually(t, func() bool { return s.AtlassianUploads()[0].Requests > requests }, time.Minute, time.Millisecond)
	assert.Empty(t, done)
	close(release)
	assert.Equal(t, http.StatusOK, <-done)
	s.InjectAtlassian(simulator.AtlassianFault{Status: 500})
	s.mustPut(created, raw) // a fault of every call affects no upload
}

func TestCallsInSequenceAreNotParallel(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{MaxParallel: 1}})
	session := s.mustConnect()
	for range 200 {
		session.mustCall("listLoomFolders", nil)
	}
	assert.Equal(t, 1, s.AtlassianStats().MaxParallel)
}
