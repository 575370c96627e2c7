package migrations

import "github.com/pocketbase/pocketbase/core"

// The networks from which each account was used recently. They are stored as hashes; see app/signin.
func init() {
	register("1795800010_sign_in_networks.go", func(app core.App) error {
		c := core.NewBaseCollection(SignInNetworks) // without rules: superusers only
		c.Fields.Add(
			&core.TextField{Name: "account", Required: true, Max: 50}, // id of a user or superuser
			&core.TextField{Name: "network", Required: true, Max: 50},
			&core.DateField{Name: "last_used", Required: true},
		)
		c.AddIndex("idx_sign_in_networks_account", true, "account, network", "")
		c.AddIndex("idx_sign_in_networks_last_used", false, "last_used", "")
		return app.Save(c)
	}, dropCollection(SignInNetworks))
}
