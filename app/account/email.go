package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

var (
	// ErrNotFound means that no account has an e-mail address. It wraps sql.ErrNoRows, as PocketBase's
	// errors do.
	ErrNotFound = fmt.Errorf("account not found: %w", sql.ErrNoRows)

	// ErrAmbiguous means that several accounts have an e-mail address in other spellings. It wraps
	// sql.ErrNoRows as well, so that PocketBase treats such an address like an unknown one.
	ErrAmbiguous = fmt.Errorf("several accounts have this e-mail address in upper and lower case: %w", sql.ErrNoRows)
)

// FindByEmail returns the account with an e-mail address. If none has it in this spelling, case is ignored.
// FindByEmail returns ErrNotFound or ErrAmbiguous, or an error of the database.
func FindByEmail(ctx context.Context, app core.App, email string) (*core.Record, error) {
	if email == "" {
		return nil, ErrNotFound
	}
	var found []*core.Record
	err := app.RecordQuery(migrations.Users).AndWhere(hasAddress(email)).
		OrderBy("([[email]] = {:email}) DESC").Limit(2).WithContext(ctx).All(&found)
	switch {
	case err != nil:
		return nil, fmt.Errorf("find an account by e-mail address: %w", err)
	case len(found) == 0:
		return nil, ErrNotFound
	case len(found) > 1 && found[0].Email() != email:
		return nil, ErrAmbiguous
	}
	return found[0], nil
}

// hasAddress selects the rows whose email equals an address when case is ignored. It uses an index.
func hasAddress(email string) dbx.Expression {
	return dbx.NewExp("email = {:email} COLLATE NOCASE", dbx.Params{"email": email})
}

// SameEmail reports whether two e-mail addresses differ at most in case.
func SameEmail(a, b string) bool { return lowerASCII(a) == lowerASCII(b) }

// lowerASCII is what SQLite's NOCASE compares.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

// CheckEmail returns validation.Errors if another account has the e-mail address of a user or superuser, in any
// case. Only superusers learn how the other account spells it. Only in a transaction that also saves the account does
// this rule out another one created at the same time.
func CheckEmail(ctx context.Context, app core.App, account *core.Record) error {
	return checkAddress(ctx, app, "email", account.Email(), account)
}

// CheckNewEmail is CheckEmail for the address to which a user or superuser wants to change theirs. Its errors are
// about the field newEmail.
func CheckNewEmail(ctx context.Context, app core.App, account *core.Record, newEmail string) error {
	return checkAddress(ctx, app, "newEmail", newEmail, account)
}

func checkAddress(ctx context.Context, app core.App, field, email string, account *core.Record) error {
	if email == "" {
		return nil
	}
	var other string
	err := app.DB().Select("email").From(account.Collection().Name).Where(hasAddress(email)).
		AndWhere(dbx.NewExp("id != {:id}", dbx.Params{"id": account.Id})).Limit(1).WithContext(ctx).Row(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("check whether an e-mail address is in use: %w", err)
	}
	message := "Another account has this e-mail address."
	if account.Collection().Name == core.CollectionNameSuperusers && other != email {
		message = "The superuser " + other + " has this e-mail address: use that spelling"
	}
	return validation.Errors{field: validation.NewError(codeInUse, message)}
}

// codeInUse is the code of validation errors about an address that another account has. PocketBase uses it as well.
const codeInUse = "validation_not_unique"

// IsEmailInUse reports whether an account could not be created because another one has its e-mail address. err is the
// response to the request, or what [CheckEmail] returned.
func IsEmailInUse(err error) bool {
	if response, ok := errors.AsType[*router.ApiError](err); ok {
		err, _ = response.RawData().(error)
	}
	invalid, _ := errors.AsType[validation.Errors](err)
	email, ok := invalid["email"].(validation.Error)
	return ok && email.Code() == codeInUse
}

// maxReported limits how many ids the server logs at startup.
const maxReported = 100

// reportSharedAddresses logs the ids of accounts whose addresses differ only in case.
func (s *Service) reportSharedAddresses(ctx context.Context) error {
	// The inner query reads the index only.
	var ids []string
	err := s.app.ConcurrentDB().NewQuery(
		"SELECT id FROM users WHERE email COLLATE NOCASE IN (" +
			"SELECT email FROM users WHERE email != '' GROUP BY email COLLATE NOCASE HAVING COUNT(*) > 1) ORDER BY created",
	).WithContext(ctx).Column(&ids)
	if err != nil {
		return fmt.Errorf("find accounts that share an e-mail address: %w", err)
	}
	if len(ids) > 0 {
		s.logger.WarnContext(ctx, "accounts share e-mail addresses that differ only in case; each can sign in with its exact spelling only",
			"accounts", len(ids), "users", ids[:min(len(ids), maxReported)])
	}
	return nil
}
