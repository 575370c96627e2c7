package hooks

import (
	"context"
	"fmt"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindSignUp controls who may create an account, according to SIGNUP. An OAuth2 sign-in that creates an account
// triggers the same request event as the API.
func (h handlers) bindSignUp() {
	bind(h.OnRecordCreateRequest(migrations.Users), "controlSignUp", h.controlSignUp)
	bind(h.OnRecordAfterCreateSuccess(migrations.Users), "sendVerification", h.sendVerification)
	h.onServe("warnWithoutMail", func(e *core.ServeEvent) error {
		if h.Config.SignUp == config.SignUpVerified && !e.App.Settings().SMTP.Enabled {
			h.Log.Warn("nobody can confirm an e-mail address, which SIGNUP=verified requires, because no mail server is set: set SMTP_HOST")
		}
		return nil
	})
}

func (h handlers) controlSignUp(e *core.RecordRequestEvent) error {
	if e.HasSuperuserAuth() {
		if err := refuseFormerID(e); err != nil {
			return err
		}
		return e.Next()
	}
	if e.Record.Id != "" {
		return e.BadRequestError("", invalidID("The server chooses the id of an account. Leave it out."))
	}
	e.Record.SetRaw(signedUpKey, true)
	switch h.Config.SignUp {
	case config.SignUpClosed:
		return e.ForbiddenError("Sign-up is closed. Ask the operator of this server for an account.", nil)
	case config.SignUpInvite:
		return h.signUpByInvitation(e)
	}
	e.Record.Set("unused", true)
	return e.Next()
}

// signUpByInvitation creates an account if its address is invited. The form is checked first, so that an invalid one
// gets the same response for every address and tells nobody who is invited. An address with an account is treated
// like one that isn't invited.
func (h handlers) signUpByInvitation(e *core.RecordRequestEvent) error {
	return inTransaction(&e.App, func() error {
		invited, err := account.UseInvitation(e.Request.Context(), e.App, e.Record.Email(), time.Now())
		if err != nil {
			return e.InternalServerError("", err)
		}
		err = e.Next()
		if inUse := account.IsEmailInUse(err); inUse || err == nil && !invited {
			return e.ForbiddenError("Sign-up is by invitation. Sign in if you have an account. "+
				"Otherwise, ask the operator of this server to invite your e-mail address.", nil)
		}
		return err
	})
}

// refuseFormerID keeps the ids of deleted users free while their accounts can be restored.
func refuseFormerID(e *core.RecordRequestEvent) error {
	if e.Record.Id == "" {
		return nil
	}
	database, err := registry.FormerOwner(e.Request.Context(), e.App, e.Record.Id)
	if err != nil {
		return e.InternalServerError("", err)
	}
	if database != "" {
		return e.BadRequestError("", invalidID(fmt.Sprintf(
			"A deleted account has this id and can still be restored, with the user database %s. Leave the id blank.", database)))
	}
	return nil
}

func invalidID(message string) error {
	return validation.Errors{"id": validation.NewError("validation_invalid_id", message)}
}

// needsVerification reports whether a user must verify their e-mail address before they can sign in. Users who
// have signed in before keep the access to their data.
func (h handlers) needsVerification(ctx context.Context, user *core.Record) (bool, error) {
	if h.Config.SignUp != config.SignUpVerified || user.Verified() {
		return false, nil
	}
	provisioned, err := h.Databases.IsProvisioned(ctx, user.Id)
	return !provisioned, err
}

// requireVerification returns the response to a user who must verify their e-mail address first.
func (h handlers) requireVerification(e *core.RequestEvent, user *core.Record) error {
	needed, err := h.needsVerification(e.Request.Context(), user)
	if err != nil {
		return sessionError(e, user.Id, err)
	}
	if !needed {
		return nil
	}
	if !e.App.Settings().SMTP.Enabled {
		return e.ForbiddenError("Your e-mail address isn't confirmed, and this server can't send mail. Ask its operator to confirm your address.", nil)
	}
	const message = "Confirm your e-mail address first: open the link in the message that was sent to it, then sign in."
	// The web app offers to send the message again if it finds this code.
	return e.ForbiddenError(message, validation.Errors{"email": validation.NewError("validation_not_verified", message)})
}

// signedUpKey is where the record of a new user says that they have signed up themselves. It is no field of the collection.
const signedUpKey = "signedUp"

// sendVerification sends mail to new users who have signed up, and to those who can't sign in without it. The address of
// an OAuth2 account is verified by now.
func (h handlers) sendVerification(e *core.RecordEvent) error {
	needed, err := h.needsVerification(e.Context, e.Record)
	if signedUp, _ := e.Record.GetRaw(signedUpKey).(bool); signedUp && !e.Record.Verified() {
		needed = true
	}
	if err != nil {
		h.Log.ErrorContext(e.Context, "failed to check whether a new user needs a verification mail", "user", e.Record.Id, "error", err)
	}
	if needed && e.App.Settings().SMTP.Enabled {
		h.Accounts.SendVerification(e.Record.Id)
	}
	return e.Next()
}
