package userdb

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func init() {
	register("1764000000_users.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		// The only record is the owner, which is inserted when the database is provisioned. Users
		// sign in to the global database.
		users.ListRule = types.Pointer("id = @request.auth.id")
		users.ViewRule = types.Pointer("id = @request.auth.id")
		users.CreateRule = nil
		users.UpdateRule = nil
		users.DeleteRule = nil
		users.PasswordAuth.Enabled = false
		users.OAuth2.Enabled = false
		users.OTP.Enabled = false
		users.MFA.Enabled = false
		users.AuthAlert.Enabled = false
		users.Fields.RemoveByName("avatar")
		if err := app.Save(users); err != nil {
			return err
		}

		settings := app.Settings()
		settings.Meta.AppName = "Fathom-to-Loom"
		settings.Batch.Enabled = true
		settings.Batch.MaxRequests = 50
		settings.Batch.MaxBodySize = 1 << 20
		return app.Save(settings)
	})
}
