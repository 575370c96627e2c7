package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func init() {
	added := []string{"ready", "claims", "started_at", "cancel_requested", "history"}
	// PocketBase's index parser does not support parentheses in a condition. The indexes that the
	// worker reads contain active jobs only, so finished jobs do not slow it down.
	indexes := [][3]string{
		{"idx_global_queue_ready", "kind, priority DESC, user, run_at", "ready = TRUE"},
		{"idx_global_queue_scheduled", "run_at", "status = 'pending' AND ready = FALSE"},
		{"idx_global_queue_failed", "run_at", "status = 'failed'"},
		{"idx_global_queue_processing", "kind, user", "status = 'processing'"},
		{"idx_global_queue_given_up", "status, finished_at", "status = 'dead' OR status = 'cancelled'"},
	}
	replaced := [][3]string{
		{"idx_global_queue_pending", "priority DESC, run_at", "status = 'pending'"},
		{"idx_global_queue_active", "status, lease_expires_at", "status = 'processing' OR status = 'failed'"},
	}
	// The active index prevents a user from having two active jobs with the same dedupe key. It is also
	// used to list active jobs by user.
	const active, activeColumns, activeWhere = "idx_global_queue_active", "user, dedupe_key", "finished_at = ''"
	const dedupe, dedupeWhere = "idx_global_queue_dedupe", "dedupe_key != '' AND status != 'completed' AND status != 'dead' AND status != 'cancelled'"
	register("1795700000_global_queue_lifecycle.go", func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(GlobalQueue)
		if err != nil {
			return err
		}
		c.UpdateRule = ownedBy() // an update requests a transition; see hooks/jobs.go
		c.DeleteRule = ownedBy() // a hook refuses to delete running jobs; see hooks/jobs.go
		c.Fields.Add(
			&core.BoolField{Name: "ready", Hidden: true},                   // pending and due
			&core.NumberField{Name: "claims", OnlyInt: true, Hidden: true}, // number of claims so far, for fencing
			&core.DateField{Name: "started_at"},                            // start of the last attempt
			&core.BoolField{Name: "cancel_requested"},
			&core.JSONField{Name: "history", Hidden: true, MaxSize: 32 << 10}, // of attempts; hidden because it names workers
		)
		for _, index := range replaced {
			c.RemoveIndex(index[0])
		}
		for _, index := range indexes {
			c.AddIndex(index[0], false, index[1], index[2])
		}
		c.RemoveIndex(dedupe)
		c.AddIndex(active, true, activeColumns, activeWhere)
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(GlobalQueue)
		if err != nil {
			return err
		}
		c.UpdateRule = nil
		c.DeleteRule = types.Pointer(*ownedBy() + ` && status = "pending"`)
		for _, index := range indexes {
			c.RemoveIndex(index[0])
		}
		for _, name := range added {
			c.Fields.RemoveByName(name)
		}
		for _, index := range replaced {
			c.AddIndex(index[0], false, index[1], index[2])
		}
		c.AddIndex(dedupe, true, "dedupe_key", dedupeWhere)
		return app.Save(c)
	})
}
