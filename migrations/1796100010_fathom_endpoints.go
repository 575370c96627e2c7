package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// The webhooks that the server has created at Fathom for its users, and the messages that it has accepted from them.
func init() {
	register("1796100010_fathom_endpoints.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		c := core.NewBaseCollection(FathomEndpoints) // without rules: superusers only
		c.Fields.Add(
			&core.RelationField{Name: "user", CollectionId: users.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.SelectField{Name: "purpose", MaxSelect: 1, Required: true, Values: []string{"webhook", "download"}},
			&core.TextField{Name: "path_hash", Max: 64, Required: true}, // SHA-256 of the random part of the path, in hex
			&core.SelectField{Name: "status", MaxSelect: 1, Required: true, Values: []string{"creating", "active", "lost", "removing"}},
			&core.TextField{Name: "fathom_id", Max: 200, Hidden: true},
			&core.JSONField{Name: "secrets", MaxSize: 8 << 10, Hidden: true}, // encrypted with the user's data key
			&core.TextField{Name: "target", Max: 2000},                       // the PUBLIC_URL for which it was created
			&core.TextField{Name: "key_hash", Max: 16},                       // of the API key that created it
			&core.DateField{Name: "last_message_at"},
			&core.AutodateField{Name: "created", OnCreate: true},
			&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
		)
		c.AddIndex("idx_fathom_endpoints_path", true, "path_hash", "")
		c.AddIndex("idx_fathom_endpoints_user", false, "user", "")
		if err := app.Save(c); err != nil {
			return err
		}
		_, err = app.NonconcurrentDB().NewQuery("CREATE TABLE " + FathomMessages +
			" (endpoint TEXT NOT NULL, message TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (endpoint, message)) WITHOUT ROWID").Execute()
		return err
	}, func(app core.App) error {
		if _, err := app.NonconcurrentDB().NewQuery("DROP TABLE " + FathomMessages).Execute(); err != nil {
			return err
		}
		return dropCollection(FathomEndpoints)(app)
	})
}
