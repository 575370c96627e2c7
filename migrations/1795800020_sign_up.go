package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	const emailIndex, unusedIndex = "idx_users_email_nocase", "idx_users_unused"
	register("1795800020_sign_up.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		// Set for accounts that signed up without an invitation, until their first sign-in. Accounts that are
		// still unused after some time are deleted.
		users.Fields.Add(&core.BoolField{Name: "unused", Hidden: true})
		// Not unique, because earlier versions accepted addresses that differ only in case.
		users.AddIndex(emailIndex, false, "`email` COLLATE NOCASE", "")
		users.AddIndex(unusedIndex, false, "created", "unused = TRUE")
		if err := app.Save(users); err != nil {
			return err
		}

		c := core.NewBaseCollection(Invitations) // without rules: superusers only
		c.Fields.Add(
			&core.EmailField{Name: "email", Required: true, Presentable: true},
			&core.TextField{Name: "note", Max: 1000},
			&core.DateField{Name: "used_at"},
			&core.AutodateField{Name: "created", OnCreate: true},
		)
		c.AddIndex("idx_invitations_email", true, "`email` COLLATE NOCASE", "")
		return app.Save(c)
	}, func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		users.RemoveIndex(emailIndex)
		users.RemoveIndex(unusedIndex)
		users.Fields.RemoveByName("unused")
		if err := app.Save(users); err != nil {
			return err
		}
		return dropCollection(Invitations)(app)
	})
}
