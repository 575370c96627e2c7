package hooks

import (
	"errors"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"golang.org/x/time/rate"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func bindTransfers(a *app.App, db *userdb.Database) {
	db.App.OnRecordUpdateRequest(schema.Transfers).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "acceptShareURL", Func: acceptShareURL(a, db)})
}

// Links are checked with Loom from this server's address: not so often that Loom
// takes offence.
const (
	linksPerSecond = 1
	linkBurst      = 20
)

// acceptShareURL lets the owner set a transfer's share URL, and nothing else.
func acceptShareURL(a *app.App, db *userdb.Database) func(*core.RecordRequestEvent) error {
	limit := rate.NewLimiter(linksPerSecond, linkBurst)
	return func(e *core.RecordRequestEvent) error {
		if e.App.IsTransactional() { // the database must not be locked while Loom is asked
			return e.BadRequestError("A link can't be set in a batch.", nil)
		}
		raw, before := e.Record.GetString("share_url"), e.Record.Original()
		for _, field := range e.Collection.Fields {
			if name := field.GetName(); name != "share_url" && e.Record.GetString(name) != before.GetString(name) {
				return e.BadRequestError("Only the share URL of a transfer can be set.", nil)
			}
		}
		if !limit.Allow() {
			return e.TooManyRequestsError("Too many links at once. Try again in a moment.", nil)
		}
		err := a.Transfers.AcceptShareURL(e.Request.Context(), db, e.Record, raw)
		if refused, ok := errors.AsType[*transfer.ShareURLRefusedError](err); ok {
			if refused.Temporary {
				a.Log.Warn("ask Loom about a share link", "database", db.Name, "error", errors.Unwrap(refused))
				return e.Error(http.StatusServiceUnavailable, refused.Message, nil)
			}
			return e.BadRequestError(refused.Message, validation.Errors{
				"share_url": validation.NewError("validation_share_url", refused.Message)})
		}
		if err != nil {
			return e.InternalServerError("", err)
		}
		outer := e.App
		defer func() { e.App = outer }()
		return e.App.RunInTransaction(func(tx core.App) error { // the answer is written after the commit
			e.App = tx
			if err := e.Next(); err != nil {
				return err
			}
			return transfer.LinkMeeting(tx, e.Record)
		})
	}
}
