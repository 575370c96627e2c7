package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// maxMCPRequest limits the body of a request to the MCP server, in bytes.
const maxMCPRequest = 1 << 20

// toolsPerPage is small enough for the flat list to have several pages, with the operations of Loom not on the first.
const toolsPerPage = 50

// Headers that serveMCP adds for the handlers of the MCP server, which see the headers of a request only.
const (
	headerBase = "Simulator-Base-Url"
	headerFlat = "Simulator-Flat-List"
)

// newMCPServer creates the MCP server. Lists and calls are answered by middleware, because the tools depend on the
// request and on the behaviour at that time.
func (a *atlassian) newMCPServer() (*mcp.Server, http.Handler) {
	server := mcp.NewServer(&mcp.Implementation{Name: "atlassian-mcp-server", Version: "2.0.0-simulator"}, &mcp.ServerOptions{
		Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}},
		// Recorded answers of Atlassian have 2025-06-18. Clients that ask for a newer version must accept it.
		SupportedProtocolVersions: []string{"2025-06-18", "2025-03-26"},
	})
	server.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
			switch params := request.GetParams().(type) {
			case *mcp.ListToolsParams:
				return a.listTools(request.GetExtra().Header, params)
			case *mcp.CallToolParamsRaw:
				return a.callTool(request.GetExtra().Header, params)
			}
			return next(ctx, method, request)
		}
	})
	return server, mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server },
		&mcp.StreamableHTTPOptions{JSONResponse: a.cfg.JSONResponses})
}

// listTools answers tools/list: all operations with ?tools=all, otherwise the tools to discover and execute them.
func (a *atlassian) listTools(header http.Header, params *mcp.ListToolsParams) (mcp.Result, error) {
	c, rejected := a.authenticate(header)
	if rejected != nil {
		return nil, errors.New(rejected.message)
	}
	tools := a.directTools()
	if header.Get(headerFlat) != "" {
		tools = a.flatTools(c)
	}
	start := 0
	if params != nil && params.Cursor != "" {
		var err error
		if start, err = strconv.Atoi(params.Cursor); err != nil || start < 0 || start > len(tools) {
			return nil, fmt.Errorf("invalid cursor %q", params.Cursor)
		}
	}
	end := min(start+toolsPerPage, len(tools))
	result := &mcp.ListToolsResult{Tools: tools[start:end]}
	if end < len(tools) {
		result.NextCursor = strconv.Itoa(end)
	}
	return result, nil
}

// message is what the simulator reads of a JSON-RPC message.
type message struct {
	Method string `json:"method"`
	Params struct {
		Name      string `json:"name"`
		Arguments struct {
			Name string `json:"name"`
		} `json:"arguments"`
	} `json:"params"`
}

// serveMCP handles the MCP endpoint: it checks credentials, applies the faults and passes the request to the SDK.
func (s *Server) serveMCP(w http.ResponseWriter, r *http.Request) {
	a := s.atlassian
	c, rejected := a.authenticate(r.Header)
	if rejected != nil {
		s.rejectMCP(w, r, rejected)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMCPRequest))
	if err != nil {
		writeError(w, http.StatusRequestEntityTooLarge, "request is too large")
		return
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.Header.Set(headerBase, s.baseURL(r))
	r.Header.Del(headerFlat)
	if r.URL.Query().Get("tools") == "all" {
		r.Header.Set(headerFlat, "true")
	}
	var m message
	_ = json.Unmarshal(body, &m) // the SDK answers what is not valid
	name := m.Method
	if m.Method == "tools/call" {
		name = a.documentedName(m.Params.Name, m.Params.Arguments.Name)
		if !a.beginCall(c, name) {
			w.Header().Set("Retry-After", "1")
			writeError(w, http.StatusTooManyRequests, "too many calls at the same time")
			return
		}
		end := sync.OnceFunc(func() { a.endCall(c) })
		defer end()
		w = &answerWriter{ResponseWriter: w, before: end}
	}
	if f, ok := a.nextFault(name, false); ok {
		s.apply(f, w, r, a.handler)
		return
	}
	a.handler.ServeHTTP(w, r)
}

// answerWriter calls before when the answer begins. The call must have ended by then: the client's next one may arrive
// before the handler returns.
type answerWriter struct {
	http.ResponseWriter
	before func()
}

// Unwrap gives http.ResponseController access to the connection.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *answerWriter) Write(p []byte) (int, error) {
	w.before()
	return w.ResponseWriter.Write(p)
}

// rejectMCP responds to a request without accepted credentials, with the address of the metadata as RFC 9728 wants it.
func (s *Server) rejectMCP(w http.ResponseWriter, r *http.Request, rejected *rejection) {
	if rejected.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", fmt.Sprintf("Bearer error=%q, resource_metadata=%q",
			"invalid_token", s.baseURL(r)+"/.well-known/oauth-protected-resource"+mcpPath))
	}
	writeJSON(w, rejected.status, map[string]any{"error": true, "message": rejected.message})
}
