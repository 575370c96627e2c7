package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1764000000_users.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		// Sign-in alerts need a mail server. Without one, PocketBase would run the host's sendmail
		// for every sign-in from a new location.
		users.AuthAlert.Enabled = false
		users.Fields.RemoveByName("avatar")
		if err := app.Save(users); err != nil {
			return err
		}

		settings := app.Settings()
		settings.Meta.AppName = "Fathom-to-Loom"
		settings.Meta.HideControls = true
		settings.Batch.Enabled = true
		settings.Batch.MaxRequests = 500
		settings.Batch.MaxBodySize = 1 << 20
		settings.RateLimits.Enabled = true
		settings.RateLimits.Rules = []core.RateLimitRule{
			{Label: "*:auth", MaxRequests: 20, Duration: 10},
			{Label: "users:create", MaxRequests: 20, Duration: 10},
			{Label: "users:update", MaxRequests: 10, Duration: 10},
			{Label: "global_queue:create", MaxRequests: 2000, Duration: 60},
			{Label: "/api/", MaxRequests: 600, Duration: 10},
		}
		return app.Save(settings)
	}, nil)
}
