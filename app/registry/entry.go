package registry

import (
	"encoding/json"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Status of a user database.
type Status string

const (
	StatusProvisioning Status = "provisioning" // name reserved, folder not complete yet
	StatusReady        Status = "ready"        // folder complete; can be opened
	StatusArchived     Status = "archived"     // packed into one file until the next sign-in
	StatusDeleting     Status = "deleting"     // can be restored until Entry.DeleteAfter
	StatusFailed       Status = "failed"       // could not be provisioned; the next sign-in tries again
)

// Entry is one row of the registry: a user database and its owner. Unset times are zero.
type Entry struct {
	ID            string
	UserID        string // empty once the user was deleted
	Email         string // of the owner, even if the user was deleted
	Name          string // such as 2024-01-15-001-johndoe
	Status        Status
	SchemaVersion string    // newest migration applied; empty when unknown
	WrappedKey    string    // data key, encrypted with the master key
	Port          int       // of its own listener; 0 means it has none
	Size          int64     // bytes on disk when last measured
	SizeInS3      int64     // bytes in S3 when archived or last maintained
	Error         string    // why it cannot be opened or provisioned; empty if it can
	Created       time.Time // when its name was reserved
	LastUsed      time.Time
	MaintainedAt  time.Time
	ArchivedAt    time.Time
	DeleteAfter   time.Time
	PurgeStarted  time.Time // when the deletion of the files began; from then on, the database can't be restored
	SessionsUntil time.Time // when the last session issued for it expires

	formerOwner *account // nil unless the user was deleted
	cell        string   // the server that has the files; blank means this one
}

// IsElsewhere reports whether another server has the files of a database. Nothing here may open, replace or miss them.
func (e Entry) IsElsewhere() bool { return e.cell != "" }

// ActiveEntry is a ready database whose user exists.
type ActiveEntry struct {
	Entry
	Credential string // of the user, as Credential returns it; the user's sessions are bound to it
}

// UnusedSince returns the time when the database was last used, or created if it was never used.
func (e Entry) UnusedSince() time.Time {
	if e.LastUsed.After(e.Created) {
		return e.LastUsed
	}
	return e.Created
}

// row is a row of user_databases joined with its user. The columns of the user are empty if the user
// was deleted.
type row struct {
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
	SizeInS3      int64          `db:"size_s3"`
	Error         string         `db:"error"`
	Owner         types.JSONRaw  `db:"owner"`
	Cell          string         `db:"cell"`
	Created       types.DateTime `db:"created"`
	LastUsed      types.DateTime `db:"last_used"`
	MaintainedAt  types.DateTime `db:"maintained_at"`
	ArchivedAt    types.DateTime `db:"archived_at"`
	DeleteAfter   types.DateTime `db:"delete_after"`
	PurgeStarted  types.DateTime `db:"purge_started"`
	SessionsUntil types.DateTime `db:"sessions_until"`
	Joined        types.DateTime `db:"joined"` // read by Accounts only
}

// selectRows returns a query for rows, including those whose user was deleted.
func selectRows(app core.App) *dbx.SelectQuery {
	return app.ConcurrentDB().
		Select("d.id", "d.user", "COALESCE(u.email, '') AS email", "COALESCE(u.tokenKey, '') AS tokenKey",
			"d.name", "d.status", "d.schema_version", "d.data_key", "d.port", "d.size", "d.size_s3", "d.error", "d.owner", "d.cell", "d.created",
			"d.last_used", "d.maintained_at", "d.archived_at", "d.delete_after", "d.purge_started", "d.sessions_until").
		From(migrations.UserDatabases+" d").
		LeftJoin(migrations.Users+" u", dbx.NewExp("u.id = d.user"))
}

func (r row) entry() Entry {
	entry := Entry{
		ID: r.ID, UserID: r.User, Email: r.Email, Name: r.Name, Status: Status(r.Status), SchemaVersion: r.SchemaVersion,
		WrappedKey: r.DataKey, Port: r.Port, Size: r.Size, SizeInS3: r.SizeInS3, Error: r.Error, Created: r.Created.Time(),
		LastUsed: r.LastUsed.Time(), MaintainedAt: r.MaintainedAt.Time(), ArchivedAt: r.ArchivedAt.Time(),
		DeleteAfter: r.DeleteAfter.Time(), PurgeStarted: r.PurgeStarted.Time(), SessionsUntil: r.SessionsUntil.Time(), cell: r.Cell,
	}
	var owner account
	if json.Unmarshal(r.Owner, &owner) == nil && owner.ID != "" { // the field is empty while the user exists
		entry.formerOwner = &owner
		entry.Email = owner.Email
	}
	return entry
}
