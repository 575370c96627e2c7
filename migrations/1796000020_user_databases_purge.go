package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796000020_user_databases_purge.go", func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(UserDatabases)
		if err != nil {
			return err
		}
		// When the deletion of the files began. From then on, the database can't be restored.
		c.Fields.Add(&core.DateField{Name: "purge_started", Hidden: true})
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(UserDatabases)
		if err != nil {
			return err
		}
		c.Fields.RemoveByName("purge_started")
		return app.Save(c)
	})
}
