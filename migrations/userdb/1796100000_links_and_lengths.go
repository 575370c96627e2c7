package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796100000_links_and_lengths.go", func(app core.App) error {
		recordings, err := app.FindCollectionByNameOrId(Recordings)
		if err != nil {
			return err
		}
		// Whether duration was read from the file. Otherwise it is the time between start and end of the meeting.
		recordings.Fields.Add(&core.BoolField{Name: "measured", Hidden: true})
		if err := app.Save(recordings); err != nil {
			return err
		}
		transfers, err := app.FindCollectionByNameOrId(Transfers)
		if err != nil {
			return err
		}
		transfers.Fields.Add(
			&core.BoolField{Name: "verified"}, // Loom's video agrees with the recording
			// Why the link of a delivered transfer could not be checked.
			&core.SelectField{Name: "unchecked", MaxSelect: 1, Values: []string{"private", "unreachable"}},
			&core.DateField{Name: "link_check_at", Hidden: true},
			&core.NumberField{Name: "link_checks", OnlyInt: true, Hidden: true},
		)
		transfers.AddIndex("idx_transfers_link_check_at", false, "link_check_at", "link_check_at != ''")
		if err := app.Save(transfers); err != nil {
			return err
		}
		_, err = app.DB().NewQuery("UPDATE {{transfers}} SET [[verified]] = TRUE WHERE [[status]] = 'delivered'").Execute()
		return err
	})
}
