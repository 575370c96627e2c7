package hooks

import (
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// The routes with which users secure their account. Those that end all sessions respond as a sign-in does, so that the
// client that has called them stays signed in. API tokens can't call them: see globalTokenRoutes.
const (
	securityPath        = "/api/account/security"
	passwordPath        = "/api/account/password"
	signOutPath         = "/api/account/sign-out-everywhere"
	twoStepPath         = "/api/account/two-step"
	twoStepCodePath     = "/api/account/two-step/code"
	signInCodePath      = "/api/sign-in/code"
	wrongPasswordText   = "This is not your current password."
	wrongCodeText       = "The code is wrong or has expired."
	mailUnavailableText = "The code couldn't be sent. Try again in a minute, or ask the operator of this server."
)

func (h handlers) bindAccountSecurity() {
	h.onServe("accountSecurity", func(e *core.ServeEvent) error {
		signedIn := apis.RequireAuth(migrations.Users)
		e.Router.GET(securityPath, h.describeSecurity).Bind(signedIn)
		e.Router.POST(passwordPath, h.changePassword).Bind(signedIn)
		e.Router.POST(signOutPath, h.signOutEverywhere).Bind(signedIn)
		return nil
	})
}

// describeSecurity responds with how the caller signs in.
func (h handlers) describeSecurity(e *core.RequestEvent) error {
	links, err := e.App.FindAllExternalAuthsByRecord(e.Auth)
	if err != nil {
		return e.InternalServerError("", err)
	}
	providers := []string{}
	for _, link := range links {
		providers = append(providers, link.Provider())
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]any{
		"email": e.Auth.Email(), "verified": e.Auth.Verified(), "providers": providers,
		"two_step": e.Auth.GetBool(twoFactor), "two_step_available": h.offersTwoStep(e.Auth.Collection()),
	})
}

// changePassword sets a new password. All sessions, API tokens and grants of assistants end.
func (h handlers) changePassword(e *core.RequestEvent) error {
	var body struct {
		OldPassword     string `json:"oldPassword"`
		Password        string `json:"password"`
		PasswordConfirm string `json:"passwordConfirm"`
	}
	if err := bindJSON(e, &body, "oldPassword, password and passwordConfirm"); err != nil {
		return err
	}
	if body.Password == "" {
		return invalidField(e, "password", "Enter a new password.")
	}
	if body.Password != body.PasswordConfirm {
		return invalidField(e, "passwordConfirm", "The passwords differ.")
	}
	user, err := e.App.FindRecordById(migrations.Users, e.Auth.Id)
	if err != nil {
		return e.UnauthorizedError("", err)
	}
	attempt, err := h.SignIn.BeginPassword(e.Request.Context(), migrations.Users, user.Email(), user, network(e))
	if err != nil {
		return signInRefused(e, err)
	}
	defer attempt.End()
	if !user.ValidatePassword(body.OldPassword) {
		attempt.Failed()
		h.countFailure(e, failedSignIn(user, core.MFAMethodPassword))
		return invalidField(e, "oldPassword", wrongPasswordText)
	}
	attempt.Succeeded()
	user.SetPassword(body.Password)
	return h.saveAndRenew(e, user)
}

// signOutEverywhere ends all sessions, API tokens and grants of assistants of the caller.
func (h handlers) signOutEverywhere(e *core.RequestEvent) error {
	user, err := e.App.FindRecordById(migrations.Users, e.Auth.Id)
	if err != nil {
		return e.UnauthorizedError("", err)
	}
	user.RefreshTokenKey()
	return h.saveAndRenew(e, user)
}

// saveAndRenew saves a user whose sessions end with that, and responds with a new one. The user has proven before who they
// are, so that no second step is asked for.
func (h handlers) saveAndRenew(e *core.RequestEvent, user *core.Record) error {
	audit.Attribute(user, audit.ActorOfRequest(e))
	if err := e.App.SaveWithContext(e.Request.Context(), user); err != nil {
		return e.BadRequestError("The account couldn't be changed.", err)
	}
	e.Auth = user
	e.Response.Header().Set("Cache-Control", "no-store")
	return apis.RecordAuthResponse(e, user, "", nil)
}

// invalidField returns the response to a form with one field that isn't right.
func invalidField(e *core.RequestEvent, field, message string) error {
	return e.BadRequestError(message, validation.Errors{field: validation.NewError("validation_"+field, message)})
}
