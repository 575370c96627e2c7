package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796200000_loom.go", func(app core.App) error {
		connections, err := app.FindCollectionByNameOrId(Connections)
		if err != nil {
			return err
		}
		// Of a sign-in, the secret contains two tokens, which may be large.
		connections.Fields.GetByName("secret").(*core.TextField).Max = 64 << 10
		connections.Fields.Add(
			// What a connection to Loom can do, as its last check has shown.
			&core.SelectField{Name: "abilities", MaxSelect: 2, Values: []string{"upload", "read"}},
			// What else the check has found, such as the sites; see app/loomaccount/details.go.
			&core.JSONField{Name: "details", MaxSize: 32 << 10},
		)
		if err := app.Save(connections); err != nil {
			return err
		}
		transfers, err := app.FindCollectionByNameOrId(Transfers)
		if err != nil {
			return err
		}
		transfers.Fields.Add(
			// How far the uploader is; see app/transfer/deliver.go.
			&core.JSONField{Name: "delivery", MaxSize: 256 << 10, Hidden: true},
			&core.SelectField{Name: "visibility", MaxSelect: 1, Values: []string{"owner", "workspace", "public"}},
			&core.TextField{Name: "note", Max: 1000}, // what is not as wanted
		)
		return app.Save(transfers)
	})
}
