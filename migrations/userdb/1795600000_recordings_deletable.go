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
		// Owners may free storage. Hooks refuse to delete recordings that a transfer is using; see
		// hooks/userdb_files.go.
		recordings.DeleteRule = signedIn()
		if err := app.Save(recordings); err != nil {
			return err
		}
		settings := app.Settings()
		settings.Meta.HideControls = true // prevents schema edits in the admin UI
		return app.Save(settings)
	})
}
