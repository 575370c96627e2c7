package assistants

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

// callTimeout is how long a tool may take.
const callTimeout = 20 * time.Second

// call is a request of an assistant.
type call struct {
	client context.Context // ends when the client disconnects or the server stops
	owner  *gateway.OwnerRequest
}

type callKey struct{}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

const unexpected = "Something went wrong on the server. Try again later."

// receive handles each message. The SDK calls it in a goroutine of its own, where nobody else would recover from a panic.
func (s *Service) receive(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, request mcp.Request) (result mcp.Result, err error) {
		c := callOf(ctx)
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		defer context.AfterFunc(c.client, cancel)()
		defer func() {
			if reason := recover(); reason != nil {
				s.logger.ErrorContext(ctx, "request of an assistant panicked", "method", method, "reason", reason, "stack", string(debug.Stack()))
				result, err = nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: unexpected}
			}
		}()
		if method == "subscriptions/listen" { // its response would never end
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeMethodNotFound, Message: "Subscriptions are not supported."}
		}
		if params, ok := request.GetParams().(*mcp.CallToolParamsRaw); ok && string(params.Arguments) == "null" {
			params.Arguments = nil // the SDK would panic
		}
		result, err = next(ctx, method, request)
		if list, ok := result.(*mcp.ListToolsResult); ok && err == nil {
			list.Tools = slices.DeleteFunc(list.Tools, func(t *mcp.Tool) bool { return !c.owner.Token().Has(s.scopes[t.Name]) })
		}
		return result, err
	}
}

// refusal is a sentence that tells the assistant why a tool does nothing.
type refusal string

// Error returns the sentence.
func (r refusal) Error() string { return string(r) }

// explain returns an error for the assistant: a sentence without internal causes, which it logs.
func (s *Service) explain(ctx context.Context, err error) error {
	if known, ok := errors.AsType[refusal](err); ok {
		return known
	}
	if query, ok := errors.AsType[*search.QueryError](err); ok {
		return refusal(query.Error())
	}
	if response, ok := errors.AsType[*router.ApiError](err); ok { // package gateway has logged what operators must know
		return refusal(response.Message)
	}
	if _, message, ok := tokens.Response(err); ok {
		return refusal(message)
	}
	switch {
	case callOf(ctx).client.Err() != nil: // nobody reads the response
	case errors.Is(err, context.DeadlineExceeded):
		return refusal("The request took too long. Ask for less at a time.")
	default:
		s.logger.ErrorContext(ctx, "tool of an assistant failed", "error", err)
	}
	return refusal(unexpected)
}

// logTool makes the log lines about a request name the tool.
func logTool(ctx context.Context, name string) { logging.Add(ctx, slog.String("tool", name)) }
