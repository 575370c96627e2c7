package loomaccount

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// SignInError is a step of a sign-in that has failed. Message is for the user.
type SignInError struct {
	Field     string // of the request: redirect, state or code
	Message   string // whole sentences
	Temporary bool   // a new attempt may succeed later
	Err       error  // the cause, for the log; may be nil
}

// Error returns the cause, or the message if there is none.
func (e *SignInError) Error() string {
	if e.Err != nil {
		return "sign in to atlassian: " + e.Err.Error()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *SignInError) Unwrap() error { return e.Err }

// BeginSignIn returns the address at which a person allows this server to use Loom. appURL is that of the person's web app,
// to which Atlassian sends them back. Its errors are *[SignInError] or that of ctx.
func (s *Service) BeginSignIn(ctx context.Context, db *userdb.Database, appURL string) (address string, err error) {
	if !slices.Contains(s.appURLs, appURL) {
		return "", &SignInError{Field: "redirect", Message: "This address isn't one at which this server is used. Open it at its public address and try again."}
	}
	server, err := s.oauth.Discover(ctx)
	if err != nil {
		return "", explainSignIn(err)
	}
	redirect := appURL + CallbackPath
	registration, ok := s.signIns.registration(server, redirect, s.now())
	if !ok {
		if registration, err = s.oauth.Register(ctx, server, redirect); err != nil {
			return "", explainSignIn(err)
		}
		s.signIns.keepRegistration(redirect, registration, s.now())
	}
	address, pending, err := s.oauth.Begin(server, registration)
	if err != nil {
		return "", explainSignIn(err)
	}
	s.signIns.add(signIn{database: db.Name, server: server, registration: registration, pending: pending, expires: s.now().Add(signInLifetime)}, s.now())
	return address, nil
}

// CompleteSignIn exchanges the code of a callback and saves the connection, which it returns: it must be checked next. Its
// errors are *[SignInError], that of ctx, or of the database.
func (s *Service) CompleteSignIn(ctx context.Context, db *userdb.Database, code, state string) (*core.Record, error) {
	attempt, ok := s.signIns.take(state, db.Name, s.now())
	if !ok {
		return nil, &SignInError{Field: "state", Message: "This sign-in has expired or was already used. Start again."}
	}
	token, err := s.oauth.Exchange(ctx, attempt.server, attempt.registration, attempt.pending, code)
	if err != nil {
		if failure, ok := errors.AsType[*oauth.Error](err); ok && failure.Kind == oauth.KindClient {
			s.signIns.dropRegistration(attempt.registration.RedirectURI)
		}
		return nil, explainSignIn(err)
	}
	g := grant{Server: attempt.server, Registration: attempt.registration, Token: token}
	id := core.GenerateDefaultRandomId()
	if err := s.requireGrantKept(db, id, g); err != nil {
		s.endNew(db, id, g)
		return nil, err
	}
	connection, err := s.saveGrant(ctx, db, id, g)
	if err != nil {
		s.endNew(db, id, g)
		return nil, err
	}
	if _, err := s.setState(context.WithoutCancel(ctx), id, db.UserID, keptUsed); err != nil { // settled later
		s.logger.WarnContext(ctx, "failed to record that a grant of atlassian is used, which is tried again", "database", db.Name, "error", err)
	}
	return connection, nil
}

// saveGrant saves a grant in the person's connection, or in a new one. The site that was chosen before is forgotten, because
// a consent is for one site, which may be another one.
func (s *Service) saveGrant(ctx context.Context, db *userdb.Database, id string, g grant) (connection *core.Record, err error) {
	err = db.App.RunInTransaction(func(tx core.App) error {
		connection, err = find(tx)
		if errors.Is(err, ErrNotConnected) {
			collection, findErr := tx.FindCachedCollectionByNameOrId(schema.Connections)
			if findErr != nil {
				return findErr
			}
			connection, err = core.NewRecord(collection), nil
			connection.Set("id", core.GenerateDefaultRandomId())
			connection.Set("provider", Provider)
		}
		if err != nil {
			return err
		}
		connection.Set("settings", Settings{Method: MethodOAuth, Grant: id})
		for _, field := range []string{"last_four", "reason", "checked_at", "abilities", "details"} {
			connection.Set(field, nil)
		}
		connection.Set("status", "checking")
		if err := g.seal(db, connection); err != nil {
			return err
		}
		return tx.SaveWithContext(ctx, connection)
	})
	if err != nil {
		return nil, fmt.Errorf("save the connection to loom: %w", err)
	}
	return connection, nil
}

// explainSignIn turns an error of package oauth into a *SignInError. It returns other errors unchanged.
func explainSignIn(err error) error {
	failure, ok := errors.AsType[*oauth.Error](err)
	if !ok {
		return err
	}
	result := &SignInError{Field: "code", Err: err}
	quoted := ""
	if failure.Message != "" {
		quoted = " Atlassian says: " + strings.TrimRight(failure.Message, ".") + "."
	}
	switch failure.Kind {
	case oauth.KindTemporary:
		result.Message, result.Temporary = "Atlassian can't be reached. Try again in a minute.", true
	case oauth.KindDead, oauth.KindClient:
		result.Message = "This sign-in has expired. Start again."
	case oauth.KindUnsupported, oauth.KindProtocol:
		result.Message = "Atlassian's sign-in has changed, so that this version can't use it. Connect with an API token instead."
	default:
		result.Message = "Atlassian refused the sign-in." + quoted + " You can connect with an API token instead."
	}
	return result
}
