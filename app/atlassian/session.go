package atlassian

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Session is a person's connection. Close it after use.
type Session struct {
	client  *Client
	carrier *carrier
	mcp     *mcp.ClientSession
}

var errCallTimeout = errors.New("no answer within the time limit")

// Close ends the session at the server, and waits for all requests of the session. Its error doesn't matter to
// those who need nothing further from the server.
func (s *Session) Close() error {
	err := s.mcp.Close()
	s.carrier.finish()
	if err != nil {
		return errors.New("end the session at atlassian: no confirmation")
	}
	return nil
}

// Call calls an operation for a site, which is an ID from Sites or the address of a site such as
// https://example.atlassian.net. The answer is the JSON that the operation returned, whether as structured content or
// as text; text that is not JSON is returned as a JSON string. An answer that reports a failure is returned as an
// *[Error].
func (s *Session) Call(ctx context.Context, operation Operation, site string, inputs map[string]any) (json.RawMessage, error) {
	tool, arguments := operation.arguments(site, inputs)
	return s.callTool(ctx, "call "+operation.Name, tool, arguments)
}

func (s *Session) callTool(ctx context.Context, op, tool string, arguments map[string]any) (answer json.RawMessage, err error) {
	defer func() { s.client.reportCall(ctx, err) }()
	var result *mcp.CallToolResult
	started := s.client.now()
	x := &record{}
	err = s.exchange(ctx, op, x, func(ctx context.Context) (err error) {
		result, err = s.mcp.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: arguments})
		return err
	})
	s.client.logger.DebugContext(ctx, "called atlassian", "op", op, "took", s.client.now().Sub(started), "failed", err != nil)
	if err != nil {
		return nil, err
	}
	answer, failed := readResult(result)
	if failed != nil {
		return nil, failed.toError(op, x.state().secrets)
	}
	if answer == nil {
		return nil, &Error{Op: op, Kind: KindProtocol, Unclear: true, Err: errors.New("answer exceeds the limits")}
	}
	return answer, nil
}

// exchange runs one call of the MCP library within the time limit, records its requests in x, and explains its error.
func (s *Session) exchange(ctx context.Context, op string, x *record, call func(ctx context.Context) error) error {
	limited, cancel := context.WithTimeoutCause(context.WithValue(ctx, recordKey{}, x), s.client.callTimeout, errCallTimeout)
	defer cancel()
	err := call(limited)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", op, ctx.Err())
	case limited.Err() != nil:
		state := x.state()
		return &Error{Op: op, Kind: KindUnavailable, Unclear: state.sent, Err: errCallTimeout}
	}
	return explain(op, x.state(), err, s.carrier.connected.Load())
}
