package hooks

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindRegistry(a *app.App) {
	a.OnRecordCreateRequest(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "refuseRegistryCreate", Func: refuseRegistryEdit})
	a.OnRecordUpdateRequest(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "refuseRegistryUpdate", Func: refuseRegistryEdit})
	a.OnRecordDeleteRequest(migrations.UserDatabases).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "refuseRegistryDelete", Func: refuseRegistryEdit})

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

// refuseRegistryEdit keeps superusers from breaking databases in the admin UI:
// a name, its folder and the data key wrapped for it belong together.
func refuseRegistryEdit(e *core.RecordRequestEvent) error {
	return e.ForbiddenError("The registry can't be edited by hand: it says which folder is whose.", nil)
}
