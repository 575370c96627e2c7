package hooks

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindEmailCase makes users find their account whatever the case in which they write its e-mail address, and
// refuses addresses that equal another one when case is ignored. Superusers need the exact spelling to sign in, but
// no two of them may differ only in case either.
func (h handlers) bindEmailCase() {
	// After the validation, so that the response to an invalid form doesn't depend on who has an account.
	bind(h.OnRecordCreateExecute(authCollections...), "refuseEmailInUse", refuseEmailInUse)
	bind(h.OnRecordUpdate(authCollections...), "refuseEmailInUse", refuseEmailInUse)
	bind(h.OnRecordRequestEmailChangeRequest(authCollections...), "refuseNewEmailInUse", refuseNewEmailInUse)

	// Outermost: limits on failed sign-ins must count all spellings of an address for the same account.
	const first = -2000
	bindWithPriority(h.OnRecordAuthWithPasswordRequest(migrations.Users), "findSignInIgnoringCase", first, findSignInIgnoringCase)
	bindWithPriority(h.OnRecordAuthWithOAuth2Request(migrations.Users), "acceptOAuth2Spelling", first, acceptOAuth2Spelling)
	h.onServe("findUsersIgnoringCase", func(e *core.ServeEvent) error {
		e.Router.BindFunc(findUsersIgnoringCase)
		return nil
	})
}

// refuseEmailInUse checks a new e-mail address in the transaction that saves it, so that two users can't take
// it at the same time.
func refuseEmailInUse(e *core.RecordEvent) error {
	if !e.Record.IsNew() && e.Record.Email() == e.Record.Original().Email() {
		return e.Next() // an account may keep an address that another one has in another case
	}
	return inTransaction(&e.App, func() error {
		if err := account.CheckEmail(e.Context, e.App, e.Record); err != nil {
			return err
		}
		return e.Next()
	})
}

func refuseNewEmailInUse(e *core.RecordRequestEmailChangeRequestEvent) error {
	if err := account.CheckNewEmail(e.Request.Context(), e.App, e.Record, e.NewEmail); err != nil {
		return e.BadRequestError("An error occurred while validating the submitted data.", err)
	}
	return e.Next()
}

// findSignInIgnoringCase finds the account of a password sign-in if no account has the address in the submitted
// spelling. Without a result, PocketBase responds as it does to a wrong password.
func findSignInIgnoringCase(e *core.RecordAuthWithPasswordRequestEvent) error {
	if e.Record == nil && (e.IdentityField == "" || e.IdentityField == core.FieldNameEmail) {
		user, err := account.FindByEmail(e.Request.Context(), e.App, e.Identity)
		if err != nil && !errors.Is(err, account.ErrNotFound) && !errors.Is(err, account.ErrAmbiguous) {
			return e.InternalServerError("", err)
		}
		e.Record = user
	}
	return e.Next()
}

// acceptOAuth2Spelling makes PocketBase recognize the address that the provider has verified as the account's.
func acceptOAuth2Spelling(e *core.RecordAuthWithOAuth2RequestEvent) error {
	if e.Record != nil && account.SameEmail(e.Record.Email(), e.OAuth2User.Email) {
		e.OAuth2User.Email = e.Record.Email()
	}
	return e.Next()
}

// findByEmailRoutes are the routes below /api/collections/{collection}/ on which PocketBase finds an account by
// its e-mail address with FindAuthRecordByEmail.
var findByEmailRoutes = []string{"request-otp", "request-password-reset", "request-verification", "auth-with-oauth2"}

// findUsersIgnoringCase makes the App of a request to one of findByEmailRoutes ignore the case of addresses.
// PocketBase has no hook for this: it responds before it triggers one if it finds no account.
func findUsersIgnoringCase(e *core.RequestEvent) error {
	if dir, route := path.Split(e.Request.URL.Path); strings.HasPrefix(dir, "/api/collections/") && slices.Contains(findByEmailRoutes, route) {
		e.App = appIgnoringCase{e.App, e.Request.Context()}
	}
	return e.Next()
}

// appIgnoringCase is an App that ignores the case of users' e-mail addresses, unless an exact match exists.
type appIgnoringCase struct {
	core.App
	ctx context.Context // of the request
}

// FindAuthRecordByEmail implements core.App.
func (a appIgnoringCase) FindAuthRecordByEmail(collection any, email string) (*core.Record, error) {
	users, err := a.FindCachedCollectionByNameOrId(migrations.Users)
	if err != nil {
		return nil, err
	}
	switch collection := collection.(type) {
	case *core.Collection:
		if collection.Id == users.Id {
			return account.FindByEmail(a.ctx, a.App, email)
		}
	case string:
		if collection == users.Id || collection == users.Name {
			return account.FindByEmail(a.ctx, a.App, email)
		}
	}
	return a.App.FindAuthRecordByEmail(collection, email)
}
