package authserver

import (
	"fmt"
	"net/http"
	"time"
)

// The codes of errors in RFC 6749, 7591 and 8707.
const (
	codeInvalidRequest  = "invalid_request"
	codeInvalidClient   = "invalid_client"
	codeInvalidGrant    = "invalid_grant"
	codeInvalidScope    = "invalid_scope"
	codeInvalidTarget   = "invalid_target"
	codeInvalidRedirect = "invalid_redirect_uri"
	codeInvalidMetadata = "invalid_client_metadata"
	codeUnsupported     = "unsupported_grant_type"
	codeResponseType    = "unsupported_response_type"
	codeAccessDenied    = "access_denied"
)

// Error is what the endpoints for assistants respond with. It contains no secrets.
type Error struct {
	Code        string `json:"error"`
	Description string `json:"error_description"` // for the developer of the assistant
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Description }

// Status returns the status of the response.
func (e *Error) Status() int {
	if e.Code == codeInvalidClient {
		return http.StatusUnauthorized
	}
	return http.StatusBadRequest
}

// PageError is why a person can't decide about a request for access, in a sentence for them. Nobody is redirected: if the
// assistant may know, ReturnURL tells it, and a person may follow it.
type PageError struct {
	Message   string
	ReturnURL string // blank if the request doesn't prove where the assistant is
	cause     error  // for the log
}

// Error implements error.
func (e *PageError) Error() string {
	if e.cause == nil {
		return e.Message
	}
	return fmt.Sprintf("%s (%s)", e.Message, e.cause)
}

// Unwrap returns the cause.
func (e *PageError) Unwrap() error { return e.cause }

// RateError means that a user has asked too often.
type RateError struct{ Wait time.Duration }

// Error implements error.
func (e *RateError) Error() string { return "too many requests for access" }
