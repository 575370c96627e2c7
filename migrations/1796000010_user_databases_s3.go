package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796000010_user_databases_s3.go", func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(UserDatabases)
		if err != nil {
			return err
		}
		// The bytes of recordings in S3. An archived database can't be asked, and it must not be deleted while
		// S3 isn't configured.
		c.Fields.Add(&core.NumberField{Name: "size_s3", OnlyInt: true, Hidden: true})
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(UserDatabases)
		if err != nil {
			return err
		}
		c.Fields.RemoveByName("size_s3")
		return app.Save(c)
	})
}
