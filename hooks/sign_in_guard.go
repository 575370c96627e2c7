package hooks

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/spf13/cast"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/signin"
)

// attemptKey is where a request keeps its attempt to sign in until the password or code has been checked.
const attemptKey = "signInAttempt"

// maxOTPID is longer than every id of PocketBase, in bytes.
const maxOTPID = 255

func (h handlers) bindSignInGuard() {
	// Outermost: before any other handler does work for a password that must not be checked.
	bindWithPriority(h.OnRecordAuthWithPasswordRequest(authCollections...), "guardPassword", -1000, h.guardPassword)
	bind(h.OnRecordUpdateRequest(authCollections...), "guardOldPassword", h.guardOldPassword)
	bindWithPriority(h.OnRecordAuthRequest(authCollections...), "rememberNetwork", -1000, h.signedIn)
	bind(h.OnRecordConfirmPasswordResetRequest(authCollections...), "rememberNetworkOfReset", h.passwordReset)
	bind(h.OnRecordAfterDeleteSuccess(authCollections...), "forgetNetworks", h.forgetNetworks)
	h.onServe("guardCodes", func(e *core.ServeEvent) error {
		const afterLimits = apis.DefaultRateLimitMiddlewarePriority + 1 // PocketBase's events come after the code or password was checked
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{Id: "guardCodes", Func: h.guardCode, Priority: afterLimits})
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{Id: "guardEmailChanges", Func: h.guardEmailChange, Priority: afterLimits})
		return nil
	})
}

// guardPassword runs after PocketBase has looked up the account and before it hashes the password.
func (h handlers) guardPassword(e *core.RecordAuthWithPasswordRequestEvent) error {
	attempt, err := h.SignIn.BeginPassword(e.Request.Context(), e.Collection.Name, e.Identity, e.Record, network(e.RequestEvent))
	if err != nil {
		return signInRefused(e.RequestEvent, err)
	}
	return h.finishAttempt(e.RequestEvent, attempt, failedSignIn(e.Record, core.MFAMethodPassword), e.Next)
}

// guardOldPassword does for the old password, which a change of the password requires, what guardPassword does for
// sign-ins: a stolen token must not help to guess it.
func (h handlers) guardOldPassword(e *core.RecordRequestEvent) error {
	info, err := e.RequestInfo() // as PocketBase reads it: a struct's fields would also match other spellings
	if err != nil {
		return e.BadRequestError("", err)
	}
	if cast.ToString(info.Body["oldPassword"]) == "" || e.HasSuperuserAuth() { // superusers don't need it
		return e.Next()
	}
	before := e.Record.Original()
	attempt, err := h.SignIn.BeginPassword(e.Request.Context(), e.Collection.Name, before.Email(), before, network(e.RequestEvent))
	if err != nil {
		return signInRefused(e.RequestEvent, err)
	}
	defer attempt.End()
	err = e.Next()
	if err == nil {
		attempt.Succeeded()
	} else if _, isWrong := router.ToApiError(err).Data["oldPassword"]; isWrong {
		attempt.Failed()
		h.countFailure(e.RequestEvent, failedSignIn(before, core.MFAMethodPassword))
	}
	return err
}

// guardCode does for one-time passwords what guardPassword does for passwords.
func (h handlers) guardCode(e *core.RequestEvent) error {
	if e.Request.Method != http.MethodPost || !strings.HasSuffix(e.Request.Pattern, "/auth-with-otp") {
		return e.Next()
	}
	var body struct {
		OTPID string `json:"otpId" form:"otpId"`
		MFAID string `json:"mfaId" form:"mfaId" xml:"mfaId"` // as PocketBase reads it
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if len(body.OTPID) > maxOTPID { // it is kept in memory
		return e.BadRequestError("", nil)
	}
	account, failure := body.OTPID, audit.Event{}
	if otp, err := e.App.FindOTPById(body.OTPID); err == nil {
		account = otp.RecordRef()
		failure = audit.Event{Owner: account, Kind: audit.SignInFailed, Detail: core.MFAMethodOTP}
	}
	if err := h.requireFirstStep(e, account, cmp.Or(e.Request.URL.Query().Get("mfaId"), body.MFAID)); err != nil {
		return err
	}
	attempt, err := h.SignIn.BeginCode(e.Request.Context(), account, network(e))
	if err != nil {
		return signInRefused(e, err)
	}
	return h.finishAttempt(e, attempt, failure, e.Next)
}

// guardEmailChange does for the password that confirms a new address what guardPassword does for sign-ins: whoever has stolen
// a session can have the link sent to themselves.
func (h handlers) guardEmailChange(e *core.RequestEvent) error {
	if e.Request.Method != http.MethodPost || !strings.HasSuffix(e.Request.Pattern, "/confirm-email-change") {
		return e.Next()
	}
	var body struct {
		Token string `json:"token" form:"token"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	user, err := e.App.FindAuthRecordByToken(body.Token, core.TokenTypeEmailChange)
	if err != nil {
		return e.Next() // PocketBase refuses the token
	}
	attempt, err := h.SignIn.BeginPassword(e.Request.Context(), user.Collection().Name, user.Email(), user, network(e))
	if err != nil {
		return signInRefused(e, err)
	}
	defer attempt.End()
	err = e.Next()
	if err == nil {
		attempt.Succeeded()
	} else if _, isWrong := router.ToApiError(err).Data["password"]; isWrong {
		attempt.Failed()
		h.countFailure(e, failedSignIn(user, core.MFAMethodPassword))
	}
	return err
}

// requireFirstStep returns an error unless a code may be checked: one of a user is only the second step. PocketBase would
// accept it as the first one, and as the only one of users without two_factor.
func (h handlers) requireFirstStep(e *core.RequestEvent, account, mfaID string) error {
	collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	if err != nil || !needsFirstStep(collection) {
		return nil // PocketBase responds
	}
	step, err := findFirstStep(e.App, collection, mfaID)
	if err != nil || step.RecordRef() != account {
		return e.BadRequestError("Sign in with your password first, then enter the code.", err)
	}
	return nil
}

// finishAttempt lets PocketBase check a password or code. A correct one reaches signedIn, which ends the attempt. With
// a second factor PocketBase responds with 401 to the first one. A wrong one is a failure, which is blank for an account that
// doesn't exist.
func (h handlers) finishAttempt(e *core.RequestEvent, attempt *signin.Attempt, failure audit.Event, check func() error) error {
	defer attempt.End()
	e.Set(attemptKey, attempt)
	err := check()
	if err != nil && router.ToApiError(err).Status == http.StatusBadRequest {
		attempt.Failed()
		h.countFailure(e, failure)
	}
	return err
}

// signedIn runs at every successful sign-in and renewal of a token.
func (h handlers) signedIn(e *core.RecordAuthRequestEvent) error {
	if attempt, ok := e.Get(attemptKey).(*signin.Attempt); ok {
		attempt.Succeeded()
	}
	h.rememberNetwork(e.RequestEvent, e.Record)
	return e.Next()
}

// passwordReset lets the owner sign in from the network in which they have used the link that was mailed to them.
func (h handlers) passwordReset(e *core.RecordConfirmPasswordResetRequestEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	h.rememberNetwork(e.RequestEvent, e.Record)
	return nil
}

// rememberNetwork doesn't fail the request: the network only matters during an attack.
func (h handlers) rememberNetwork(e *core.RequestEvent, account *core.Record) {
	if err := h.SignIn.Proven(e.Request.Context(), account.Id, network(e)); err != nil && e.Request.Context().Err() == nil {
		h.Log.WarnContext(e.Request.Context(), "failed to remember network of account", "account", account.Id, "error", err)
	}
}

func (h handlers) forgetNetworks(e *core.RecordEvent) error {
	if err := h.SignIn.ForgetAccount(context.WithoutCancel(e.Context), e.Record.Id); err != nil {
		h.Log.WarnContext(e.Context, "failed to forget networks of deleted account", "account", e.Record.Id, "error", err)
	}
	return e.Next()
}

// signInRefused translates an error of the guard. The response is the same whether the account exists or not.
func signInRefused(e *core.RequestEvent, err error) error {
	refused, ok := errors.AsType[*signin.RefusedError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case !ok:
		return e.InternalServerError("", err)
	case refused.UnknownNetwork:
		return tooManyRequests(e, min(refused.Wait, time.Hour), "Too many failed sign-ins to this account. "+otherWaysIn(e))
	}
	return tooManyRequests(e, refused.Wait, "Too many failed sign-ins. Wait a moment and try again.")
}

// otherWaysIn tells the owner of an attacked account what works from an unknown network. It depends on the server
// and the collection only, because it must not reveal which accounts exist.
func otherWaysIn(e *core.RequestEvent) string {
	var ways []string
	hasMail := e.App.Settings().SMTP.Enabled
	if hasMail {
		ways = append(ways, "reset your password")
	}
	if accounts, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection")); err == nil {
		if hasMail && accounts.OTP.Enabled && !needsFirstStep(accounts) {
			ways = append(ways, "sign in with a code")
		}
		if accounts.OAuth2.Enabled && len(accounts.OAuth2.Providers) > 0 {
			ways = append(ways, "sign in with another service")
		}
	}
	ways = append(ways, "use a network that you have signed in from before")
	text := strings.Join(ways, ", or ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
