// Package hooks is the only place that binds PocketBase's events, routes and
// crons. A handler translates: it validates, calls a room of app and answers.
package hooks

import "github.com/fathom-to-loom/fathom-to-loom/app"

// Register binds every hook of the program. Call it once, before Execute.
func Register(a *app.App) {
	bindLifecycle(a)
	bindSettings(a)
	bindFailures(a)
	bindLimits(a)
	bindStreams(a)
	bindSuperuserTools(a)
	bindUsers(a)
	bindRegistry(a)
	bindSession(a)
	bindGlobalQueue(a)
	bindQueueAPI(a)
	bindQueuePauses(a)
	bindJobSchedules(a)
	bindQueueCare(a)
	bindAdminUI(a)
	bindWeb(a)
	bindUserDatabases(a)
	bindUserDatabaseRoutes(a)
	bindUserDatabaseCare(a)
}
