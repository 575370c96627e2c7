// Package userdb holds the schema of a user's own database. Its list is
// applied with core.NewMigrationsRunner to each user database, never through
// core.AppMigrations, which belongs to the global database.
package userdb

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own tables, which ours build on
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
)

// List is the schema of a user database, oldest migration first.
var List core.MigrationsList

// Version is the name of the newest migration, which is what the registry
// stores as a database's schema version.
func Version() string {
	items := List.Items()
	return items[len(items)-1].File
}

// Knows reports whether a schema version is one of this program's.
func Knows(version string) bool {
	return slices.ContainsFunc(List.Items(), func(m *core.Migration) bool { return m.File == version })
}

// Newest is the name of the newest migration of a user database, PocketBase's
// own included: names begin with the time they were made at.
func Newest() string {
	newest := Version()
	for _, m := range core.SystemMigrations.Items() {
		newest = max(newest, m.File)
	}
	return newest
}

// Complete reports whether all of the schema is among the applied migrations.
func Complete(applied []string) bool {
	return !slices.ContainsFunc(List.Items(), func(m *core.Migration) bool { return !slices.Contains(applied, m.File) })
}

func register(file string, up func(app core.App) error) {
	List.Register(up, nil, file)
}

// signedIn is the rule of everything the owner may do: the gateway lets nobody
// else in, and no other auth record exists in a user database.
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
