package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

// MaxPosterSize is the maximum size of a poster in bytes.
const MaxPosterSize = 200 << 10

func init() {
	register("1796500020_posters.go", func(app core.App) error {
		meetings, err := app.FindCollectionByNameOrId(Meetings)
		if err != nil {
			return err
		}
		// A frame of the recording; see app/poster.
		meetings.Fields.Add(&core.FileField{Name: "poster", MaxSelect: 1, MaxSize: MaxPosterSize, MimeTypes: []string{"image/jpeg"}, Protected: true})
		return app.Save(meetings)
	})
}
