package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796100050_notices.go", func(app core.App) error {
		connections, err := app.FindCollectionByNameOrId(Connections)
		if err != nil {
			return err
		}
		provider := connections.Fields.GetByName("provider").(*core.SelectField)
		provider.Values = append(provider.Values, "webhook")
		if err := app.Save(connections); err != nil {
			return err
		}

		// What the owner should know. A row is written in the transaction that changes the state it reports.
		notices := core.NewBaseCollection(Notices)
		notices.ListRule = signedIn()
		notices.ViewRule = signedIn()
		deliveries := []string{"due", "sending", "sent", "skipped", "failed"}
		notices.Fields.Add(
			&core.TextField{Name: "cause", Required: true, Max: 200, Hidden: true},
			&core.SelectField{Name: "kind", Required: true, MaxSelect: 1, Values: []string{
				"transfer_failed", "your_turn", "key_refused", "schedule_stopped", "webhook_lost", "digest",
			}},
			&core.NumberField{Name: "recording_id", OnlyInt: true},
			&core.TextField{Name: "text", Required: true, Max: 500},
			// Blank means that the owner didn't want it.
			&core.SelectField{Name: "mail", MaxSelect: 1, Values: deliveries},
			&core.SelectField{Name: "hook", MaxSelect: 1, Values: deliveries},
		)
		notices.Fields.Add(autodates()...)
		notices.AddIndex("idx_notices_cause", true, "cause", "")
		notices.AddIndex("idx_notices_due", false, "created", "mail = 'due' OR hook = 'due'")
		return app.Save(notices)
	})
}
