// Package userdb holds the migrations of user databases. Package app/userdb applies them to each database
// with core.NewMigrationsRunner. They must not be registered in core.AppMigrations, which is for the
// global database.
package userdb

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // the system tables that these migrations extend
	"github.com/pocketbase/pocketbase/tools/types"
)

// Collection names of a user database.
const (
	Users       = "users"
	Connections = "connections"
	Meetings    = "meetings"
	Transcripts = "transcripts"
	Recordings  = "recordings"
	Transfers   = "transfers"
	Preferences = "preferences"

	// DeletedMeetings holds the recording ids of the meetings that the owner has deleted.
	DeletedMeetings = "deleted_meetings"

	// Rules holds the owner's rules, which transfer new meetings.
	Rules = "rules"

	// Notices holds what the owner should know, such as failed transfers.
	Notices = "notices"

	// UnreadableMeetings holds what Fathom lists, but the program could not read.
	UnreadableMeetings = "unreadable_meetings"
)

// List contains the migrations of a user database, oldest first.
var List core.MigrationsList

// Version returns the name of the newest migration in List. The registry stores it as the schema version
// of a database.
func Version() string {
	items := List.Items()
	return items[len(items)-1].File
}

// Knows reports whether List contains a schema version.
func Knows(version string) bool {
	return slices.ContainsFunc(List.Items(), func(m *core.Migration) bool { return m.File == version })
}

// Newest returns the name of the newest migration of a user database, including PocketBase's own. Names
// start with the time of their creation, so they can be compared.
func Newest() string {
	newest := Version()
	for _, m := range core.SystemMigrations.Items() {
		newest = max(newest, m.File)
	}
	return newest
}

// Complete reports whether all migrations in List are among the applied ones.
func Complete(applied []string) bool {
	return !slices.ContainsFunc(List.Items(), func(m *core.Migration) bool { return !slices.Contains(applied, m.File) })
}

// register adds a migration to List. User databases are never migrated down.
func register(file string, up func(app core.App) error) {
	List.Register(up, nil, file)
}

// signedIn returns the API rule for everything that the owner may do. A user database has no other users:
// it contains one auth record, and the gateway refuses everybody else.
func signedIn() *string {
	return types.Pointer(`@request.auth.id != ""`)
}

func autodates() []core.Field {
	return []core.Field{
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	}
}

func meetingRelation(meetings *core.Collection) core.Field {
	return &core.RelationField{Name: "meeting", CollectionId: meetings.Id, MaxSelect: 1, Required: true, CascadeDelete: true}
}

func recordingID() core.Field {
	return &core.NumberField{Name: "recording_id", Required: true, OnlyInt: true}
}
