package migrations

import "github.com/pocketbase/pocketbase/core"

// Which server has the files of a database. A blank value means the one with the global database, so that all rows of earlier
// versions are right. Only package registry reads it.
func init() {
	register("1796700010_user_databases_cell.go", func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(UserDatabases)
		if err != nil {
			return err
		}
		c.Fields.Add(&core.TextField{Name: "cell", Max: 64, Hidden: true})
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(UserDatabases)
		if err != nil {
			return err
		}
		return removeFields(app, c, "cell")
	})
}
