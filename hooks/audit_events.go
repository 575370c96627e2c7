package hooks

import (
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindAuditEvents protects the audit trail: no API can change it, not even a superuser's. Package audit writes it with
// statements that trigger none of these hooks, except for creations and updates, which no hook of the API sees.
func (h handlers) bindAuditEvents() {
	bind(h.OnRecordCreateRequest(migrations.AuditEvents), "refuseAuditCreate", refuseAuditEdit)
	bind(h.OnRecordUpdateRequest(migrations.AuditEvents), "refuseAuditUpdate", refuseAuditEdit)
	bind(h.OnRecordDeleteRequest(migrations.AuditEvents), "refuseAuditDelete", refuseAuditEdit)
	bind(h.OnRecordDelete(migrations.AuditEvents), "keepAuditEvents", keepAuditEvents) // truncating a collection triggers no request hook
	bind(h.OnCollectionUpdateRequest(), "keepAuditCollection", keepAuditCollection)
	bind(h.OnCollectionsImportRequest(), "keepAuditCollectionOfImport", keepAuditCollectionOfImport)
	h.onServe("auditActor", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "auditActor", Func: setActor,
			Priority: apis.DefaultSuperuserIPsWhitelistMiddlewarePriority + 1, // knows the caller
		})
		return nil
	})
}

const auditRefusal = "The audit trail can't be edited."

func refuseAuditEdit(e *core.RecordRequestEvent) error { return e.ForbiddenError(auditRefusal, nil) }

func keepAuditEvents(*core.RecordEvent) error { return router.NewForbiddenError(auditRefusal, nil) }

func keepAuditCollection(e *core.CollectionRequestEvent) error {
	current, err := e.App.FindCollectionByNameOrId(migrations.AuditEvents) // e.Collection may have another name by now
	if err != nil {
		return e.InternalServerError("", err)
	}
	if e.Collection.Id == current.Id {
		return e.ForbiddenError("This collection can't be changed, because nobody may edit the audit trail.", nil)
	}
	return e.Next()
}

// keepAuditCollectionOfImport leaves the collection as it is, so that an export of all collections can be imported.
func keepAuditCollectionOfImport(e *core.CollectionsImportRequestEvent) error {
	current, err := e.App.FindCachedCollectionByNameOrId(migrations.AuditEvents)
	if err != nil {
		return e.InternalServerError("", err)
	}
	e.CollectionsData = slices.DeleteFunc(e.CollectionsData, func(data map[string]any) bool {
		return data["id"] == current.Id || data["name"] == current.Name
	})
	return e.Next()
}

// setActor makes the caller the actor of everything that a request causes.
func setActor(e *core.RequestEvent) error {
	actor := audit.Client(e.Request, e.RealIP())
	if e.HasSuperuserAuth() {
		actor.Kind, actor.ID, actor.Email = audit.Superuser, e.Auth.Id, e.Auth.Email()
	}
	audit.SetActor(e, actor)
	return e.Next()
}
