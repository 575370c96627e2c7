package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796100040_rules.go", func(app core.App) error {
		rules := core.NewBaseCollection(Rules)
		rules.ListRule = signedIn()
		rules.ViewRule = signedIn()
		rules.CreateRule = signedIn()
		rules.UpdateRule = signedIn()
		rules.DeleteRule = signedIn()
		rules.Fields.Add(
			&core.TextField{Name: "name", Required: true, Max: 100},
			&core.BoolField{Name: "enabled"},
			&core.JSONField{Name: "conditions", Required: true, MaxSize: 8 << 10},
			&core.BoolField{Name: "deliver"},
			&core.JSONField{Name: "options", MaxSize: 4 << 10}, // of the delivery
			// Only the server sets these; see hooks/userdb_rules.go.
			&core.NumberField{Name: "matched", OnlyInt: true},
			&core.DateField{Name: "last_matched_at"},
		)
		rules.Fields.Add(autodates()...)
		if err := app.Save(rules); err != nil {
			return err
		}
		meetings, err := app.FindCollectionByNameOrId(Meetings)
		if err != nil {
			return err
		}
		// Whether the rules have not been applied to a new meeting yet.
		meetings.Fields.Add(&core.BoolField{Name: "rules_due", Hidden: true})
		meetings.AddIndex("idx_meetings_rules_due", false, "rules_due", "rules_due = TRUE")
		return app.Save(meetings)
	})
}
