package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// What a webhook at Fathom was created for, and the webhooks that are to be deleted there. Those outlive their users and
// databases, so each one has an API key of its own, encrypted with a data key of its own.
func init() {
	register("1796100060_fathom_removals.go", func(app core.App) error {
		endpoints, err := app.FindCollectionByNameOrId(FathomEndpoints)
		if err != nil {
			return err
		}
		endpoints.Fields.Add(
			&core.TextField{Name: "triggers", Max: 200},               // that were asked for
			&core.TextField{Name: "key", Max: 20 << 10, Hidden: true}, // that created it, encrypted with the user's data key
		)
		if err := app.Save(endpoints); err != nil {
			return err
		}
		_, err = app.NonconcurrentDB().NewQuery("CREATE TABLE " + FathomRemovals +
			" (endpoint TEXT PRIMARY KEY NOT NULL, user TEXT NOT NULL, fathom_id TEXT NOT NULL, data_key TEXT NOT NULL, key TEXT NOT NULL," +
			" created TEXT NOT NULL, tried TEXT NOT NULL DEFAULT '') WITHOUT ROWID").Execute()
		return err
	}, func(app core.App) error {
		if _, err := app.NonconcurrentDB().NewQuery("DROP TABLE " + FathomRemovals).Execute(); err != nil {
			return err
		}
		endpoints, err := app.FindCollectionByNameOrId(FathomEndpoints)
		if err != nil {
			return err
		}
		return removeFields(app, endpoints, "triggers", "key")
	})
}
