package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// A webhook that Fathom has refused doesn't exist there, unlike one that is lost.
func init() {
	const refused = "refused"
	register("1796100065_refused_webhooks.go", func(app core.App) error {
		return changeEndpointStatuses(app, func(statuses []string) []string { return append(statuses, refused) })
	}, func(app core.App) error {
		_, err := app.NonconcurrentDB().NewQuery("UPDATE " + FathomEndpoints + " SET status = 'lost' WHERE status = '" + refused + "'").Execute()
		if err != nil {
			return err
		}
		return changeEndpointStatuses(app, func(statuses []string) []string {
			return slices.DeleteFunc(statuses, func(status string) bool { return status == refused })
		})
	})
}

func changeEndpointStatuses(app core.App, change func(statuses []string) []string) error {
	endpoints, err := app.FindCollectionByNameOrId(FathomEndpoints)
	if err != nil {
		return err
	}
	status := endpoints.Fields.GetByName("status").(*core.SelectField)
	status.Values = change(status.Values)
	return app.Save(endpoints)
}
