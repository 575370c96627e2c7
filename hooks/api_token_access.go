package hooks

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const jobsPath = "/api/collections/" + migrations.GlobalQueue + "/records"

// globalTokenRoutes is everything that API tokens may be used for in the global database: the jobs of their user, and
// links to recordings. The list for user databases is in package gateway.
var globalTokenRoutes = tokens.AllowList{
	{Method: http.MethodGet, Path: "/api/health", Scope: tokens.Read},
	{Method: http.MethodGet, Path: "/api/queue", Scope: tokens.Read},
	{Method: http.MethodPost, Path: assistantsPath, Scope: tokens.Read, Assistants: true},   // tools check scopes of their own
	{Method: http.MethodGet, Path: assistantsPath, Scope: tokens.Read, Assistants: true},    // see refuseStream
	{Method: http.MethodDelete, Path: assistantsPath, Scope: tokens.Read, Assistants: true}, // see refuseStream
	{Method: http.MethodGet, Path: jobsPath, Scope: tokens.Read},
	{Method: http.MethodGet, Path: jobsPath + "/*", Scope: tokens.Read},
	{Method: http.MethodGet, Path: "/api/shares", Scope: tokens.Share},
	{Method: http.MethodPost, Path: "/api/shares", Scope: tokens.Share},
	{Method: http.MethodPatch, Path: "/api/shares/*", Scope: tokens.Share},
	{Method: http.MethodDelete, Path: "/api/shares/*", Scope: tokens.Share},
	{Method: http.MethodPost, Path: jobsPath, Scope: tokens.Transfer},            // see confineTokenToJobs
	{Method: http.MethodPatch, Path: jobsPath + "/*", Scope: tokens.Transfer},    // see confineTokenToJobs
	{Method: http.MethodPost, Path: "/api/queue/cancel", Scope: tokens.Transfer}, // see setStatusOfJobs
	{Method: http.MethodPost, Path: "/api/queue/retry", Scope: tokens.Transfer},  // see setStatusOfJobs
}

// tokenJobs are the kinds of jobs that API tokens may create and change.
var tokenJobs = []string{transfer.KindSync, transfer.KindTransfer}

// tokenAccess authenticates requests with API tokens to the global database.
type tokenAccess struct {
	handlers
	refusals *limit.Rate // by network
}

func (h handlers) bindAPITokenAccess() {
	access := tokenAccess{h, limit.NewRate(limit.RefusalsPerSecond, limit.RefusalBurst, time.Now)}
	h.onServe("apiTokenAccess", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "authenticateToken", Func: access.authenticate,
			Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 1, // before PocketBase looks for its own tokens
		})
		return nil
	})
	bind(h.OnRecordCreateRequest(migrations.GlobalQueue), "confineTokenToJobs", confineTokenToJobs)
	bind(h.OnRecordUpdateRequest(migrations.GlobalQueue), "confineTokenToJobs", confineTokenToJobs)
}

// requestToken is where the event of a request keeps its API token.
const requestToken = "apiToken"

// authenticate makes the owner of an API token the caller, if the token may be used for the request. A request with an API
// token that is refused never counts as one without a token.
func (a tokenAccess) authenticate(e *core.RequestEvent) error {
	text := gateway.BearerToken(e.Request)
	if !tokens.IsToken(text) {
		return e.Next()
	}
	token, user, err := a.authorize(e, text)
	if err != nil {
		return a.refuse(e, err)
	}
	e.Auth = user
	e.Set(requestToken, token)
	gateway.LogToken(e.Request.Context(), token)
	return e.Next()
}

// authorize returns the API token and the user of a request, or an error of package tokens or of the global database.
func (a tokenAccess) authorize(e *core.RequestEvent, text string) (*tokens.Token, *core.Record, error) {
	token, err := a.Tokens.Verify(e.Request.Context(), text, e.RealIP())
	if err != nil {
		return nil, nil, err
	}
	// The router decodes each segment of the path, so that an encoded slash would lead to another route than it seems.
	path := e.Request.URL.Path
	if e.Request.URL.RawPath != "" {
		path = ""
	}
	if err := globalTokenRoutes.Check(token, e.Request.Method, path); err != nil {
		return nil, nil, err
	}
	if e.Request.URL.Query().Has("expand") { // leads from jobs to the account
		return nil, nil, tokens.ErrForbidden
	}
	user, err := e.App.FindRecordById(migrations.Users, token.UserID)
	if errors.Is(err, sql.ErrNoRows) { // deleted a moment ago
		return nil, nil, tokens.ErrInvalid
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find the user of API token %s: %w", token.ID, err)
	}
	return token, user, nil
}

func (a tokenAccess) refuse(e *core.RequestEvent, err error) error {
	if wait, ok := a.refusals.Take(network(e)); !ok {
		return tooManyRequests(e, wait, "Too many requests. Wait a moment and try again.")
	}
	if rate, ok := errors.AsType[*tokens.RateError](err); ok {
		setRetryAfter(e, rate.Wait)
	}
	return refuseToken(e, err)
}

// refuseToken returns the response to a request that was refused with an error of package tokens or of the database.
func refuseToken(e *core.RequestEvent, err error) error {
	status, message, ok := tokens.Response(err)
	if !ok {
		return e.InternalServerError("", err)
	}
	if status == http.StatusUnauthorized && e.Request.URL.Path == assistantsPath {
		challenge(e, "invalid_token")
	}
	return router.NewApiError(status, message, nil)
}

// confineTokenToJobs keeps API tokens from jobs of other kinds.
func confineTokenToJobs(e *core.RecordRequestEvent) error {
	kind := e.Record.GetString("kind")
	if !e.Record.IsNew() {
		kind = e.Record.Original().GetString("kind")
	}
	if err := checkJobOfToken(e.RequestEvent, kind); err != nil {
		return err
	}
	return e.Next()
}

// checkJobOfToken returns an error if a request with an API token is about jobs of a kind that tokens may not change.
func checkJobOfToken(e *core.RequestEvent, kind string) error {
	if _, ok := e.Get(requestToken).(*tokens.Token); ok && !slices.Contains(tokenJobs, kind) {
		return e.ForbiddenError("With an API token, you can create and change jobs of these kinds only: "+strings.Join(tokenJobs, ", ")+".", nil)
	}
	return nil
}
