// Package migrations holds the migrations of the global database: the collections
// users, invitations, user_databases (the registry), global_queue, queue_pauses, job_schedules, sign_in_networks,
// fathom_endpoints, audit_events, api_tokens and shares.
// Importing the package registers them in core.AppMigrations, which PocketBase applies when the server starts.
//
// The migrations of user databases are in migrations/userdb. They must not be registered here, because
// core.AppMigrations is shared by the whole process.
package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // the system tables that these migrations extend
	"github.com/pocketbase/pocketbase/tools/types"
)

// Collection names of the global database.
const (
	Users          = "users"
	Invitations    = "invitations"
	UserDatabases  = "user_databases"
	GlobalQueue    = "global_queue"
	QueuePauses    = "queue_pauses"
	JobSchedules   = "job_schedules"
	SignInNetworks = "sign_in_networks"

	FathomEndpoints = "fathom_endpoints"
	AuditEvents     = "audit_events"
	APITokens       = "api_tokens"
	Shares          = "shares"
)

// FathomMessages is a table without a collection: the webhook messages that were accepted, by endpoint and id.
const FathomMessages = "fathom_messages"

// FathomRemovals is a table without a collection: the webhooks that the server still has to delete at Fathom.
const FathomRemovals = "fathom_removals"

// LoomGrants is a table without a collection: the grants of Atlassian that are in use, and those that the server still has
// to revoke.
const LoomGrants = "loom_grants"

// KeptRecords is a table without a collection: what belonged to deleted users, until their databases are deleted too.
const KeptRecords = "kept_records"

// CredentialChanges is a table without a collection: it lists the users and superusers whose sessions may
// have been revoked.
const CredentialChanges = "credential_changes"

// register adds a migration of the global database. down may be nil.
func register(file string, up, down func(app core.App) error) {
	core.AppMigrations.Register(up, down, file)
}

// ownedBy returns the API rule for records that are only accessible to the user in their user field.
func ownedBy() *string {
	return types.Pointer(`@request.auth.collectionName = "users" && user = @request.auth.id`)
}

func dropCollection(name string) func(core.App) error {
	return func(app core.App) error {
		collection, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		return app.Delete(collection)
	}
}

// Unknown returns those of the applied migrations that neither this version nor its PocketBase contains. A newer
// version or another application has applied them.
func Unknown(applied []string) []string {
	return slices.DeleteFunc(slices.Clone(applied), func(file string) bool {
		isFile := func(m *core.Migration) bool { return m.File == file }
		return slices.ContainsFunc(core.SystemMigrations.Items(), isFile) || slices.ContainsFunc(core.AppMigrations.Items(), isFile)
	})
}

// Pending returns the file names of the migrations, including PocketBase's own, that are not among the
// applied ones.
func Pending(applied []string) []string {
	var pending []string
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, migration := range list.Items() {
			if !slices.Contains(applied, migration.File) {
				pending = append(pending, migration.File)
			}
		}
	}
	return pending
}

// Version returns the name of the newest migration of the global database, without PocketBase's own.
func Version() string {
	newest := ""
	for _, m := range core.AppMigrations.Items() {
		newest = max(newest, m.File)
	}
	return newest
}

// NewestOf returns the newest of the applied migrations, without PocketBase's own, or a blank string. It is Version in a
// database that is up to date.
func NewestOf(applied []string) string {
	newest := ""
	for _, file := range applied {
		if !slices.ContainsFunc(core.SystemMigrations.Items(), func(m *core.Migration) bool { return m.File == file }) {
			newest = max(newest, file)
		}
	}
	return newest
}
