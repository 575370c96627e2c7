package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796100010_default_schedule.go", func(app core.App) error {
		connections, err := app.FindCollectionByNameOrId(Connections)
		if err != nil {
			return err
		}
		// Whether the default schedule has been created. It is created once, so that it stays deleted.
		connections.Fields.Add(&core.BoolField{Name: "scheduled", Hidden: true})
		return app.Save(connections)
	})
}
