package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1795700001_queue_pauses.go", func(app core.App) error {
		c := core.NewBaseCollection(QueuePauses) // without rules: superusers only
		c.Fields.Add(
			&core.TextField{Name: "kind", Required: true, Max: 100, Presentable: true}, // * means all kinds
			&core.TextField{Name: "reason", Max: 1000},
			&core.AutodateField{Name: "created", OnCreate: true},
		)
		c.AddIndex("idx_queue_pauses_kind", true, "kind", "")
		return app.Save(c)
	}, dropCollection(QueuePauses))
}
