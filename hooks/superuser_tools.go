package hooks

import (
	"regexp"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
)

// bindSuperuserTools keeps PocketBase's backups and SQL console to the global database.
func bindSuperuserTools(a *app.App) {
	exclude := func(e *core.BackupEvent) error {
		e.Exclude = append(e.Exclude, app.RuntimeFiles...) // a socket can't be archived
		return e.Next()
	}
	a.OnBackupCreate().Bind(&hook.Handler[*core.BackupEvent]{Id: "excludeRuntimeFiles", Func: exclude})
	a.OnBackupRestore().Bind(&hook.Handler[*core.BackupEvent]{Id: "excludeRuntimeFiles", Func: exclude})
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "confineSQLConsole", Func: func(e *core.ServeEvent) error {
		e.Router.BindFunc(confineSQLConsole)
		return e.Next()
	}})
}

// reachesFiles finds the statements by which SQLite opens or writes other files.
var reachesFiles = regexp.MustCompile(`(?i)\b(attach|detach|vacuum)\b`)

// confineSQLConsole keeps superusers from opening user databases past the gateway,
// which writes down what they do there, or under it.
func confineSQLConsole(e *core.RequestEvent) error {
	if e.Request.URL.Path != "/api/sql" {
		return e.Next()
	}
	var body struct {
		Query string `json:"query" form:"query"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if reachesFiles.MatchString(body.Query) {
		return e.ForbiddenError("ATTACH, DETACH and VACUUM are closed here: they reach other files than this database.", nil)
	}
	return e.Next()
}
