package userdb

import (
	"encoding/json"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Status of a row in the registry.
const (
	StatusProvisioning = "provisioning"
	StatusReady        = "ready"
	StatusArchived     = "archived" // one file in the archive folder, back at the next sign-in
	StatusDeleting     = "deleting" // kept until DeleteAfter
	StatusFailed       = "failed"   // could not be provisioned
)

// Entry is one row of the registry: which folder is whose. Times that have not
// come are zero.
type Entry struct {
	ID            string
	UserID        string // empty when the user was deleted
	Email         string // of the owner, also of one who was deleted
	Name          string // 2024-01-15-001-johndoe
	Status        string
	SchemaVersion string
	WrappedKey    string // data key under the master key
	Port          int    // of its own listener, 0 for none
	Size          int64  // bytes on disk, when it was last looked at
	Error         string // why it can't be opened or made
	Created       time.Time
	LastUsed      time.Time
	MaintainedAt  time.Time
	ArchivedAt    time.Time
	DeleteAfter   time.Time
	SessionsUntil time.Time // when the last session that was issued ends

	owner *account
}

// account is what is kept of a deleted user until their database goes.
type account struct {
	ID       string `json:"id"`
	Email    string `json:"email"`
	Name     string `json:"name"`
	Verified bool   `json:"verified"`
	Password string `json:"password"` // the hash
}

// registryRow is a row with what is told of its user.
type registryRow struct {
	ID            string         `db:"id"`
	User          string         `db:"user"`
	Email         string         `db:"email"`
	TokenKey      string         `db:"tokenKey"`
	Name          string         `db:"name"`
	Status        string         `db:"status"`
	SchemaVersion string         `db:"schema_version"`
	DataKey       string         `db:"data_key"`
	Port          int            `db:"port"`
	Size          int64          `db:"size"`
	Error         string         `db:"error"`
	Owner         types.JSONRaw  `db:"owner"`
	Created       types.DateTime `db:"created"`
	LastUsed      types.DateTime `db:"last_used"`
	MaintainedAt  types.DateTime `db:"maintained_at"`
	ArchivedAt    types.DateTime `db:"archived_at"`
	DeleteAfter   types.DateTime `db:"delete_after"`
	SessionsUntil types.DateTime `db:"sessions_until"`
}

// selectRows selects rows with their users; a row without a user is one too.
func selectRows(app core.App) *dbx.SelectQuery {
	return app.ConcurrentDB().
		Select("d.id", "d.user", "COALESCE(u.email, '') AS email", "COALESCE(u.tokenKey, '') AS tokenKey",
			"d.name", "d.status", "d.schema_version", "d.data_key", "d.port", "d.size", "d.error", "d.owner", "d.created",
			"d.last_used", "d.maintained_at", "d.archived_at", "d.delete_after", "d.sessions_until").
		From(migrations.UserDatabases+" d").
		LeftJoin(migrations.Users+" u", dbx.NewExp("u.id = d.user"))
}

func (row registryRow) entry() Entry {
	entry := Entry{
		ID: row.ID, UserID: row.User, Email: row.Email, Name: row.Name, Status: row.Status, SchemaVersion: row.SchemaVersion,
		WrappedKey: row.DataKey, Port: row.Port, Size: row.Size, Error: row.Error, Created: row.Created.Time(),
		LastUsed: row.LastUsed.Time(), MaintainedAt: row.MaintainedAt.Time(), ArchivedAt: row.ArchivedAt.Time(),
		DeleteAfter: row.DeleteAfter.Time(), SessionsUntil: row.SessionsUntil.Time(),
	}
	var owner account
	if json.Unmarshal(row.Owner, &owner) == nil && owner.ID != "" { // anything else is none
		entry.owner = &owner
		entry.Email = owner.Email
	}
	return entry
}

// UnusedSince is when the database was last used, or made.
func (e Entry) UnusedSince() time.Time {
	if e.LastUsed.After(e.Created) {
		return e.LastUsed
	}
	return e.Created
}
