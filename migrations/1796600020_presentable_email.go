package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// The admin UI shows the address of a user in relations, such as the owner of a job, instead of "N/A".
func init() {
	present := func(presentable bool) func(core.App) error {
		return func(app core.App) error {
			users, err := app.FindCollectionByNameOrId(Users)
			if err != nil {
				return err
			}
			if email, ok := users.Fields.GetByName(core.FieldNameEmail).(*core.EmailField); ok {
				email.Presentable = presentable
			}
			return app.Save(users)
		}
	}
	register("1796600020_presentable_email.go", present(true), present(false))
}
