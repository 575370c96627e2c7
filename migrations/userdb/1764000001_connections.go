package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1764000001_connections.go", func(app core.App) error {
		c := core.NewBaseCollection(Connections)
		c.ListRule = signedIn()
		c.ViewRule = signedIn()
		c.CreateRule = signedIn()
		c.UpdateRule = signedIn()
		c.DeleteRule = signedIn()
		c.Fields.Add(
			&core.SelectField{Name: "provider", Required: true, MaxSelect: 1, Values: []string{"fathom", "loom", "smtp"}},
			// Encrypted with the user's data key. Hidden fields are omitted from all responses and
			// realtime messages.
			&core.TextField{Name: "secret", Hidden: true, Max: 16 << 10},
			&core.TextField{Name: "last_four", Max: 4},
			&core.JSONField{Name: "settings", MaxSize: 8 << 10},
			&core.SelectField{Name: "status", Required: true, MaxSelect: 1, Values: []string{"checking", "valid", "invalid", "unchecked"}},
			&core.TextField{Name: "reason", Max: 500},
			&core.DateField{Name: "checked_at"},
			// All meetings up to this time have been read with the current secret.
			&core.DateField{Name: "synced_up_to", Hidden: true},
		)
		c.Fields.Add(autodates()...)
		c.AddIndex("idx_connections_provider", true, "provider", "")
		return app.Save(c)
	})
}
