package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796100080_more_notices.go", func(app core.App) error {
		notices, err := app.FindCollectionByNameOrId(Notices)
		if err != nil {
			return err
		}
		kind := notices.Fields.GetByName("kind").(*core.SelectField)
		kind.Values = append(kind.Values, "refetch_failed", "link_mismatch", "sync_failed", "connection_failed")
		return app.Save(notices)
	})
}
