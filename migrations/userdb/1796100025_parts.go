package userdb

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func init() {
	register("1796100025_parts.go", func(app core.App) error {
		meetings, err := app.FindCollectionByNameOrId(Meetings)
		if err != nil {
			return err
		}
		meetings.Fields.Add(
			// What is known about the summary, the transcript, the action items and the highlights; null until Fathom
			// has been asked for them.
			&core.JSONField{Name: "parts", MaxSize: 1 << 10},
			&core.DateField{Name: "parts_due_at", Hidden: true}, // when Fathom is asked next; blank for never
			&core.NumberField{Name: "parts_tries", OnlyInt: true, Hidden: true},
		)
		meetings.AddIndex("idx_meetings_parts_due_at", false, "parts_due_at, fathom_created_at", "parts_due_at != ''")
		if err := app.Save(meetings); err != nil {
			return err
		}
		// Earlier versions asked once, with a transfer, and kept an empty transcript.
		_, err = app.DB().NewQuery(`UPDATE {{meetings}} SET [[parts_due_at]] = {:now} WHERE [[summary]] = '' OR NOT EXISTS (
			SELECT 1 FROM {{transcripts}} WHERE {{transcripts}}.[[recording_id]] = {{meetings}}.[[recording_id]]
			AND octet_length({{transcripts}}.[[items]]) > 4)`). // longer than null
			Bind(dbx.Params{"now": time.Now().UTC().Format(types.DefaultDateLayout)}).Execute()
		return err
	})
}
