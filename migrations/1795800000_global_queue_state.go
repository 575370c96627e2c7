package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	const state = "state" // of a job that snoozed, for its next run
	register("1795800000_global_queue_state.go", func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(GlobalQueue)
		if err != nil {
			return err
		}
		c.Fields.Add(&core.JSONField{Name: state, Hidden: true, MaxSize: 8 << 10})
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(GlobalQueue)
		if err != nil {
			return err
		}
		c.Fields.RemoveByName(state)
		return app.Save(c)
	})
}
