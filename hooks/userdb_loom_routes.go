package hooks

import (
	"context"
	"errors"
	"net/http"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomaccount"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

const (
	signInTimeout  = 30 * time.Second // of a step, which takes several requests to Atlassian
	foldersTimeout = 30 * time.Second
)

// beginLoomSignIn responds with the address at which the caller allows this server to use Loom.
func (h handlers) beginLoomSignIn(e *core.RequestEvent) error {
	var body struct {
		Redirect string `json:"redirect"` // the URL of the caller's web app
	}
	if err := bindJSON(e, &body, "redirect"); err != nil {
		return err
	}
	if err := h.limitLoomCalls(e, gateway.DatabaseOf(e).UserID); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), signInTimeout)
	defer cancel()
	address, err := h.LoomAccounts.BeginSignIn(ctx, gateway.DatabaseOf(e), body.Redirect)
	if err != nil {
		return h.signInError(e, err)
	}
	return e.JSON(http.StatusOK, map[string]string{"url": address})
}

// completeLoomSignIn saves the connection of a sign-in that the caller has allowed, and responds with it.
func (h handlers) completeLoomSignIn(e *core.RequestEvent) error {
	var body struct {
		Code  string `json:"code"`
		State string `json:"state"`
	}
	if err := bindJSON(e, &body, "code and state"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), signInTimeout)
	defer cancel()
	connection, err := h.LoomAccounts.CompleteSignIn(ctx, gateway.DatabaseOf(e), body.Code, body.State)
	if err != nil {
		return h.signInError(e, err)
	}
	return showConnection(e, connection)
}

// checkLoomConnection has the caller's connection to Loom checked again, and responds with it.
func (h handlers) checkLoomConnection(e *core.RequestEvent) error {
	if err := h.limitLoomCalls(e, gateway.DatabaseOf(e).UserID); err != nil {
		return err
	}
	connection, err := h.Transfers.CheckAgain(e.Request.Context(), gateway.DatabaseOf(e), loomaccount.Provider)
	if err != nil {
		return e.InternalServerError("", err)
	}
	if connection == nil {
		return e.NotFoundError("You haven't connected Loom.", nil)
	}
	return showConnection(e, connection)
}

// listLoomFolders responds with the caller's folders at Loom.
func (h handlers) listLoomFolders(e *core.RequestEvent) error {
	if err := h.limitLoomCalls(e, gateway.DatabaseOf(e).UserID); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), foldersTimeout)
	defer cancel()
	folders, err := h.LoomAccounts.Folders(ctx, gateway.DatabaseOf(e))
	problem, isProblem := errors.AsType[*loomupload.Problem](err)
	switch {
	case errors.Is(err, loomaccount.ErrNotConnected):
		return e.NotFoundError("You haven't connected Loom.", nil)
	case isProblem && !problem.Temporary():
		return e.BadRequestError(problem.Message, nil)
	case err != nil:
		return e.Error(http.StatusServiceUnavailable, "Atlassian can't be reached. Try again in a minute.", err)
	}
	return e.JSON(http.StatusOK, map[string]any{"folders": folders})
}

// limitLoomCalls counts a request that makes this server call Atlassian for a user.
func (h handlers) limitLoomCalls(e *core.RequestEvent, userID string) error {
	if wait, ok := h.loomCalls.Take(limit.Account(userID)); !ok {
		return tooManyRequests(e, wait, "You have asked Atlassian too often. Wait a moment and try again.")
	}
	return nil
}

func (h handlers) signInError(e *core.RequestEvent, err error) error {
	failure, ok := errors.AsType[*loomaccount.SignInError](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return e.Error(http.StatusServiceUnavailable, "Atlassian can't be reached. Try again in a minute.", err)
	case !ok:
		return e.InternalServerError("", err)
	}
	if failure.Err != nil {
		h.Log.WarnContext(e.Request.Context(), "failed to sign in to atlassian", "database", gateway.DatabaseOf(e).Name, "error", failure)
	}
	data := validation.Errors{failure.Field: validation.NewError("validation_sign_in", failure.Message)}
	if failure.Temporary {
		return e.Error(http.StatusServiceUnavailable, failure.Message, data)
	}
	return e.BadRequestError(failure.Message, data)
}

// showConnection responds with a connection as the API of its collection does.
func showConnection(e *core.RequestEvent, connection *core.Record) error {
	if err := apis.EnrichRecord(e, connection); err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, connection)
}
