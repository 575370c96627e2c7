package atlassian

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// explain turns an error of the MCP library into an *Error. What has been recorded of the HTTP request says more than
// the library's text, which may also contain the address or a session ID.
func explain(op string, x recordedState, err error, connected bool) *Error {
	failed := &Error{Op: op, Status: x.status}
	switch answered := serverError(err); {
	case x.credential != nil:
		explainCredential(failed, x.credential)
	case x.exceeded != nil:
		failed.Kind, failed.Unclear, failed.Err = KindProtocol, true, x.exceeded
	case x.status >= 300:
		explainStatus(failed, x, connected)
	case answered != nil:
		explainAnswered(failed, x, answered)
	case x.network != nil:
		failed.Kind, failed.Unclear, failed.Err = KindUnavailable, x.sent, outbound.WithoutURL(x.network)
	case x.status == 0: // the library has given the session up after an earlier error
		failed.Kind, failed.Err = KindUnavailable, errLostSession
	case x.isStream:
		failed.Kind, failed.Unclear, failed.Err = KindUnavailable, true, errors.New("answer is incomplete")
	default:
		failed.Kind, failed.Unclear, failed.Err = KindProtocol, true, errors.New("not an MCP answer")
	}
	return failed
}

var errLostSession = errors.New("session is lost")

// serverError returns the JSON-RPC error of the server, or nil. The library uses the same type for errors of its own.
func serverError(err error) *jsonrpc.Error {
	answered, ok := errors.AsType[*jsonrpc.Error](err)
	const firstOwn, lastOwn = -32005, -32001
	if !ok || answered.Code >= firstOwn && answered.Code <= lastOwn {
		return nil
	}
	return answered
}

func explainCredential(failed *Error, err error) {
	failed.Kind, failed.Err = KindUnauthorized, err
	if temporary, ok := errors.AsType[interface {
		error
		Temporary() bool
	}](err); ok && temporary.Temporary() {
		failed.Kind = KindUnavailable
	}
}

// explainAnswered interprets a JSON-RPC error.
func explainAnswered(failed *Error, x recordedState, answered *jsonrpc.Error) {
	var data map[string]any
	_ = json.Unmarshal(answered.Data, &data) // other data says nothing that we know
	reported := newFailure(answered.Message, data)
	failed.Status, failed.RetryAfter = reported.status, reported.retryAfter
	failed.Message = cleanMessage(reported.text, x.secrets)
	failed.Kind, failed.Reason = classify(reported.text, reported.status, "")
	if failed.Kind == "" || failed.Reason == ReasonInput {
		failed.Kind, failed.Reason = kindOfCode(answered.Code)
	}
	failed.Unclear = failed.Kind == KindUnavailable
}

func kindOfCode(code int64) (Kind, Reason) {
	switch code {
	case jsonrpc.CodeInternalError:
		return KindUnavailable, ""
	case jsonrpc.CodeInvalidParams:
		return KindRefused, ReasonInput
	case jsonrpc.CodeParseError, jsonrpc.CodeInvalidRequest, jsonrpc.CodeMethodNotFound:
		return KindProtocol, ""
	}
	return KindRefused, ReasonOther
}

// explainStatus interprets a refused HTTP request, perhaps by something in front of the server.
func explainStatus(failed *Error, x recordedState, connected bool) {
	text, isMalformed := readRefusal(x.text)
	failed.RetryAfter, failed.Message = x.retryAfter, cleanMessage(text, x.secrets)
	failed.Kind, failed.Reason = classify(text, x.status, x.challenge)
	switch {
	case x.status < 400:
		failed.Kind, failed.Err = KindProtocol, errors.New("server redirects")
	case x.status == http.StatusNotFound && connected:
		failed.Kind, failed.Err = KindUnavailable, errLostSession
	case x.status == http.StatusNotFound:
		failed.Kind, failed.Err = KindProtocol, errors.New("no MCP server at this address")
	case x.status == http.StatusBadRequest && isGeneral(failed):
		// At connect, a dead token has been seen to cause this. Within a session, either token or session is gone;
		// a new session shows which.
		failed.Kind, failed.Reason = KindUnauthorized, ""
		if connected {
			failed.Kind, failed.Err = KindUnavailable, errLostSession
		}
		if isMalformed || strings.Contains(strings.ToLower(text), "protocol version") {
			failed.Kind, failed.Err = KindProtocol, nil
		}
	case isGeneral(failed): // the request itself is wrong, not an input of an operation
		failed.Kind, failed.Reason = KindProtocol, ""
	}
	failed.Unclear = x.status >= 500
}

// isGeneral reports whether a classification doesn't explain why a whole request was refused.
func isGeneral(failed *Error) bool {
	switch failed.Kind {
	case "", KindNotFound:
		return true
	case KindRefused:
		return failed.Reason != ReasonPlan
	}
	return false
}

// readRefusal returns the explanation in the body of a refusal, and whether it is a JSON-RPC error about the request
// itself. A web page explains nothing.
func readRefusal(body string) (text string, isMalformed bool) {
	var object map[string]any
	if json.Unmarshal([]byte(body), &object) == nil {
		inner, _ := object["error"].(map[string]any)
		code, _ := numberOf(inner["code"])
		return failureText(object), code <= jsonrpc.CodeInvalidRequest && code >= jsonrpc.CodeParseError
	}
	if strings.HasPrefix(strings.TrimSpace(body), "<") {
		return "", false
	}
	return body, false
}
