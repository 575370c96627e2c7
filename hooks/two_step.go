package hooks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// twoFactor is the field of users who sign in in two steps: PocketBase's MFA rule reads it.
const twoFactor = "two_factor"

// twoStep sends and checks codes: for the second step of a sign-in, and to turn it on or off. PocketBase asks for a second
// factor, whichever the first one is; a code is always the second one, so that a mailbox alone lets nobody in.
//
// PocketBase checks the code of a sign-in. Its own route for requesting codes is closed to users: it mails whoever is named.
type twoStep struct {
	handlers
	codes    *limit.Interval[string] // the latest id that wasn't used, by user
	sent     *limit.Rate             // by user
	failures *limit.Failures
}

func (h handlers) bindTwoStep() {
	t := twoStep{
		handlers: h, codes: limit.NewInterval[string](limit.CodeInterval*time.Second, time.Now),
		sent:     limit.NewRate(limit.CodesPerHour/3600.0, limit.CodeBurst, time.Now),
		failures: limit.NewFailures(limit.CodeFailuresPerHour, time.Now),
	}
	h.onServe("twoStep", func(e *core.ServeEvent) error {
		signedIn := apis.RequireAuth(migrations.Users)
		e.Router.POST(signInCodePath, t.sendSignInCode) // with the id of a first step that has succeeded
		e.Router.POST(twoStepCodePath, t.sendOwnCode).Bind(signedIn)
		e.Router.POST(twoStepPath, t.setTwoStep).Bind(signedIn)
		return t.warnWithoutMail(e.App)
	})
	// Outermost, so that the response is the same for every address.
	bindWithPriority(h.OnRecordRequestOTPRequest(migrations.Users), "refuseCodeWithoutPassword", -1000, refuseCodeWithoutPassword)
	bind(h.OnRecordAuthWithOTPRequest(migrations.Users), "forgetUsedCode", t.forgetUsedCode)
}

// warnWithoutMail tells the operator at the start who is locked out.
func (t twoStep) warnWithoutMail(app core.App) error {
	if app.Settings().SMTP.Enabled {
		return nil
	}
	waiting, err := app.CountRecords(migrations.Users, dbx.HashExp{twoFactor: true})
	if err != nil {
		return fmt.Errorf("count users with two-step sign-in: %w", err)
	}
	if waiting > 0 {
		t.Log.Warn("nobody can send the codes of users with two-step sign-in, because no mail server is set: set SMTP_HOST", "users", waiting)
	}
	return nil
}

// needsFirstStep reports whether codes of a collection are only accepted as the second step. The operator can switch that
// off in the admin UI, to let people sign in with codes alone.
func needsFirstStep(users *core.Collection) bool {
	return users.Name == migrations.Users && users.MFA.Enabled
}

// offersTwoStep reports whether users can turn on the second step.
func (h handlers) offersTwoStep(users *core.Collection) bool {
	return h.Settings().SMTP.Enabled && users.MFA.Enabled && users.OTP.Enabled && strings.Contains(users.MFA.Rule, twoFactor)
}

func refuseCodeWithoutPassword(e *core.RecordCreateOTPRequestEvent) error {
	if needsFirstStep(e.Collection) {
		return e.ForbiddenError("Sign in with your password first. If your account asks for a code, it is sent then.", nil)
	}
	return e.Next()
}

// forgetUsedCode lets the next code be sent at once.
func (t twoStep) forgetUsedCode(e *core.RecordAuthWithOTPRequestEvent) error {
	t.codes.Forget(e.Record.Id)
	return e.Next()
}

// sentCode is the response to a request for a code.
type sentCode struct {
	ID     string `json:"otpId"`
	SentTo string `json:"sent_to"` // masked
	// Expires and Next are in seconds: the code's lifetime, and until another one can be sent.
	Expires int `json:"expires"`
	Next    int `json:"next"`
}

// sendSignInCode mails the code to somebody whose first step has succeeded.
func (t twoStep) sendSignInCode(e *core.RequestEvent) error {
	var body struct {
		MFAID string `json:"mfaId"`
	}
	if err := bindJSON(e, &body, "mfaId"); err != nil {
		return err
	}
	users, err := e.App.FindCachedCollectionByNameOrId(migrations.Users)
	if err != nil {
		return e.InternalServerError("", err)
	}
	step, err := findFirstStep(e.App, users, body.MFAID)
	if err != nil {
		return e.BadRequestError("Too much time has passed since the first step. Sign in again.", err)
	}
	user, err := e.App.FindRecordById(users, step.RecordRef())
	if err != nil {
		return e.BadRequestError("Too much time has passed since the first step. Sign in again.", err)
	}
	return t.sendCode(e, user)
}

func (t twoStep) sendOwnCode(e *core.RequestEvent) error {
	switch {
	case !t.offersTwoStep(e.Auth.Collection()):
		return e.ForbiddenError("This server can't send codes, because it has no mail server.", nil)
	case !e.Auth.Verified():
		return e.ForbiddenError("Confirm your e-mail address first.", nil)
	}
	return t.sendCode(e, e.Auth)
}

// sendCode mails a code, or responds with the one that was sent a moment ago.
func (t twoStep) sendCode(e *core.RequestEvent, user *core.Record) error {
	if !e.App.Settings().SMTP.Enabled {
		return router.NewApiError(http.StatusServiceUnavailable,
			"This server can't send codes, because it has no mail server. Ask its operator to let you in.", nil)
	}
	validFor := user.Collection().OTP.DurationTime()
	response := sentCode{SentTo: maskEmail(user.Email()), Expires: int(validFor.Seconds()), Next: limit.CodeInterval}
	id, isNew := t.codes.Begin(user.Id, core.GenerateDefaultRandomId())
	response.ID = id
	e.Response.Header().Set("Cache-Control", "no-store")
	if !isNew {
		if otp, err := e.App.FindOTPById(id); err != nil || otp.HasExpired(validFor) {
			return tooManyRequests(e, limit.CodeInterval*time.Second, "A code was sent a moment ago. Wait half a minute and try again.")
		}
		return e.JSON(http.StatusOK, response)
	}
	if wait, ok := t.sent.Take(limit.Account(user.Id)); !ok {
		t.codes.Forget(user.Id)
		return tooManyRequests(e, wait, "Too many codes were sent. Try again later.")
	}
	if err := t.Accounts.SendCode(e.Request.Context(), user, id); err != nil {
		t.codes.Forget(user.Id)
		switch {
		case errors.Is(err, context.Canceled): // the client has disconnected
			return err
		case errors.Is(err, account.ErrMail):
			return router.NewApiError(http.StatusServiceUnavailable, mailUnavailableText, err)
		}
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, response)
}

// setTwoStep turns the second step on or off. Both take a code: nobody must turn on what locks them out, and a stolen
// session must not turn it off.
func (t twoStep) setTwoStep(e *core.RequestEvent) error {
	var body struct {
		On    bool   `json:"on"`
		OTPID string `json:"otpId"`
		Code  string `json:"code"`
	}
	if err := bindJSON(e, &body, "on, otpId and code"); err != nil {
		return err
	}
	user, err := e.App.FindRecordById(migrations.Users, e.Auth.Id)
	if err != nil {
		return e.UnauthorizedError("", err)
	}
	if body.On && (!t.offersTwoStep(user.Collection()) || !user.Verified()) {
		return e.ForbiddenError("Two-step sign-in needs a mail server and a confirmed e-mail address.", nil)
	}
	if err := t.checkCode(e, user, body.OTPID, body.Code); err != nil {
		return err
	}
	t.codes.Forget(user.Id)
	user.Set(twoFactor, body.On)
	audit.Attribute(user, audit.ActorOfRequest(e))
	if err := e.App.SaveWithContext(e.Request.Context(), user); err != nil {
		return e.InternalServerError("", err)
	}
	return e.NoContent(http.StatusNoContent)
}

// checkCode limits guesses as sign-ins do: by network with pauses, and by account.
func (t twoStep) checkCode(e *core.RequestEvent, user *core.Record, id, code string) error {
	end, ok := t.failures.Begin(user.Id)
	if !ok {
		return tooManyRequests(e, max(t.failures.Wait(user.Id), time.Second), "Too many wrong codes. Try again later.")
	}
	attempt, err := t.SignIn.BeginCode(e.Request.Context(), user.Id, network(e))
	if err != nil {
		end(false)
		return signInRefused(e, err)
	}
	defer attempt.End()
	err = t.Accounts.UseCode(e.Request.Context(), user, id, code)
	end(errors.Is(err, account.ErrWrongCode))
	switch {
	case err == nil:
		attempt.Succeeded()
		return nil
	case errors.Is(err, account.ErrWrongCode):
		attempt.Failed()
		t.countFailure(e, failedSignIn(user, core.MFAMethodOTP))
		return invalidField(e, "code", wrongCodeText)
	}
	return e.InternalServerError("", err)
}

var errNoFirstStep = errors.New("the first step of the sign-in is missing or has expired")

// findFirstStep returns the first step of a sign-in that has succeeded, with a password or another service.
func findFirstStep(app core.App, users *core.Collection, id string) (*core.MFA, error) {
	if id == "" || len(id) > maxOTPID {
		return nil, errNoFirstStep
	}
	step, err := app.FindMFAById(id)
	if err != nil || step.CollectionRef() != users.Id || step.Method() == core.MFAMethodOTP || step.HasExpired(users.MFA.DurationTime()) {
		return nil, errNoFirstStep
	}
	return step, nil
}

// maskEmail returns an address that its owner recognizes: a…@example.com.
func maskEmail(email string) string {
	local, domain, found := strings.Cut(email, "@")
	if !found || local == "" {
		return "…"
	}
	first := []rune(local)[0]
	return string(first) + "…@" + domain
}
