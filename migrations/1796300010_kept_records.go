package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// What belonged to a deleted user in the global database, until their database is deleted too.
func init() {
	register("1796300010_kept_records.go", func(app core.App) error {
		for _, statement := range []string{
			"CREATE TABLE " + KeptRecords + " (database TEXT NOT NULL, origin TEXT NOT NULL, record TEXT NOT NULL)",
			"CREATE INDEX idx_kept_records_database ON " + KeptRecords + " (database, origin)",
		} {
			if _, err := app.NonconcurrentDB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		_, err := app.NonconcurrentDB().NewQuery("DROP TABLE " + KeptRecords).Execute()
		return err
	})
}
