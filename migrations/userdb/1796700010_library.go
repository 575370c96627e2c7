package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796700010_library.go", func(app core.App) error {
		// Rows of meetings are long, so the library reads what it filters and sorts by from indexes; see app/library.
		meetings, err := app.FindCollectionByNameOrId(Meetings)
		if err != nil {
			return err
		}
		meetings.AddIndex("idx_meetings_library", false, "recorded_at, recording_id, duration, meeting_type, title", "")
		meetings.AddIndex("idx_meetings_type", false, "meeting_type", "meeting_type <> ''")
		if err := app.Save(meetings); err != nil {
			return err
		}
		transfers, err := app.FindCollectionByNameOrId(Transfers)
		if err != nil {
			return err
		}
		transfers.AddIndex("idx_transfers_library", false, "recording_id, status, deliver", "")
		return app.Save(transfers)
	})
}
