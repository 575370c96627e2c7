package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// The links under which people show a recording to others: see package share. No rule lets a client read them, and
// hooks/shares.go hides what opens a link even from superusers.
//
// The row refers to the user and the database by id and name, without a relation: the link of an account that is deleted
// must say so until the link expires, and works again if the account is restored. A trigger removes everything else from
// the row together with the database, because the SQL console and other processes run no hooks.
func init() {
	register("1796500020_shares.go", func(app core.App) error {
		c := core.NewBaseCollection(Shares) // without rules: superusers only
		c.Fields.Add(
			&core.TextField{Name: "owner", Max: 15},    // id of the user; blank once the database is deleted
			&core.TextField{Name: "database", Max: 80}, // name of the user database; blank once it is deleted
			&core.NumberField{Name: "recording_id", OnlyInt: true},
			&core.TextField{Name: "hash", Required: true, Hidden: true, Max: 64}, // SHA-256 of the id in the link, in hex
			&core.TextField{Name: "link", Hidden: true, Max: 300},                // the id, sealed with the key of the database
			&core.TextField{Name: "password", Hidden: true, Max: 100},            // bcrypt; blank if the link is enough
			&core.BoolField{Name: "title"},                                       // whether the page shows it
			&core.BoolField{Name: "summary"},
			&core.BoolField{Name: "transcript"},
			&core.DateField{Name: "expires", Required: true},
			&core.DateField{Name: "ended"}, // when the recording was deleted
			&core.NumberField{Name: "views", OnlyInt: true},
			&core.AutodateField{Name: "created", OnCreate: true},
		)
		c.AddIndex("idx_shares_hash", true, "hash", "")
		c.AddIndex("idx_shares_owner", false, "owner, created", "")
		c.AddIndex("idx_shares_recording", false, "database, recording_id", "")
		c.AddIndex("idx_shares_expires", false, "expires", "")
		if err := app.Save(c); err != nil {
			return err
		}
		return execute(app, "CREATE TRIGGER shares_of_deleted_databases AFTER DELETE ON "+UserDatabases+" BEGIN "+
			"UPDATE "+Shares+" SET owner = '', [database] = '', recording_id = 0, link = '', password = '', title = FALSE, "+
			"summary = FALSE, transcript = FALSE, ended = '', views = 0 WHERE [database] = old.name; END")
	}, func(app core.App) error {
		if err := execute(app, "DROP TRIGGER shares_of_deleted_databases"); err != nil {
			return err
		}
		return dropCollection(Shares)(app)
	})
}
