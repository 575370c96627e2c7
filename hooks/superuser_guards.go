package hooks

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindSuperuserGuards prevents superusers from breaking the server, and from entering a user's database
// without an audit record.
func (h handlers) bindSuperuserGuards() {
	bind(h.OnBackupCreate(), "excludeRuntimeFiles", excludeRuntimeFiles)
	bind(h.OnBackupRestore(), "refuseBesideLitestream", h.refuseBesideLitestream)
	bind(h.OnBackupRestore(), "excludeRuntimeFiles", excludeRuntimeFiles)
	bind(h.OnBackupCreate(), "explainBackup", h.explainBackup)
	bind(h.OnCollectionDeleteRequest(), "keepCollections", keepCollections)
	bind(h.OnCollectionsImportRequest(), "keepCollectionsOfImport", keepCollectionsOfImport)
	h.onServe("confineSuperusers", func(e *core.ServeEvent) error {
		e.Router.BindFunc(confineSQLConsole, refuseImpersonation)
		return nil
	})
}

func excludeRuntimeFiles(e *core.BackupEvent) error {
	e.Exclude = append(e.Exclude, app.RuntimeFiles...) // a socket can't be archived
	entries, err := os.ReadDir(e.App.DataDir())
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if backup.IsFormerData(entry.Name()) || standby.StaysInPlace(entry.Name()) {
			e.Exclude = append(e.Exclude, entry.Name())
		}
	}
	return e.Next()
}

// refuseBesideLitestream protects the copy for a standby: Litestream would go on with the replaced file.
func (h handlers) refuseBesideLitestream(e *core.BackupEvent) error {
	if h.Config.LitestreamReplica != "" {
		return errors.New("a server whose global database is copied to a standby can't be restored in the admin UI: use \"fathom-to-loom backup restore\"")
	}
	return e.Next()
}

// explainBackup says what PocketBase's own backup lacks. The admin UI says the same (admin_ui/main.js).
func (h handlers) explainBackup(e *core.BackupEvent) error {
	err := e.Next()
	if err == nil {
		h.Log.Warn("PocketBase's backup contains the global database only, without user databases, meetings and recordings: " +
			"\"fathom-to-loom backup create\" backs up everything")
	}
	return err
}

// requiredCollections are the collections that the program can't work without.
var requiredCollections = []string{
	migrations.Users, migrations.Invitations, migrations.UserDatabases, migrations.GlobalQueue, migrations.QueuePauses,
	migrations.JobSchedules, migrations.SignInNetworks, migrations.AuditEvents, migrations.APITokens, migrations.Shares,
}

func keepCollections(e *core.CollectionRequestEvent) error {
	if slices.Contains(requiredCollections, e.Collection.Name) {
		return e.ForbiddenError("This collection can't be deleted because the server needs it.", nil)
	}
	return e.Next()
}

func keepCollectionsOfImport(e *core.CollectionsImportRequestEvent) error {
	if e.DeleteMissing {
		return e.ForbiddenError("Turn off the deletion of missing collections: the server needs some of them.", nil)
	}
	return e.Next()
}

// refuseImpersonation prevents superusers from acting as a user, which would open that user's database
// without an audit record.
func refuseImpersonation(e *core.RequestEvent) error {
	if strings.HasPrefix(e.Request.URL.Path, "/api/collections/") && strings.Contains(e.Request.URL.Path, "/impersonate/") {
		return e.ForbiddenError("Open the user's database at /db/{name}/_/ instead, where your changes are logged.", nil)
	}
	return e.Next()
}

// reachesFiles matches the statements with which SQLite opens or writes other files.
var reachesFiles = regexp.MustCompile(`(?i)\b(attach|detach|vacuum)\b`)

// writesRows and writesSchema match statements that change something. SQLite has no other way to name a table than literally, except
// by a change of the schema's own table.
var (
	writesRows   = regexp.MustCompile(`(?i)\b(insert|update|delete|replace|drop|alter|create)\b`)
	writesSchema = regexp.MustCompile(`(?i)\bwritable_schema\b`)
)

// confineSQLConsole prevents superusers from bypassing the gateway and opening user databases directly.
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
		return e.ForbiddenError("ATTACH, DETACH and VACUUM are disabled because they reach files outside this database.", nil)
	}
	if writesSchema.MatchString(body.Query) || strings.Contains(strings.ToLower(body.Query), migrations.AuditEvents) && writesRows.MatchString(body.Query) {
		return e.ForbiddenError(auditRefusal, nil)
	}
	return e.Next()
}
