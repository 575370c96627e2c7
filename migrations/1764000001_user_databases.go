package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1764000001_user_databases.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}

		c := core.NewBaseCollection(UserDatabases)
		c.ListRule = ownedBy()
		c.ViewRule = ownedBy()
		c.Fields.Add(
			// No cascading deletion: the row determines which folder contains the user's data, and must
			// outlive the user.
			&core.RelationField{Name: "user", CollectionId: users.Id, MaxSelect: 1},
			&core.TextField{Name: "name", Required: true, Max: 80, Pattern: `^\d{4}-\d{2}-\d{2}-\d{3,}-[a-z0-9._-]+$`},
			&core.TextField{Name: "date", Required: true, Pattern: `^\d{4}-\d{2}-\d{2}$`},
			&core.NumberField{Name: "seq", Required: true, OnlyInt: true},
			&core.SelectField{Name: "status", Required: true, MaxSelect: 1, Values: []string{"provisioning", "ready", "archived", "deleting", "failed"}},
			&core.TextField{Name: "schema_version"},
			&core.NumberField{Name: "size", OnlyInt: true},
			&core.DateField{Name: "last_used"},
			&core.NumberField{Name: "port", OnlyInt: true},
			&core.TextField{Name: "data_key", Hidden: true, Required: true, Max: 1000},
			&core.TextField{Name: "error", Hidden: true, Max: 1000},
			&core.AutodateField{Name: "created", OnCreate: true},
			&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
		)
		c.AddIndex("idx_user_databases_user", true, "user", "user != ''")
		c.AddIndex("idx_user_databases_name", true, "name", "")
		c.AddIndex("idx_user_databases_date_seq", true, "date, seq", "")
		return app.Save(c)
	}, dropCollection(UserDatabases))
}
