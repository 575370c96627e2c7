package hooks

import (
	"errors"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindTransfers(rate *limit.Rate) {
	links := shareLinks{d, rate}
	bind(d.db.App.OnRecordUpdateRequest(schema.Transfers), "acceptShareURL", links.acceptShareURL)
	bind(d.db.App.OnRecordEnrich(schema.Transfers), "showProgress", d.showProgress)
}

// showProgress adds the bytes that a download has received to responses and realtime messages.
func (d databaseHandlers) showProgress(e *core.RecordEnrichEvent) error {
	d.Transfers.ShowProgress(d.db, e.Record)
	return e.Next()
}

// shareLinks accepts the share links of one user.
type shareLinks struct {
	databaseHandlers
	rate *limit.Rate
}

// acceptShareURL lets the owner set the share URL of a transfer and no other field.
func (l shareLinks) acceptShareURL(e *core.RecordRequestEvent) error {
	if e.App.IsTransactional() { // the database must not stay locked during a request to Loom
		return e.BadRequestError("A share link can't be set in a batch.", nil)
	}
	raw, before := e.Record.GetString("share_url"), e.Record.Original()
	for _, field := range e.Collection.Fields {
		if name := field.GetName(); name != "share_url" && e.Record.GetString(name) != before.GetString(name) {
			return e.BadRequestError("Only the share URL of a transfer can be changed.", nil)
		}
	}
	if wait, ok := l.rate.Take(limit.Account(l.db.UserID)); !ok {
		setRetryAfter(e.RequestEvent, wait)
		return e.TooManyRequestsError("Too many share links at once. Try again in a moment.", nil)
	}
	if err := l.Transfers.AcceptShareURL(e.Request.Context(), l.db, e.Record, raw); err != nil {
		return l.shareURLError(e, err)
	}
	return inTransaction(&e.App, func() error { // the response is written after the commit
		if err := e.Next(); err != nil {
			return err
		}
		return transfer.LinkMeeting(e.App, e.Record)
	})
}

func (l shareLinks) shareURLError(e *core.RecordRequestEvent, err error) error {
	refused, ok := errors.AsType[*transfer.ShareURLRefusedError](err)
	switch {
	case !ok:
		return e.InternalServerError("", err)
	case refused.Temporary:
		l.Log.Warn("failed to check a share link with Loom", "database", l.db.Name, "error", errors.Unwrap(refused))
		return e.Error(http.StatusServiceUnavailable, refused.Message, nil)
	}
	return e.BadRequestError(refused.Message, validation.Errors{
		"share_url": validation.NewError("validation_share_url", refused.Message),
	})
}
