package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func init() {
	register("1795700002_job_schedules.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		c := core.NewBaseCollection(JobSchedules)
		c.ListRule = ownedBy()
		c.ViewRule = ownedBy()
		c.CreateRule = types.Pointer(`@request.auth.collectionName = "users"`)
		c.UpdateRule = ownedBy()
		c.DeleteRule = ownedBy()
		c.Fields.Add(
			&core.RelationField{Name: "user", CollectionId: users.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.TextField{Name: "kind", Required: true, Max: 100},
			&core.JSONField{Name: "payload", MaxSize: 4 << 10},
			&core.NumberField{Name: "every", OnlyInt: true, Required: true, Min: types.Pointer(15.0 * 60), Max: types.Pointer(30.0 * 24 * 3600)}, // seconds
			&core.BoolField{Name: "enabled"},
			&core.DateField{Name: "next_run_at"},
			&core.TextField{Name: "last_job", Max: 50},
			&core.TextField{Name: "error", Max: 1000},
			&core.TextField{Name: "dedupe_key", Hidden: true, Max: 200},
			&core.AutodateField{Name: "created", OnCreate: true},
			&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
		)
		c.AddIndex("idx_job_schedules_dedupe", true, "dedupe_key", "")
		c.AddIndex("idx_job_schedules_user", false, "user", "")
		c.AddIndex("idx_job_schedules_due", false, "next_run_at", "enabled = TRUE")
		return app.Save(c)
	}, dropCollection(JobSchedules))
}
