package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// What happened to each account: see package audit. No API may write these records.
func init() {
	register("1796400030_audit_events.go", func(app core.App) error {
		c := core.NewBaseCollection(AuditEvents)
		c.ListRule = types.Pointer(`@request.auth.collectionName = "users" && owner = @request.auth.id`)
		c.ViewRule = c.ListRule
		c.Fields.Add(
			// Not a relation: the events of a deleted user must be there if the user is restored.
			&core.TextField{Name: "owner", Required: true, Max: 50}, // id of a user or superuser
			&core.TextField{Name: "event", Required: true, Max: 50}, // not a select field, which a new event would have to change
			&core.TextField{Name: "detail", Max: 100},
			&core.TextField{Name: "database", Max: 80},
			&core.SelectField{Name: "actor", Required: true, MaxSelect: 1, Values: []string{"owner", "superuser", "operator", "server"}},
			&core.TextField{Name: "actor_email", Max: 255}, // of a superuser
			&core.TextField{Name: "address", Max: 50},
			&core.TextField{Name: "user_agent", Max: 200},
			&core.NumberField{Name: "count", Required: true, OnlyInt: true},
			&core.DateField{Name: "first_at", Required: true},
			&core.DateField{Name: "last_at", Required: true},
			&core.TextField{Name: "bucket", Required: true, Hidden: true, Max: 50}, // equal events of one hour
		)
		c.AddIndex("idx_audit_events_bucket", true, "bucket", "")
		c.AddIndex("idx_audit_events_owner", false, "owner, last_at", "")
		c.AddIndex("idx_audit_events_last_at", false, "last_at", "")
		return app.Save(c)
	}, dropCollection(AuditEvents))
}
