package hooks

import (
	"errors"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindTransfers() {
	bind(d.db.App.OnRecordUpdateRequest(schema.Transfers), "acceptShareURL", d.acceptShareURL)
	bind(d.db.App.OnRecordEnrich(schema.Transfers), "showProgress", d.showProgress)
}

// showProgress adds the bytes that a download has received to responses and realtime messages.
func (d databaseHandlers) showProgress(e *core.RecordEnrichEvent) error {
	d.Transfers.ShowProgress(d.db, e.Record)
	return e.Next()
}

// acceptShareURL lets the owner set the share URL of a transfer and no other field.
func (d databaseHandlers) acceptShareURL(e *core.RecordRequestEvent) error {
	if e.App.IsTransactional() { // the database must not stay locked during a request to Loom
		return e.BadRequestError("A share link can't be set in a batch.", nil)
	}
	text, before := e.Record.GetString("share_url"), e.Record.Original()
	confirmation := struct {
		Confirmed bool `json:"confirmed" form:"confirmed"` // not a field of the record
	}{}
	if err := e.BindBody(&confirmation); err != nil {
		return e.BadRequestError("The body could not be read.", err)
	}
	for _, field := range e.Collection.Fields {
		if name := field.GetName(); name != "share_url" && e.Record.GetString(name) != before.GetString(name) {
			return e.BadRequestError("Only the share URL of a transfer can be changed.", nil)
		}
	}
	if wait, ok := d.shareLinks.Take(limit.Account(d.db.UserID)); !ok {
		setRetryAfter(e.RequestEvent, wait)
		return e.TooManyRequestsError("Too many share links at once. Try again in a moment.", nil)
	}
	if err := d.Transfers.AcceptShareURL(e.Request.Context(), d.db, e.Record, text, confirmation.Confirmed); err != nil {
		return d.shareURLError(e, err)
	}
	return inTransaction(&e.App, func() error { // the response is written after the commit
		if err := e.Next(); err != nil {
			return err
		}
		return transfer.LinkMeeting(e.App, e.Record)
	})
}

func (d databaseHandlers) shareURLError(e *core.RecordRequestEvent, err error) error {
	refused, ok := errors.AsType[*transfer.ShareURLRefusedError](err)
	if !ok {
		return e.InternalServerError("", err)
	}
	data := validation.Errors{"share_url": refusedLink{refused}}
	if refused.Temporary() {
		d.Log.WarnContext(e.Request.Context(), "failed to check a share link with Loom", "database", d.db.Name, "error", errors.Unwrap(refused))
		return e.Error(http.StatusServiceUnavailable, refused.Message, data)
	}
	return e.BadRequestError(refused.Message, data)
}

// refusedLink is the entry of a field in a response: code, message and, for another video, expected and found.
type refusedLink struct{ *transfer.ShareURLRefusedError }

var _ router.SafeErrorResolver = refusedLink{}

// Code implements router.SafeErrorItem.
func (r refusedLink) Code() string { return r.ShareURLRefusedError.Code }

// Resolve implements router.SafeErrorResolver.
func (r refusedLink) Resolve(data map[string]any) any {
	if r.Expected != nil {
		data["expected"], data["found"] = r.Expected, r.Found
	}
	return data
}
