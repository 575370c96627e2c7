package hooks

import (
	"regexp"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindSuperuserTools keeps what superusers can do from breaking the server, and to
// the global database.
func bindSuperuserTools(a *app.App) {
	exclude := func(e *core.BackupEvent) error {
		e.Exclude = append(e.Exclude, app.RuntimeFiles...) // a socket can't be archived
		return e.Next()
	}
	a.OnBackupCreate().Bind(&hook.Handler[*core.BackupEvent]{Id: "excludeRuntimeFiles", Func: exclude})
	a.OnBackupRestore().Bind(&hook.Handler[*core.BackupEvent]{Id: "excludeRuntimeFiles", Func: exclude})
	a.OnCollectionDeleteRequest().Bind(&hook.Handler[*core.CollectionRequestEvent]{Id: "keepCollections", Func: keepCollections})
	a.OnCollectionsImportRequest().Bind(&hook.Handler[*core.CollectionsImportRequestEvent]{Id: "keepCollectionsOfImport", Func: keepCollectionsOfImport})
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "confineSuperusers", Func: func(e *core.ServeEvent) error {
		e.Router.BindFunc(confineSQLConsole, refuseImpersonation)
		return e.Next()
	}})
}

// keepCollections keeps what this program can't be without.
func keepCollections(e *core.CollectionRequestEvent) error {
	switch e.Collection.Name {
	case migrations.Users, migrations.UserDatabases, migrations.GlobalQueue, migrations.QueuePauses, migrations.JobSchedules:
		return e.ForbiddenError("This collection can't be deleted: the server keeps its own records in it.", nil)
	}
	return e.Next()
}

func keepCollectionsOfImport(e *core.CollectionsImportRequestEvent) error {
	if e.DeleteMissing {
		return e.ForbiddenError("Import without deleting what is missing: the server keeps its own records in some.", nil)
	}
	return e.Next()
}

// refuseImpersonation keeps superusers from acting as a user, which would lead
// into that user's database without a trace.
func refuseImpersonation(e *core.RequestEvent) error {
	if strings.HasPrefix(e.Request.URL.Path, "/api/collections/") && strings.Contains(e.Request.URL.Path, "/impersonate/") {
		return e.ForbiddenError("Open the user's database at /db/{name}/_/ instead: what you do there is written down.", nil)
	}
	return e.Next()
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
