package hooks

import (
	"errors"
	"mime"
	"net/http"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"golang.org/x/time/rate"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// bindUserDatabases binds the hooks that every user database gets when it is
// opened.
func bindUserDatabases(a *app.App) {
	a.OnUserDatabaseOpen = func(db *userdb.Database) {
		bindOwner(db)
		bindConnections(a, db)
		bindTransfers(a, db)
		bindFiles(a, db)
		db.App.OnRecordCreateRequest().Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "requireRoom", Func: requireRoom(a, db)})
		db.App.OnMailerSend().Bind(&hook.Handler[*core.MailerEvent]{Id: "noMail", Func: func(*core.MailerEvent) error {
			return errors.New("a user database sends no mail")
		}})
		db.App.OnRecordCreateRequest(schema.Preferences).Bind(&hook.Handler[*core.RecordRequestEvent]{
			Id: "boundPreferences", Func: boundPreferences})
	}
}

// bindOwner keeps the owner's record as it was provisioned, whoever asks.
func bindOwner(db *userdb.Database) {
	refuse := func(e *core.RecordRequestEvent) error {
		return e.ForbiddenError("The owner of a user database can't be changed in it.", nil)
	}
	db.App.OnRecordCreateRequest(schema.Users).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "refuseOwnerCreate", Func: refuse})
	db.App.OnRecordUpdateRequest(schema.Users).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "refuseOwnerUpdate", Func: refuse})
	db.App.OnRecordDeleteRequest(schema.Users).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "refuseOwnerDelete", Func: refuse})
}

// requireRoom refuses to add to a database that takes all the room it may.
func requireRoom(a *app.App, db *userdb.Database) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		err := a.Databases.RoomFor(db, 0)
		if errors.Is(err, userdb.ErrFull) {
			return e.Error(http.StatusInsufficientStorage, "Your storage is full. Delete recordings you no longer need, or ask the operator for more.", nil)
		}
		if err != nil {
			return e.InternalServerError("", err)
		}
		return e.Next()
	}
}

// maxPreferences is far more than a web app needs.
const maxPreferences = 200

func boundPreferences(e *core.RecordRequestEvent) error {
	count, err := e.App.CountRecords(schema.Preferences)
	if err != nil {
		return e.InternalServerError("", err)
	}
	if count >= maxPreferences {
		return e.BadRequestError("There are too many preferences. Delete some first.", nil)
	}
	return e.Next()
}

func bindConnections(a *app.App, db *userdb.Database) {
	db.App.OnRecordCreateRequest(schema.Connections).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "sealNewSecret", Func: sealNewSecret(db)})
	db.App.OnRecordUpdateRequest(schema.Connections).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "sealChangedSecret", Func: sealChangedSecret(db)})
	db.App.OnRecordEnrich(schema.Connections).Bind(&hook.Handler[*core.RecordEnrichEvent]{
		Id: "hideSecret", Func: func(e *core.RecordEnrichEvent) error {
			err := e.Next()
			e.Record.Hide("secret") // after PocketBase has shown superusers the hidden fields
			return err
		}})
	check := func(e *core.RecordEvent) error {
		if e.Record.GetString("status") == transfer.ConnectionChecking {
			a.Transfers.CheckConnection(db.Name, e.Record.Id)
		}
		return e.Next()
	}
	db.App.OnRecordAfterCreateSuccess(schema.Connections).Bind(&hook.Handler[*core.RecordEvent]{Id: "checkNewConnection", Func: check})
	db.App.OnRecordAfterUpdateSuccess(schema.Connections).Bind(&hook.Handler[*core.RecordEvent]{Id: "checkChangedConnection", Func: check})
}

// submittedSecret reads the secret from the body itself: the field is hidden,
// so that PocketBase drops it from what a user submits.
func submittedSecret(e *core.RecordRequestEvent) (*string, error) {
	var body struct {
		Secret *string `json:"secret" form:"secret"`
	}
	if err := e.BindBody(&body); err != nil {
		return nil, e.BadRequestError("", err)
	}
	return body.Secret, nil
}

func badSecret(e *core.RecordRequestEvent, err error) error {
	if !errors.Is(err, transfer.ErrBadSecret) {
		return e.InternalServerError("", err)
	}
	return e.BadRequestError("The secret was not accepted.", validation.Errors{
		"secret": validation.NewError("validation_invalid_secret", err.Error())})
}

func sealNewSecret(db *userdb.Database) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		secret, err := submittedSecret(e)
		if err != nil {
			return err
		}
		if secret == nil {
			return badSecret(e, transfer.ErrBadSecret)
		}
		if e.Record.Id == "" {
			e.Record.Set("id", core.GenerateDefaultRandomId())
		}
		if err := transfer.SealSecret(db, e.Record, *secret); err != nil {
			return badSecret(e, err)
		}
		return e.Next()
	}
}

// sealChangedSecret takes a new secret or settings; the rest of a connection is
// the server's to write.
func sealChangedSecret(db *userdb.Database) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		secret, err := submittedSecret(e)
		if err != nil {
			return err
		}
		before := e.Record.Original()
		for _, field := range []string{"provider", "secret", "last_four", "status", "reason", "checked_at"} {
			e.Record.Set(field, before.Get(field))
		}
		if secret != nil {
			if err := transfer.SealSecret(db, e.Record, *secret); err != nil {
				return badSecret(e, err)
			}
		}
		return e.Next()
	}
}

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
		if refused, ok := errors.AsType[*transfer.ShareRefused](err); ok {
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

func bindFiles(a *app.App, db *userdb.Database) {
	db.App.OnFileTokenRequest().Bind(&hook.Handler[*core.FileTokenRequestEvent]{
		Id: "gatewayFileToken", Func: func(e *core.FileTokenRequestEvent) (err error) {
			if e.Token, err = a.Gateway.FileToken(e.RequestEvent, db); err != nil {
				return e.InternalServerError("", err)
			}
			return e.Next()
		}})
	db.App.OnFileDownloadRequest(schema.Recordings).Bind(&hook.Handler[*core.FileDownloadRequestEvent]{
		Id: "nameRecording", Func: nameRecording})
	db.App.OnRecordDeleteRequest(schema.Recordings).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "keepFileInUse", Func: keepFileInUse})
	db.App.OnRecordAfterDeleteSuccess(schema.Recordings).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "recordingDeleted", Func: func(e *core.RecordEvent) error {
			db.StorageChanged()
			return e.Next()
		}})
}

// keepFileInUse refuses to delete a recording that a transfer is working on.
func keepFileInUse(e *core.RecordRequestEvent) error {
	transfers, err := e.App.FindAllRecords(schema.Transfers, dbx.HashExp{"recording_id": e.Record.GetInt("recording_id")})
	if err != nil {
		return e.InternalServerError("", err)
	}
	for _, t := range transfers {
		switch t.GetString("status") {
		case transfer.StatusDelivered, transfer.StatusFailed, transfer.StatusCancelled, transfer.StatusAwaitingShareURL:
		default:
			return e.BadRequestError("This recording is being transferred. Delete it when that has ended.", nil)
		}
	}
	return e.Next()
}

// nameRecording serves a recording under the name Loom should show. PocketBase
// would use the stored name, and unquoted.
func nameRecording(e *core.FileDownloadRequestEvent) error {
	// The type is what Fathom said it was: only what a player plays is shown.
	contentType, disposition := e.Record.GetString("content_type"), "inline"
	if !strings.HasPrefix(contentType, "video/") && !strings.HasPrefix(contentType, "audio/") {
		contentType, disposition = "application/octet-stream", "attachment"
	}
	if e.Request.URL.Query().Get("download") != "" {
		disposition = "attachment"
	}
	header := e.Response.Header()
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": e.Record.GetString("file_name")}))
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", "private, no-cache")
	return e.Next()
}
