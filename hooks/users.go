package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindUsers(a *app.App) {
	a.OnRecordAuthRequest(migrations.Users).Bind(&hook.Handler[*core.RecordAuthRequestEvent]{
		Id: "connectUserDatabase", Func: connectUserDatabase(a)})
	a.OnRecordAfterCreateSuccess(migrations.Users).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "provisionUserDatabase", Func: provisionAtRegistration(a)})

	a.OnRecordDelete(migrations.Users).Bind(&hook.Handler[*core.RecordEvent]{Id: "keepUserDatabase", Func: keepUserDatabase(a)})

	userChanged := func(e *core.RecordEvent) error {
		a.Databases.UserChanged(e.Record.Id)
		return e.Next()
	}
	// A superuser's streams to user databases end with their session as well.
	a.OnRecordAfterUpdateSuccess(migrations.Users, core.CollectionNameSuperusers).Bind(&hook.Handler[*core.RecordEvent]{Id: "userChanged", Func: userChanged})
	a.OnRecordAfterDeleteSuccess(migrations.Users, core.CollectionNameSuperusers).Bind(&hook.Handler[*core.RecordEvent]{Id: "userDeleted", Func: userChanged})
}

// keepUserDatabase marks the database of a user who is being deleted, in the
// same transaction: a grace period begins, in which both can be brought back.
func keepUserDatabase(a *app.App) func(*core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		outer := e.App
		defer func() { e.App = outer }()
		return e.App.RunInTransaction(func(tx core.App) error {
			e.App = tx
			if err := a.Databases.UserDeleted(e.Context, tx, e.Record); err != nil {
				return err
			}
			return e.Next()
		})
	}
}

// connectUserDatabase ends every successful sign-in, by whatever method, with
// the user's database in meta.database.
func connectUserDatabase(a *app.App) func(*core.RecordAuthRequestEvent) error {
	return func(e *core.RecordAuthRequestEvent) error {
		connection, err := connect(a, e.RequestEvent, e.Record)
		if err != nil {
			return err
		}
		if e.Meta, err = withDatabase(e.Meta, connection); err != nil {
			return e.InternalServerError("", err)
		}
		return e.Next()
	}
}

// connect provisions the user's database where needed and issues a session.
func connect(a *app.App, e *core.RequestEvent, user *core.Record) (gateway.DatabaseSession, error) {
	entry, err := a.Databases.Provision(e.Request.Context(), user)
	if err == nil {
		var connection gateway.DatabaseSession
		if connection, err = a.Gateway.OpenSession(e.Request.Context(), user, entry); err == nil {
			return connection, nil
		}
	}
	const unavailable = http.StatusServiceUnavailable
	switch {
	case errors.Is(err, context.Canceled): // whoever asked has hung up
		return gateway.DatabaseSession{}, err
	case errors.Is(err, userdb.ErrNotFound):
		return gateway.DatabaseSession{}, e.ForbiddenError("Your database isn't available. Ask the operator.", err)
	case errors.Is(err, userdb.ErrPreparing):
		e.Response.Header().Set("Retry-After", "30")
		return gateway.DatabaseSession{}, router.NewApiError(unavailable, "Your database is being prepared. Sign in again in a minute.", nil)
	case errors.Is(err, gateway.ErrNoPort):
		e.Response.Header().Set("Retry-After", "60")
		return gateway.DatabaseSession{}, router.NewApiError(unavailable, "Every port for user databases is in use. Try again later, or tell the operator.", nil)
	}
	err = fmt.Errorf("connect user %s to their database: %w", user.Id, err)
	return gateway.DatabaseSession{}, router.NewApiError(unavailable, "Your database couldn't be prepared. Nothing is lost; try again in a moment.", err)
}

// withDatabase adds the connection to whatever meta a sign-in has, such as
// OAuth2's.
func withDatabase(meta any, connection gateway.DatabaseSession) (any, error) {
	raw, err := json.Marshal(meta)
	if err != nil {
		return nil, fmt.Errorf("encode the meta of a sign-in: %w", err)
	}
	merged := map[string]any{}
	if err := json.Unmarshal(raw, &merged); err != nil {
		return nil, fmt.Errorf("decode the meta of a sign-in: %w", err)
	}
	if merged == nil { // meta was null
		merged = map[string]any{}
	}
	merged["database"] = connection
	return merged, nil
}

// provisionAtRegistration has the database ready before the first sign-in asks
// for it. A failure is no reason to fail the registration: signing in tries
// again. It runs after the commit, outside any transaction.
func provisionAtRegistration(a *app.App) func(*core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		if err := a.Databases.ProvisionNew(e.Context, e.Record); err != nil {
			a.Log.Error("provision a database at registration", "user", e.Record.Id, "error", err)
		}
		return e.Next()
	}
}
