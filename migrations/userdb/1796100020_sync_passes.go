package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796100020_sync_passes.go", func(app core.App) error {
		connections, err := app.FindCollectionByNameOrId(Connections)
		if err != nil {
			return err
		}
		// How far the reading of Fathom's lists has come; see app/transfer/sync_state.go.
		connections.Fields.Add(&core.JSONField{Name: "sync", MaxSize: 16 << 10, Hidden: true})
		if err := app.Save(connections); err != nil {
			return err
		}
		if err := addListingFields(app); err != nil {
			return err
		}
		unreadable := core.NewBaseCollection(UnreadableMeetings)
		unreadable.ListRule = signedIn()
		unreadable.ViewRule = signedIn()
		unreadable.DeleteRule = signedIn()
		unreadable.Fields.Add(
			// The recording id or, if that can't be read, the SHA-256 of the item.
			&core.TextField{Name: "key", Required: true, Max: 64, Hidden: true},
			&core.TextField{Name: "recording_id", Max: 40},
			&core.TextField{Name: "reason", Max: 300},
			&core.TextField{Name: "version", Max: 50, Hidden: true}, // of the program that could not read it
			&core.JSONField{Name: "raw", MaxSize: 256 << 10, Hidden: true},
		)
		unreadable.Fields.Add(autodates()...)
		unreadable.AddIndex("idx_unreadable_meetings_key", true, "key", "")
		return app.Save(unreadable)
	})
}

// addListingFields adds what syncs know about meetings at Fathom.
func addListingFields(app core.App) error {
	meetings, err := app.FindCollectionByNameOrId(Meetings)
	if err != nil {
		return err
	}
	meetings.Fields.Add(
		&core.JSONField{Name: "highlights", MaxSize: 2 << 20},
		&core.DateField{Name: "withdrawn_at"}, // set while Fathom doesn't list the meeting any more
		// The number of the last pass over all meetings in which Fathom listed this one; 0 if unknown.
		&core.NumberField{Name: "listed", OnlyInt: true, Hidden: true},
	)
	meetings.AddIndex("idx_meetings_listed", false, "listed", "")
	if err := app.Save(meetings); err != nil {
		return err
	}
	_, err = app.DB().NewQuery("UPDATE {{meetings}} SET [[listed]] = 1").Execute()
	return err
}
