package hooks

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindRegistry(a *app.App) {
	a.OnRecordCreateRequest(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "refuseRegistryCreate", Func: refuseRegistryEdit})
	a.OnRecordUpdateRequest(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "refuseRegistryUpdate", Func: refuseRegistryEdit})
	a.OnRecordDeleteRequest(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "refuseRegistryDelete", Func: refuseRegistryEdit})

	// Truncating a collection asks no request hook.
	a.OnRecordDelete(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordEvent]{Id: "keepRegistry", Func: keepRegistry})

	a.OnRecordEnrich(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordEnrichEvent]{
		Id: "hideSecretsOfRegistry", Func: func(e *core.RecordEnrichEvent) error {
			err := e.Next()
			e.Record.Hide("data_key", "owner") // after PocketBase has shown superusers the hidden fields
			return err
		}})

	changed := func(e *core.RecordEvent) error {
		a.Databases.RegistryChanged(e.Record.GetString("user"), e.Record.GetString("name"))
		return e.Next()
	}
	a.OnRecordAfterUpdateSuccess(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordEvent]{Id: "registryChanged", Func: changed})
	a.OnRecordAfterDeleteSuccess(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordEvent]{Id: "registryDeleted", Func: changed})
}

// keepRegistry keeps the rows of databases that are there: their data keys are
// nowhere else.
func keepRegistry(e *core.RecordEvent) error {
	if !userdb.IsRemoval(e.Context) {
		return router.NewForbiddenError("The row of a user database goes when its database does: see userdb delete.", nil)
	}
	return e.Next()
}

// refuseRegistryEdit keeps superusers from breaking databases in the admin UI:
// a name, its folder and the data key wrapped for it belong together.
func refuseRegistryEdit(e *core.RecordRequestEvent) error {
	return e.ForbiddenError("The registry can't be edited by hand: it says which folder is whose.", nil)
}
