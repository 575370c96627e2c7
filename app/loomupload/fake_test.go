package loomupload_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

const fakeID = "0123456789abcdef0123456789abcdef"

// fake is an MCP server with operations that a test defines, and a host of uploads. It is for contracts that the
// simulator doesn't have.
type fake struct {
	*world
	server *mcp.Server
	host   *httptest.Server

	mu       sync.Mutex
	received []received                // at the host of uploads
	calls    []string                  // names of operations
	inputs   map[string]string         // of the last call of each operation, as JSON
	location string                    // of a redirect
	respond  func(n int) (int, string) // of the host to the n-th request, from 1
}

type received struct {
	path, authorization string
	length              int64
	body                []byte
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{
		world:   &world{t: t, clock: clocktest.New(time.Now()), log: &bytes.Buffer{}},
		inputs:  map[string]string{},
		respond: func(int) (int, string) { return http.StatusOK, "" },
	}
	f.server = mcp.NewServer(&mcp.Implementation{Name: "fake", Version: "1"}, nil)
	endpoint := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return f.server }, nil))
	t.Cleanup(func() {
		for session := range f.server.Sessions() {
			_ = session.Close() // one that has ended
		}
		endpoint.Close()
	})
	f.host = httptest.NewServer(http.HandlerFunc(f.receive))
	t.Cleanup(f.host.Close)
	f.connect(endpoint.URL, endpoint.URL)
	f.account = loomupload.Account{Key: "k", Credential: atlassian.Bearer("fake-key-of-this-test"), Site: "site-1"}
	return f
}

func (f *fake) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		return
	}
	f.received = append(f.received, received{r.URL.Path, r.Header.Get("Authorization"), r.ContentLength, body})
	status, answer := f.respond(len(f.received))
	w.Header().Set("ETag", `"etag-of-`+r.URL.Path+`"`)
	w.Header().Set("Content-Type", "application/json")
	if f.location != "" {
		w.Header().Set("Location", f.location)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

// operation adds an operation. answer returns its answer, which is JSON or text, or the message of a failure.
func (f *fake) operation(name, schema string, answer func(inputs string) (text, failure string)) {
	f.t.Helper()
	var parsed map[string]any
	require.NoError(f.t, json.Unmarshal([]byte(schema), &parsed))
	parsed["type"] = "object"
	f.server.AddTool(&mcp.Tool{Name: name, InputSchema: parsed}, func(_ context.Context, request *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.calls = append(f.calls, name)
		f.inputs[name] = string(request.Params.Arguments)
		text, failure := answer(f.inputs[name])
		if failure != "" {
			text = `{"error":true,"message":` + quoteJSON(failure) + `}`
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil
	})
}

// always is for operations with one answer.
func always(text string) func(string) (string, string) {
	return func(string) (string, string) { return text, "" }
}

func quoteJSON(text string) string {
	raw, _ := json.Marshal(text)
	return string(raw)
}

// count returns how often an operation was called.
func (f *fake) count(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(f.calls), func(call string) bool { return call != name }))
}

// file returns everything that the host of uploads has received.
func (f *fake) file() (file []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.received {
		file = append(file, r.body...)
	}
	return file
}

const (
	idSchema     = `{"properties":{"videoId":{"type":"string"}},"required":["videoId"]}`
	nameSchema   = `{"properties":{"title":{"type":"string"},"fileName":{"type":"string"},"fileSize":{"type":"integer"}},"required":["fileName"]}`
	noSchema     = `{"properties":{}}`
	ownersVideo  = `{"id":"` + fakeID + `","name":"2026-03-04 Weekly sync","visibility":"owner","isComplete":true,"sourceDuration":12}`
	emptyList    = `{"videos":[]}`
	createAnswer = `{"videoId":"` + fakeID + `","upload":{"method":"PUT","url":"HOST/put?sig=s3cr3t","headers":{"Authorization":"Bearer of-the-answer"}}}`
)
