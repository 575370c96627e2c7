package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	added := []string{"owner", "delete_after", "archived_at", "maintained_at", "sessions_until"}
	register("1795600000_user_databases_lifecycle.go", func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(UserDatabases)
		if err != nil {
			return err
		}
		c.Fields.Add(
			// What is needed to recreate the account of a deleted user.
			&core.JSONField{Name: "owner", Hidden: true, MaxSize: 8 << 10},
			&core.DateField{Name: "delete_after", Hidden: true},
			&core.DateField{Name: "archived_at", Hidden: true},
			&core.DateField{Name: "maintained_at", Hidden: true},
			// When the last session issued for the database expires. Until then it keeps its port.
			&core.DateField{Name: "sessions_until", Hidden: true},
		)
		c.AddIndex("idx_user_databases_port", true, "port", "port > 0")
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(UserDatabases)
		if err != nil {
			return err
		}
		c.RemoveIndex("idx_user_databases_port")
		for _, name := range added {
			c.Fields.RemoveByName(name)
		}
		return app.Save(c)
	})
}
