package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1795800000_meetings_deletable.go", func(app core.App) error {
		// A sync skips the meetings in this collection, so that a deleted meeting stays deleted until its owner
		// removes it from here.
		deleted := core.NewBaseCollection(DeletedMeetings)
		deleted.ListRule = signedIn()
		deleted.ViewRule = signedIn()
		deleted.DeleteRule = signedIn()
		deleted.Fields.Add(recordingID())
		deleted.Fields.Add(&core.AutodateField{Name: "created", OnCreate: true})
		deleted.AddIndex("idx_deleted_meetings_recording_id", true, "recording_id", "")
		if err := app.Save(deleted); err != nil {
			return err
		}
		meetings, err := app.FindCollectionByNameOrId(Meetings)
		if err != nil {
			return err
		}
		// Hooks remove what belongs to a meeting; see hooks/userdb_deletions.go.
		meetings.DeleteRule = signedIn()
		return app.Save(meetings)
	})
}
