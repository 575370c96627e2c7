package hooks

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// callerLimits limits the requests to the global database. PocketBase's own rate limits count whole addresses, so
// the server sets none; those that an operator adds in the admin UI apply in addition.
type callerLimits struct {
	handlers
	requests       *limit.Rate
	files          *limit.Rate
	credentials    *limit.Rate
	mails          *limit.Rate
	accountMails   *limit.Rate
	accountChanges *limit.Rate
}

// callerLimitsID is the id of the middleware, which routes can be exempted from.
const callerLimitsID = "limitCallers"

func (h handlers) bindCallerLimits() {
	const hour = 3600.0
	c := callerLimits{
		handlers:       h,
		requests:       limit.NewRate(limit.APIRequestsPerSecond, limit.APIRequestBurst, time.Now),
		files:          limit.NewRate(limit.StaticFilesPerSecond, limit.StaticFileBurst, time.Now),
		credentials:    limit.NewRate(limit.CredentialChecksPerSecond, limit.CredentialCheckBurst, time.Now),
		mails:          limit.NewRate(limit.MailsPerHour/hour, limit.MailBurst, time.Now),
		accountMails:   limit.NewRate(limit.AccountMailsPerHour/hour, limit.AccountMailBurst, time.Now),
		accountChanges: limit.NewRate(limit.AccountChangesPerSecond, limit.AccountChangeBurst, time.Now),
	}
	h.onServe(callerLimitsID, func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: callerLimitsID, Func: c.limitRequest,
			Priority: apis.DefaultRateLimitMiddlewarePriority - 1, // after the token was read, before any work
		})
		return nil
	})
	// Bound to the event rather than the route, because a batch creates many jobs.
	bind(h.OnRecordCreateRequest(migrations.GlobalQueue), "limitJobs", c.limitJobs)
}

// network returns the network of a client, according to the trusted proxies.
func network(e *core.RequestEvent) limit.Caller { return limit.Network(e.RealIP()) }

// callerOf returns the account that sent a request, or the network of a client without one.
func callerOf(e *core.RequestEvent) limit.Caller {
	if e.Auth != nil {
		return limit.Account(e.Auth.Id)
	}
	return network(e)
}

// requestKind is what a request costs the server.
type requestKind int

const (
	otherRequest    requestKind = iota
	fileRequest                 // a static file
	credentialCheck             // hashes a password or checks a code, token or OAuth2 login
	mailRequest                 // sends mail
	accountChange               // changes an account
)

// authActions are the routes below /api/collections/{collection}/ that accept or send credentials. Renewing a token
// isn't among them: it needs a valid one.
var authActions = map[string]requestKind{
	"auth-with-password": credentialCheck, "auth-with-otp": credentialCheck, "auth-with-oauth2": credentialCheck,
	"confirm-password-reset": credentialCheck, "confirm-verification": credentialCheck, "confirm-email-change": credentialCheck,
	"request-otp": mailRequest, "request-password-reset": mailRequest, "request-verification": mailRequest, "request-email-change": mailRequest,
}

// ownActions are the routes of this program that accept or send credentials.
var ownActions = map[string]requestKind{
	passwordPath: credentialCheck, twoStepPath: credentialCheck, signOutPath: accountChange, twoStepCodePath: mailRequest,
	signInCodePath: credentialCheck, // the first step has succeeded, and each account has a limit of its own
}

// kindOf classifies a request by the path that PocketBase's router has matched.
func kindOf(e *core.RequestEvent) requestKind {
	path := e.Request.URL.Path
	if path == assistantsPath {
		return otherRequest
	}
	if !strings.HasPrefix(path, "/api/") {
		return fileRequest
	}
	if kind, ok := ownActions[path]; ok && e.Request.Method == http.MethodPost {
		return kind
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 4 || parts[1] != "collections" {
		return otherRequest
	}
	if kind, ok := authActions[parts[3]]; ok && len(parts) == 4 && e.Request.Method == http.MethodPost {
		return kind
	}
	isSignUp := len(parts) == 4 && e.Request.Method == http.MethodPost
	isChange := len(parts) == 5 && e.Request.Method == http.MethodPatch
	if parts[3] != "records" || !isSignUp && !isChange {
		return otherRequest
	}
	collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	switch {
	case err != nil || !collection.IsAuth():
		return otherRequest
	case isSignUp:
		return credentialCheck
	}
	return accountChange
}

// limitRequest refuses a request of a caller over a limit. Credentials and mail count against the network even with
// a token, because anybody can sign up and use their own.
func (c callerLimits) limitRequest(e *core.RequestEvent) error {
	if e.HasSuperuserAuth() {
		return e.Next()
	}
	stranger, caller := network(e), callerOf(e)
	kind := kindOf(e)
	if kind == fileRequest {
		if wait, ok := c.files.Take(stranger); !ok {
			return tooManyRequests(e, wait, "Too many requests. Wait a moment and try again.")
		}
		return e.Next()
	}
	if wait, ok := c.requests.Take(caller); !ok {
		return tooManyRequests(e, wait, "Too many requests. Wait a moment and try again.")
	}
	switch kind {
	case credentialCheck, mailRequest:
		if wait, ok := c.credentials.Take(stranger); !ok {
			return tooManyRequests(e, wait, "Too many attempts from your network. Wait a moment and try again.")
		}
		if kind == mailRequest {
			if wait, ok := c.takeMail(e, stranger, caller); !ok {
				return tooManyRequests(e, wait, "Too many e-mails were requested. Try again later.")
			}
		}
	case accountChange:
		if wait, ok := c.accountChanges.Take(caller); !ok {
			return tooManyRequests(e, wait, "Too many changes of your account. Wait a moment and try again.")
		}
	}
	return e.Next()
}

func (c callerLimits) takeMail(e *core.RequestEvent, stranger, caller limit.Caller) (time.Duration, bool) {
	if wait, ok := c.mails.Take(stranger); !ok || e.Auth == nil {
		return wait, ok
	}
	return c.accountMails.Take(caller)
}

func (c callerLimits) limitJobs(e *core.RecordRequestEvent) error {
	if e.HasSuperuserAuth() {
		return e.Next()
	}
	if wait, ok := c.newJobs.Take(callerOf(e.RequestEvent)); !ok {
		return tooManyRequests(e.RequestEvent, wait, "Too many new jobs. Wait a moment and try again.")
	}
	return e.Next()
}

// tooManyRequests returns the response to a caller over a limit.
func tooManyRequests(e *core.RequestEvent, wait time.Duration, message string) error {
	setRetryAfter(e, wait)
	return e.TooManyRequestsError(message, nil)
}

// setRetryAfter tells the client when to try again, in whole seconds.
func setRetryAfter(e *core.RequestEvent, wait time.Duration) {
	e.Response.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
}

// authCollections are the collections whose records can sign in.
var authCollections = []string{migrations.Users, core.CollectionNameSuperusers}
