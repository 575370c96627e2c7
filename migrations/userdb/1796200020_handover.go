package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796200020_handover.go", func(app core.App) error {
		transfers, err := app.FindCollectionByNameOrId(Transfers)
		if err != nil {
			return err
		}
		// Why the owner uploads a recording; see app/transfer/handover_reason.go.
		transfers.Fields.Add(&core.SelectField{Name: "handover", MaxSelect: 1, Values: []string{"chosen", "doubtful"}})
		return app.Save(transfers)
	})
}
