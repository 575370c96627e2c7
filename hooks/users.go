package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindUsers(a *app.App) {
	a.OnRecordAuthRequest(migrations.Users).Bind(&hook.Handler[*core.RecordAuthRequestEvent]{
		Id: "connectUserDatabase", Func: connectUserDatabase(a)})
	a.OnRecordAfterCreateSuccess(migrations.Users).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "provisionUserDatabase", Func: provisionAtRegistration(a)})

	userChanged := func(e *core.RecordEvent) error {
		a.Databases.UserChanged(e.Record.Id)
		return e.Next()
	}
	a.OnRecordAfterUpdateSuccess(migrations.Users).Bind(&hook.Handler[*core.RecordEvent]{Id: "userChanged", Func: userChanged})
	a.OnRecordAfterDeleteSuccess(migrations.Users).Bind(&hook.Handler[*core.RecordEvent]{Id: "userDeleted", Func: userChanged})
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
func connect(a *app.App, e *core.RequestEvent, user *core.Record) (userdb.Connection, error) {
	entry, err := a.Databases.Provision(e.Request.Context(), user)
	if err == nil {
		var connection userdb.Connection
		if connection, err = a.Gateway.Connect(user, entry); err == nil {
			return connection, nil
		}
	}
	if errors.Is(err, userdb.ErrNotFound) {
		return userdb.Connection{}, e.ForbiddenError("Your database isn't available. Ask the operator.", err)
	}
	a.Log.Error("connect a user to their database", "user", user.Id, "error", err)
	return userdb.Connection{}, router.NewApiError(http.StatusServiceUnavailable,
		"Your database couldn't be prepared. Nothing is lost; try again in a moment.", nil)
}

// withDatabase adds the connection to whatever meta a sign-in has, such as
// OAuth2's.
func withDatabase(meta any, connection userdb.Connection) (any, error) {
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
		if _, err := a.Databases.Provision(e.Context, e.Record); err != nil {
			a.Log.Error("provision a database at registration", "user", e.Record.Id, "error", err)
		}
		return e.Next()
	}
}
