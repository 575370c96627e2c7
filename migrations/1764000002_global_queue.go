package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func init() {
	register("1764000002_global_queue.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}

		c := core.NewBaseCollection(GlobalQueue)
		c.ListRule = ownedBy()
		c.ViewRule = ownedBy()
		c.CreateRule = types.Pointer(`@request.auth.collectionName = "users"`)
		c.DeleteRule = types.Pointer(*ownedBy() + ` && status = "pending"`)
		c.Fields.Add(
			&core.RelationField{Name: "user", CollectionId: users.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.TextField{Name: "kind", Required: true, Max: 100},
			&core.JSONField{Name: "payload", MaxSize: 4 << 10},
			&core.SelectField{Name: "status", Required: true, MaxSelect: 1, Values: []string{"pending", "processing", "completed", "failed", "dead", "cancelled"}},
			&core.NumberField{Name: "priority", OnlyInt: true, Hidden: true},
			&core.DateField{Name: "run_at"},
			&core.TextField{Name: "worker_id", Hidden: true},
			&core.DateField{Name: "claimed_at", Hidden: true},
			&core.DateField{Name: "lease_expires_at", Hidden: true},
			&core.NumberField{Name: "attempts", OnlyInt: true},
			&core.NumberField{Name: "max_attempts", OnlyInt: true, Hidden: true},
			&core.TextField{Name: "stage", Max: 100},
			&core.NumberField{Name: "progress", Min: types.Pointer(0.0), Max: types.Pointer(1.0)},
			&core.JSONField{Name: "result", MaxSize: 16 << 10},
			&core.TextField{Name: "error", Max: 1000},
			&core.TextField{Name: "dedupe_key", Hidden: true, Max: 200},
			&core.DateField{Name: "finished_at"},
			&core.AutodateField{Name: "created", OnCreate: true},
			&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
		)
		// PocketBase's index parser does not support parentheses in a condition. The two indexes that
		// the worker reads contain active jobs only, so finished jobs do not slow it down.
		c.AddIndex("idx_global_queue_pending", false, "priority DESC, run_at", "status = 'pending'")
		c.AddIndex("idx_global_queue_active", false, "status, lease_expires_at", "status = 'processing' OR status = 'failed'")
		c.AddIndex("idx_global_queue_dedupe", true, "dedupe_key", "dedupe_key != '' AND status != 'completed' AND status != 'dead' AND status != 'cancelled'")
		c.AddIndex("idx_global_queue_user", false, "user, created", "")
		return app.Save(c)
	}, dropCollection(GlobalQueue))
}
