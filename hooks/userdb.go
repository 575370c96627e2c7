package hooks

import (
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/logdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// databaseHandlers contains the handlers of one open user database.
type databaseHandlers struct {
	handlers
	db *userdb.Database
}

// bindUserDatabase binds the hooks of user databases, to each one when it is opened.
func (h handlers) bindUserDatabase() {
	secretRate := limit.NewRate(limit.SecretChangesPerSecond, limit.SecretChangeBurst, time.Now)
	h.OnUserDatabaseOpen = func(db *userdb.Database) {
		d := databaseHandlers{h, db}
		logdb.Bound(db.App, logdb.MaxUser, h.Log.With("component", "pocketbase", logging.DatabaseKey, db.Name))
		d.bindProtectedRecords()
		d.bindAuditConnections()
		d.bindConnections(secretRate)
		d.bindOutgoingConnections(secretRate)
		d.bindLoomConnection()
		d.bindTransfers()
		d.bindFiles()
		bind(db.App.OnRecordUpdateExecute(), "advanceUpdated", advanceUpdated)
		bind(db.App.OnRecordCreateRequest(), "refuseOnFullDisk", h.refuseOnFullDisk)
		bind(db.App.OnRecordUpdateRequest(), "refuseOnFullDisk", h.refuseOnFullDisk)
		d.bindDeletions()
		d.bindKeptCopies()
		d.bindSpace()
		d.bindPreferences()
		d.bindRules()
		d.bindRetention()
		d.bindNotices()
		d.bindSearch()
		d.bindShares()
		bind(db.App.OnBatchRequest(), "auditBatch", auditBatch)
		bind(db.App.OnMailerSend(), "refuseMail", refuseMail)
	}
}

// bindProtectedRecords prevents everybody, including superusers, from changing the owner's record and
// PocketBase's own collections. For example, a superuser record that was created in a user database would
// allow signing in to any copy of it.
func (d databaseHandlers) bindProtectedRecords() {
	bind(d.db.App.OnRecordCreateRequest(), "keepServersRecords", refuseProtectedRecord)
	bind(d.db.App.OnRecordUpdateRequest(), "keepServersRecords", refuseProtectedRecord)
	bind(d.db.App.OnRecordDeleteRequest(), "keepServersRecords", refuseProtectedRecord)
}

func refuseProtectedRecord(e *core.RecordRequestEvent) error {
	if e.Collection.Name == schema.Users || e.Collection.System {
		return e.ForbiddenError("Only the server can change these records.", nil)
	}
	return e.Next()
}

func auditBatch(e *core.BatchRequestEvent) error {
	gateway.AuditBatch(e)
	if err := readlimit.CheckBatch(e); err != nil {
		return err
	}
	return e.Next()
}

func refuseMail(*core.MailerEvent) error {
	return errors.New("send mail: user databases cannot send mail")
}
