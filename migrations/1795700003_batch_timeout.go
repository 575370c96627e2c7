package migrations

import "github.com/pocketbase/pocketbase/core"

// A batch of hundreds of jobs may take longer than PocketBase's default of 3 seconds on a small, busy
// machine.
func init() {
	register("1795700003_batch_timeout.go", func(app core.App) error {
		settings := app.Settings()
		settings.Batch.Timeout = max(settings.Batch.Timeout, 30) // seconds
		return app.Save(settings)
	}, func(core.App) error { return nil })
}
