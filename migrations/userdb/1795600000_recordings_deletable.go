package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1795600000_recordings_deletable.go", func(app core.App) error {
		recordings, err := app.FindCollectionByNameOrId(Recordings)
		if err != nil {
			return err
		}
		// The owner makes room. What a transfer is working on stays:
		// hooks/user_databases.go.
		recordings.DeleteRule = signedIn()
		if err := app.Save(recordings); err != nil {
			return err
		}
		settings := app.Settings()
		settings.Meta.HideControls = true // the schema is not to be edited in the admin UI
		return app.Save(settings)
	})
}
