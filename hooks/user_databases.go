package hooks

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// bindUserDatabases binds the hooks that every user database gets when it is
// opened.
func bindUserDatabases(a *app.App) {
	a.OnUserDatabaseOpen = func(db *userdb.Database) {
		keepServersRecords(db)
		bindConnections(a, db)
		bindTransfers(a, db)
		bindFiles(a, db)
		db.App.OnRecordCreateRequest().Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "requireRoom", Func: requireRoom(a, db)})
		db.App.OnRecordCreateRequest(schema.Preferences).Bind(&hook.Handler[*core.RecordRequestEvent]{
			Id: "boundPreferences", Func: boundPreferences})
		db.App.OnBatchRequest().Bind(&hook.Handler[*core.BatchRequestEvent]{Id: "noteBatch", Func: func(e *core.BatchRequestEvent) error {
			gateway.NoteBatch(e)
			return e.Next()
		}})
		db.App.OnMailerSend().Bind(&hook.Handler[*core.MailerEvent]{Id: "noMail", Func: func(*core.MailerEvent) error {
			return errors.New("a user database sends no mail")
		}})
	}
}

// keepServersRecords keeps the owner's record and those of PocketBase's own
// collections as the server has made them, whoever asks, by whatever name or id of
// the collection and in a batch as well: a superuser in there could sign in where
// the database is taken.
func keepServersRecords(db *userdb.Database) {
	refuse := func(e *core.RecordRequestEvent) error {
		if e.Collection.Name == schema.Users || e.Collection.System {
			return e.ForbiddenError("Only the server changes these records.", nil)
		}
		return e.Next()
	}
	db.App.OnRecordCreateRequest().Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "keepServersRecords", Func: refuse})
	db.App.OnRecordUpdateRequest().Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "keepServersRecords", Func: refuse})
	db.App.OnRecordDeleteRequest().Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "keepServersRecords", Func: refuse})
}

// requireRoom refuses to add to a database that takes all the room it may.
func requireRoom(a *app.App, db *userdb.Database) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		err := a.Databases.RoomFor(db, 0)
		if errors.Is(err, userdb.ErrFull) {
			return e.Error(http.StatusInsufficientStorage, transfer.StorageFullMessage, nil)
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
