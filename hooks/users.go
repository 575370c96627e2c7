package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func (h handlers) bindUsers() {
	bind(h.OnRecordAuthRequest(migrations.Users), "addDatabaseToSignIn", h.addDatabaseToSignIn)
	bind(h.OnRecordDelete(migrations.Users), "scheduleDatabaseDeletion", h.scheduleDatabaseDeletion)

	bind(h.OnRecordAfterCreateSuccess(migrations.Users), "userCreated", h.userCreated)

	// A superuser's streams to user databases must end with the superuser's session.
	bind(h.OnRecordAfterUpdateSuccess(migrations.Users, core.CollectionNameSuperusers), "userChanged", h.userChanged)
	bind(h.OnRecordAfterDeleteSuccess(migrations.Users, core.CollectionNameSuperusers), "userDeleted", h.userChanged)
}

// addDatabaseToSignIn adds meta.database to the response to every successful sign-in, regardless of the
// method.
func (h handlers) addDatabaseToSignIn(e *core.RecordAuthRequestEvent) error {
	opened, err := h.openSession(e.RequestEvent, e.Record)
	if err != nil {
		return err
	}
	if e.Meta, err = withDatabase(e.Meta, opened); err != nil {
		return e.InternalServerError("", err)
	}
	return e.Next()
}

// openSession provisions the user's database if this is the first sign-in, or restores it from its archive, and
// issues a session for it.
func (h handlers) openSession(e *core.RequestEvent, user *core.Record) (gateway.DatabaseSession, error) {
	if err := h.requireVerification(e, user); err != nil {
		return gateway.DatabaseSession{}, err
	}
	entry, err := h.Databases.Provision(e.Request.Context(), user)
	if err == nil {
		var opened gateway.DatabaseSession
		if opened, err = h.Gateway.OpenSession(e.Request.Context(), user, entry); err == nil {
			return opened, nil
		}
	}
	return gateway.DatabaseSession{}, sessionError(e, user.Id, err)
}

// sessionError translates an error of openSession for the client.
func sessionError(e *core.RequestEvent, userID string, err error) error {
	const unavailable = http.StatusServiceUnavailable
	switch {
	case errors.Is(err, context.Canceled): // the client has disconnected
		return err
	case errors.Is(err, registry.ErrNotFound):
		return e.ForbiddenError("Your database isn't available. Contact the operator.", err)
	case errors.Is(err, registry.ErrElsewhere):
		return router.NewApiError(unavailable, "Your database is on another server, which can't be reached through this one. "+
			"Nothing is lost; try again later or contact the operator.", err)
	case errors.Is(err, userdb.ErrPreparing):
		e.Response.Header().Set("Retry-After", "30")
		return router.NewApiError(unavailable, "Your database is being prepared. Sign in again in a minute.", nil)
	}
	if _, full := errors.AsType[*ledger.DiskError](err); full {
		return router.NewApiError(http.StatusInsufficientStorage,
			"The server's disk is full, so your database can't be created or restored. Try again later or contact the operator.", err)
	}
	err = fmt.Errorf("open a session for user %s: %w", userID, err)
	return router.NewApiError(unavailable, "Your database couldn't be opened. Nothing is lost; try again in a moment.", err)
}

// withDatabase adds a database to the meta that a sign-in method has set, such as OAuth2's.
func withDatabase(meta any, opened gateway.DatabaseSession) (any, error) {
	raw, err := json.Marshal(meta)
	if err != nil {
		return nil, fmt.Errorf("encode sign-in meta: %w", err)
	}
	merged := map[string]any{}
	if err := json.Unmarshal(raw, &merged); err != nil {
		return nil, fmt.Errorf("decode sign-in meta: %w", err)
	}
	if merged == nil { // meta was null
		merged = map[string]any{}
	}
	merged["database"] = opened
	return merged, nil
}

// scheduleDatabaseDeletion starts the grace period of a deleted user's database in the same transaction.
// Until it ends, the operator can restore both.
func (h handlers) scheduleDatabaseDeletion(e *core.RecordEvent) error {
	return inTransaction(&e.App, func() error {
		if err := h.Databases.UserDeleted(e.Context, e.App, e.Record); err != nil {
			return err
		}
		return e.Next()
	})
}

// userCreated applies the pauses and starts the jobs that were restored together with an account.
func (h handlers) userCreated(e *core.RecordEvent) error {
	if err := h.Queue.LoadPauses(e.Context); err != nil {
		return err
	}
	h.Queue.Wake()
	return e.Next()
}

func (h handlers) userChanged(e *core.RecordEvent) error {
	h.Databases.UserChanged(e.Record.Id)
	return e.Next()
}
