package tokens

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

var (
	// ErrInvalid means that a text is no token, or one that doesn't exist any more.
	ErrInvalid = errors.New("API token is not valid")
	// ErrExpired means that a token has expired.
	ErrExpired = errors.New("API token has expired")
	// ErrNotInHeader means that a token is in the query of a URL, where logs and histories keep it.
	ErrNotInHeader = errors.New("API token is in a URL")
	// ErrWrongDatabase means that a token doesn't open a user database, whether that exists or not.
	ErrWrongDatabase = errors.New("API token does not open this database")
	// ErrNoDatabase means that the user of a token has no database that could be used at the moment.
	ErrNoDatabase = errors.New("user of the API token has no ready database")
	// ErrForbidden means that no token may be used for a request.
	ErrForbidden = errors.New("API tokens are not allowed here")
	// ErrConfined means that the token of an assistant was used for something else than the routes for assistants.
	ErrConfined = errors.New("API token of an assistant is not allowed here")
	// ErrReused means that a refresh token was used a second time, and that its grant was therefore revoked.
	ErrReused = errors.New("refresh token was used before")
	// ErrNotFound means that a user has no token with an id.
	ErrNotFound = errors.New("API token not found")
	// ErrTooMany means that a user has the maximum number of active tokens or grants.
	ErrTooMany = errors.New("user has the maximum number of active API tokens")
)

// ScopeError means that a token lacks the scope that a request needs.
type ScopeError struct{ Needed Scope }

// Error implements error.
func (e *ScopeError) Error() string { return fmt.Sprintf("API token lacks the scope %q", e.Needed) }

// RateError means that too many unknown tokens came from a network.
type RateError struct{ Wait time.Duration }

// Error implements error.
func (e *RateError) Error() string { return "too many unknown API tokens" }

// InvalidError means that a request for a new token is not valid.
type InvalidError struct {
	Field   string // of Request, as in JSON
	Message string // for the user
}

// Error implements error.
func (e *InvalidError) Error() string { return "create API token: " + e.Field + ": " + e.Message }

// Response returns the status of a response to a request that was refused with an error of this package, and a sentence
// for the user. ok is false for other errors.
func Response(err error) (status int, message string, ok bool) {
	if scope, found := errors.AsType[*ScopeError](err); found {
		return http.StatusForbidden, fmt.Sprintf("This request needs an API token with the scope %q.", scope.Needed), true
	}
	if _, found := errors.AsType[*RateError](err); found {
		return http.StatusTooManyRequests, "Too many requests with unknown API tokens came from your network. Wait a moment and try again.", true
	}
	for _, known := range []struct {
		cause   error
		status  int
		message string
	}{
		{ErrInvalid, http.StatusUnauthorized, "This API token is not valid: it was revoked or mistyped."},
		{ErrExpired, http.StatusUnauthorized, "This API token has expired. Create a new one in Settings."},
		{ErrNotInHeader, http.StatusUnauthorized, "Send API tokens in the Authorization header, never in a URL."},
		{ErrWrongDatabase, http.StatusForbidden, "This API token doesn't open this database: it belongs to another account, or the database is archived until you sign in."},
		{ErrNoDatabase, http.StatusForbidden, "Your database can't be used at the moment. If it is archived, sign in to the web app once to bring it back."},
		{ErrForbidden, http.StatusForbidden, "API tokens can't be used for this request. Sign in instead."},
		{ErrConfined, http.StatusForbidden, "This token was issued to an assistant, which may use it at /mcp only."},
	} {
		if errors.Is(err, known.cause) {
			return known.status, known.message, true
		}
	}
	return 0, "", false
}
