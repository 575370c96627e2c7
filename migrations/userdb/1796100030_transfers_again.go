package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796100030_transfers_again.go", func(app core.App) error {
		transfers, err := app.FindCollectionByNameOrId(Transfers)
		if err != nil {
			return err
		}
		transfers.Fields.Add(
			&core.BoolField{Name: "deliver"},                           // whether a stored file goes on to Loom
			&core.TextField{Name: "fetched_by", Max: 15, Hidden: true}, // the job that fetched the stored file
		)
		if err := app.Save(transfers); err != nil {
			return err
		}
		_, err = app.DB().NewQuery("UPDATE {{transfers}} SET [[deliver]] = TRUE").Execute()
		return err
	})
}
