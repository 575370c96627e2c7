package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

var (
	errForbidden         = errors.New("route is forbidden")
	errAddressNotAllowed = errors.New("superuser is not allowed from this address")
	errRateExceeded      = errors.New("request rate is exceeded")
	errTooManyRequests   = errors.New("too many concurrent requests")
	errBodyTooLarge      = errors.New("request body is too large")
	errBodyUnreadable    = errors.New("request body could not be read")
	errOpenFailed        = errors.New("user database could not be opened")
)

// errorResponse is the response that a client receives for an error.
type errorResponse struct {
	status     int
	message    string
	retryAfter string // Retry-After header in seconds; empty for no header
}

const (
	invalidSession = "A valid session for this database is required. Sign in again."
	busyServer     = "The server is busy. Try again in a moment."
)

// errorResponses maps errors to responses. The first matching cause applies: errOpenFailed comes
// last, because some of the errors it wraps have a response of their own.
var errorResponses = []struct {
	cause error
	errorResponse
}{
	{registry.ErrElsewhere, errorResponse{http.StatusMisdirectedRequest, "This database is on another server. Sign in again to get its address.", ""}},
	{session.ErrWrongDatabase, errorResponse{http.StatusForbidden, "This session is for another database. Use a session for this database.", ""}},
	{session.ErrExpired, errorResponse{http.StatusUnauthorized, "The session has expired. Renew it with POST /api/session.", ""}},
	{session.ErrInvalid, errorResponse{http.StatusUnauthorized, invalidSession, ""}},
	{registry.ErrNotFound, errorResponse{http.StatusUnauthorized, invalidSession, ""}},             // must not reveal which databases exist
	{errForbidden, errorResponse{http.StatusNotFound, "The requested resource wasn't found.", ""}}, // as for any unknown route
	{errAddressNotAllowed, errorResponse{http.StatusForbidden, "You are not allowed to perform this request.", ""}},
	{errRateExceeded, errorResponse{http.StatusTooManyRequests, "Too many requests. Wait a moment and try again.", "1"}},
	{errTooManyRequests, errorResponse{
		http.StatusTooManyRequests,
		"Too many requests and downloads at the same time. Wait until some have finished.", "2",
	}},
	{errBodyTooLarge, errorResponse{http.StatusRequestEntityTooLarge, "The request body is larger than 1 MiB.", ""}},
	{errBodyUnreadable, errorResponse{http.StatusBadRequest, "The request body could not be read. Send the request again.", ""}},
	// Either the server stops, or the client has disconnected and receives nothing.
	{context.Canceled, errorResponse{http.StatusServiceUnavailable, busyServer, "2"}},
	{userdb.ErrBusy, errorResponse{http.StatusServiceUnavailable, busyServer, "2"}},
	{userdb.ErrClosed, errorResponse{http.StatusServiceUnavailable, busyServer, "2"}},
	{userdb.ErrMissing, errorResponse{
		http.StatusServiceUnavailable,
		"The files of your database are missing on the server. Contact the operator, who can restore them from a backup.", "",
	}},
	{errOpenFailed, errorResponse{
		http.StatusServiceUnavailable,
		"Your database could not be opened. Your data is unchanged. Try again later, and contact the operator if this keeps happening.", "",
	}},
}

// superuserResponses replace the responses above for superusers, who may know which databases and
// routes exist.
var superuserResponses = map[error]errorResponse{
	userdb.ErrMissing:     {http.StatusServiceUnavailable, "The folder of the database is missing: restore it from a backup.", ""},
	registry.ErrNotFound:  {http.StatusNotFound, "The user database does not exist, is archived, or is being deleted.", ""},
	registry.ErrElsewhere: {http.StatusMisdirectedRequest, "This database is on another server.", ""},
	errForbidden: {
		http.StatusForbidden,
		"This is not available in a user database: the server manages its schema, settings, backups and cron jobs.", "",
	},
	errOpenFailed: {http.StatusServiceUnavailable, "The database could not be opened. The server log contains the reason.", ""},
}

// apiError maps an error to the response for the client, and logs it if the operator must act. It
// returns API errors unchanged.
func (g *Gateway) apiError(e *core.RequestEvent, state *requestState, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*router.ApiError](err); ok {
		return err
	}
	if disk.FaultOf(err) != disk.NoFault || disk.IsLocked(err) {
		return g.disk.Explain(e, err)
	}
	if status, message, ok := tokens.Response(err); ok {
		if rate, found := errors.AsType[*tokens.RateError](err); found {
			e.Response.Header().Set("Retry-After", strconv.Itoa(int(rate.Wait.Seconds())+1))
		}
		return router.NewApiError(status, message, err)
	}
	logger := g.logger.With("database", state.name)
	for _, known := range errorResponses {
		if !errors.Is(err, known.cause) {
			continue
		}
		response := known.errorResponse
		if override, ok := superuserResponses[known.cause]; ok && state.principal.isSuperuser() {
			response = override
		}
		if known.cause == errOpenFailed && descriptors.IsExhausted(err) {
			response = errorResponse{http.StatusServiceUnavailable, busyServer, "2"}
			logger.ErrorContext(e.Request.Context(), "out of file descriptors: user database can't be opened at the moment", "advice", descriptors.Advice(), "error", err)
		} else if (known.cause == errOpenFailed || known.cause == userdb.ErrMissing) && g.isNews(state.name) {
			logger.ErrorContext(e.Request.Context(), "failed to open user database", "error", err, "hint", "fathom-to-loom userdb verify "+state.name)
		}
		if response.retryAfter != "" {
			e.Response.Header().Set("Retry-After", response.retryAfter)
		}
		return router.NewApiError(response.status, response.message, err)
	}
	err = e.InternalServerError("Something went wrong on the server. Try again later.", err)
	LogFailure(logger, e, err)
	return err
}

// openFailureInterval is the shortest time between two lines in the log that one database can't be opened.
const openFailureInterval = time.Minute

// isNews reports whether a failure to open a database is worth a line in the log: a browser tries again and again.
func (g *Gateway) isNews(database string) bool {
	_, ok := g.openFailures.Take(limit.Account(database))
	return ok
}

// LogFailure logs the cause of a 5xx response, which the client doesn't see, with the attributes. Responses with
// Retry-After are not failures: the server is at a limit. Nor are those with status 507: the user's
// storage is full, or [disk.Monitor] logs that the disk is.
func LogFailure(logger *slog.Logger, e *core.RequestEvent, err error, attributes ...any) {
	if err == nil || errors.Is(err, context.Canceled) || e.Response.Header().Get("Retry-After") != "" {
		return
	}
	if response := router.ToApiError(err); response.Status >= http.StatusInternalServerError && response.Status != http.StatusInsufficientStorage {
		logger = logger.With(attributes...)
		if descriptors.IsExhausted(descriptors.Explain(err)) {
			logger.ErrorContext(e.Request.Context(), "out of file descriptors: a request failed", "advice", descriptors.Advice())
		}
		logger.ErrorContext(e.Request.Context(), "request failed", "method", e.Request.Method, "path", redact.Path(e.Request.URL.Path),
			"status", response.Status, "error", err, "cause", response.RawData())
	}
}

// LogCaller makes the log lines about a request name the user or superuser who sent it.
func LogCaller(ctx context.Context, id string, isSuperuser bool) {
	key := logging.UserKey
	if isSuperuser {
		key = "superuser"
	}
	logging.Add(ctx, slog.String(key, id))
}

// LogToken makes the log lines about a request name the API token that it used, by its id.
func LogToken(ctx context.Context, token *tokens.Token) {
	logging.Add(ctx, slog.String("api_token", token.ID))
}
