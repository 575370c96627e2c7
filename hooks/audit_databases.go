package hooks

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// bindAuditDatabases records what happens to user databases as a whole. Exports and imports are recorded where they
// happen, in package userdb.
func (h handlers) bindAuditDatabases() {
	bind(h.OnRecordUpdate(migrations.UserDatabases), "auditStatus", h.auditStatus)
	bind(h.OnRecordDelete(migrations.UserDatabases), "auditPurge", h.auditPurge)
}

// auditStatus records a change of the status of a database in the transaction that makes it.
func (h handlers) auditStatus(e *core.RecordEvent) error {
	kind := kindOfChange(registry.Status(e.Record.Original().GetString("status")), registry.Status(e.Record.GetString("status")))
	if kind == "" {
		return e.Next()
	}
	return inTransaction(&e.App, func() error {
		if err := e.Next(); err != nil {
			return err
		}
		h.Audit.RecordIn(e.Context, e.App, audit.Event{Owner: registry.OwnerID(e.Record), Kind: kind, Database: e.Record.GetString("name")})
		return nil
	})
}

// kindOfChange returns the event that a change of the status is. It is blank for others, such as the creation of a database.
func kindOfChange(before, after registry.Status) audit.Kind {
	switch {
	case before == after:
		return ""
	case after == registry.StatusDeleting:
		return audit.DeletionScheduled
	case before == registry.StatusDeleting:
		return audit.DeletionUndone
	case after == registry.StatusArchived:
		return audit.DatabaseArchived
	case before == registry.StatusArchived && after == registry.StatusReady:
		return audit.DatabaseRestored
	}
	return ""
}

// auditPurge deletes everything that is known about the owner of a deleted database, unless they still have an account.
func (h handlers) auditPurge(e *core.RecordEvent) error {
	owner := registry.OwnerID(e.Record)
	return inTransaction(&e.App, func() error {
		if err := e.Next(); err != nil || owner == "" {
			return err
		}
		_, err := e.App.FindRecordById(migrations.Users, owner)
		if errors.Is(err, sql.ErrNoRows) {
			return h.Audit.Forget(e.Context, e.App, owner)
		}
		if err == nil {
			h.Audit.RecordIn(e.Context, e.App, audit.Event{Owner: owner, Kind: audit.DatabaseDeleted, Database: e.Record.GetString("name")})
		}
		return err
	})
}

// bindAuditConnections records changes of a person's keys and other connections, without their values.
func (d databaseHandlers) bindAuditConnections() {
	bind(d.db.App.OnRecordCreateRequest(schema.Connections), "attributeConnection", attributeChange)
	bind(d.db.App.OnRecordUpdateRequest(schema.Connections), "attributeConnection", attributeChange)
	bind(d.db.App.OnRecordDeleteRequest(schema.Connections), "attributeConnection", attributeChange)
	bind(d.db.App.OnRecordAfterCreateSuccess(schema.Connections), "auditConnectionAdded", d.auditConnection(audit.ConnectionAdded))
	bind(d.db.App.OnRecordAfterUpdateSuccess(schema.Connections), "auditConnectionChanged", d.auditConnectionChanged)
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Connections), "auditConnectionRemoved", d.auditConnection(audit.ConnectionRemoved))
}

func (d databaseHandlers) auditConnection(kind audit.Kind) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		d.Audit.Record(e.Context, d.connectionEvent(kind, e))
		return e.Next()
	}
}

func (d databaseHandlers) connectionEvent(kind audit.Kind, e *core.RecordEvent) audit.Event {
	return audit.Event{
		Owner: d.db.UserID, Kind: kind, Detail: e.Record.GetString("provider"), Database: d.db.Name, Actor: audit.ActorOfChange(e.Context, e.Record),
	}
}

// auditConnectionChanged leaves out what the server changes by itself, such as a renewed token.
func (d databaseHandlers) auditConnectionChanged(e *core.RecordEvent) error {
	before := e.Record.Original()
	switch {
	case audit.ActorOfChange(e.Context, e.Record).Kind == audit.Server:
	case e.Record.GetString("secret") != before.GetString("secret"):
		return d.auditConnection(audit.ConnectionReplaced)(e)
	case e.Record.GetString("settings") != before.GetString("settings"):
		d.Audit.Count(e.Context, d.connectionEvent(audit.ConnectionChanged, e)) // one request each, as often as a client likes
	}
	return e.Next()
}
