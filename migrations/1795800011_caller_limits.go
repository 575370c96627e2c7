package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// PocketBase's rate limits count whole addresses, of which a single IPv6 customer has more than enough. The limits in
// app/limit replace them. Rules that an operator has added or changed are kept and apply in addition.
func init() {
	replaced := []core.RateLimitRule{
		{Label: "*:auth", MaxRequests: 20, Duration: 10},
		{Label: "users:create", MaxRequests: 20, Duration: 10},
		{Label: "users:update", MaxRequests: 10, Duration: 10},
		{Label: "global_queue:create", MaxRequests: 2000, Duration: 60},
		{Label: "/api/", MaxRequests: 600, Duration: 10},
	}
	register("1795800011_caller_limits.go", func(app core.App) error {
		settings := app.Settings()
		settings.RateLimits.Rules = slices.DeleteFunc(slices.Clone(settings.RateLimits.Rules), func(rule core.RateLimitRule) bool {
			return slices.Contains(replaced, rule)
		})
		settings.RateLimits.Enabled = settings.RateLimits.Enabled && len(settings.RateLimits.Rules) > 0
		return app.Save(settings)
	}, func(app core.App) error {
		settings := app.Settings()
		settings.RateLimits.Rules = append(slices.Clone(replaced), settings.RateLimits.Rules...)
		settings.RateLimits.Enabled = true
		return app.Save(settings)
	})
}
