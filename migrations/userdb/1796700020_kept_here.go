package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796700020_kept_here.go", func(app core.App) error {
		// Until now, transfers stayed "stored" when their only copy was deleted.
		_, err := app.NonconcurrentDB().NewQuery("UPDATE {{" + Transfers + "}} SET [[status]] = 'cancelled', [[job]] = '', [[bytes_done]] = 0" +
			" WHERE [[status]] = 'stored' AND [[deliver]] = FALSE AND [[recording_id]] NOT IN (SELECT [[recording_id]] FROM {{" + Recordings + "}} WHERE [[file]] != '')").Execute()
		return err
	})
}
