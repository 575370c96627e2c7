package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796100045_retention.go", func(app core.App) error {
		recordings, err := app.FindCollectionByNameOrId(Recordings)
		if err != nil {
			return err
		}
		recordings.Fields.Add(&core.DateField{Name: "stored_at", Hidden: true}) // when the file was last fetched
		recordings.AddIndex("idx_recordings_retained_until", false, "retained_until", "retained_until != ''")
		if err := app.Save(recordings); err != nil {
			return err
		}
		_, err = app.DB().NewQuery("UPDATE {{recordings}} SET [[stored_at]] = [[created]]").Execute()
		return err
	})
}
