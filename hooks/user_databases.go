package hooks

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindUserDatabases protects the user_databases collection, which is the registry.
func (h handlers) bindUserDatabases() {
	bind(h.OnRecordCreateRequest(migrations.UserDatabases), "refuseRegistryCreate", refuseRegistryEdit)
	bind(h.OnRecordUpdateRequest(migrations.UserDatabases), "refuseRegistryUpdate", refuseRegistryEdit)
	bind(h.OnRecordDeleteRequest(migrations.UserDatabases), "refuseRegistryDelete", refuseRegistryEdit)
	bind(h.OnRecordDelete(migrations.UserDatabases), "keepRegistry", keepRegistry) // truncating a collection triggers no request hook
	bind(h.OnRecordEnrich(migrations.UserDatabases), "hideRegistrySecrets", hideRegistrySecrets)

	bind(h.OnRecordUpdate(migrations.UserDatabases), "endAccess", h.endAccess)
	bind(h.OnRecordAfterUpdateSuccess(migrations.UserDatabases), "registryChanged", h.registryChanged)
	bind(h.OnRecordAfterDeleteSuccess(migrations.UserDatabases), "registryDeleted", h.registryChanged)
}

// refuseRegistryEdit prevents superusers from breaking databases in the admin UI: the name of a database
// must match its folder and authenticates its wrapped data key.
func refuseRegistryEdit(e *core.RecordRequestEvent) error {
	return e.ForbiddenError("The registry can't be edited by hand, because it maps users to their folders.", nil)
}

// keepRegistry keeps the rows of existing databases: their data keys are stored nowhere else.
func keepRegistry(e *core.RecordEvent) error {
	if !registry.IsRemoval(e.Context) {
		return router.NewForbiddenError("A registry row is deleted together with its user database: see userdb delete.", nil)
	}
	return e.Next()
}

func hideRegistrySecrets(e *core.RecordEnrichEvent) error {
	err := e.Next() // PocketBase unhides fields for superusers, so hide them afterwards
	e.Record.Hide("data_key", "owner")
	return err
}

// endAccess has the webhooks at Fathom removed in the transaction that schedules the deletion of their database, and the
// grants of Atlassian revoked in the one after which it can't be restored: only the user could create another grant.
func (h handlers) endAccess(e *core.RecordEvent) error {
	user := e.Record.Original().GetString("user")
	endsWebhooks, endsGrants := user != "" && becomesDeleted(e.Record), becomesUnrestorable(e.Record)
	if !endsWebhooks && !endsGrants {
		return e.Next()
	}
	return inTransaction(&e.App, func() error {
		if endsWebhooks {
			if err := h.Transfers.DatabaseDeleted(e.Context, e.App, user); err != nil {
				return err
			}
		}
		if endsGrants {
			if err := h.LoomAccounts.DatabasePurged(e.Context, e.App, e.Record); err != nil {
				return err
			}
		}
		return e.Next()
	})
}

func becomesDeleted(entry *core.Record) bool {
	const deleting = string(registry.StatusDeleting)
	return entry.GetString("status") == deleting && entry.Original().GetString("status") != deleting
}

func becomesUnrestorable(entry *core.Record) bool {
	return !entry.GetDateTime("purge_started").IsZero() && entry.Original().GetDateTime("purge_started").IsZero()
}

func (h handlers) registryChanged(e *core.RecordEvent) error {
	if e.Record.GetString("status") == string(registry.StatusDeleting) {
		h.Transfers.RemoveWebhooksLater()
		h.LoomAccounts.RevokeGrantsLater()
	}
	h.Databases.RegistryChanged(e.Record.GetString("user"), e.Record.GetString("name"))
	return e.Next()
}
