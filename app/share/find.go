package share

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// State says whether a valid link leads to a recording.
type State int

// The states.
const (
	Active      State = iota
	Closed            // the account is deleted, or will be
	Archived          // the database is archived until its owner signs in
	Deleted           // the recording was deleted
	Unavailable       // the database is being prepared or can't be used at the moment
)

// Share is a link that is valid. It must not be changed.
type Share struct {
	ID          string // of the row, which opens nothing
	Owner       string // id of the user; blank if the state is Closed and the database is deleted
	Database    string // name of the user database; blank as well then
	RecordingID int64
	Shows       Shows
	State       State

	password string // the hash
}

// HasPassword reports whether a viewer needs a password or a grant.
func (s *Share) HasPassword() bool { return s.password != "" }

// Find returns the link with an id. The error is ErrNotFound, whether the link never existed, was revoked or has expired,
// or one of the global database. It reads one row in each of these cases, so that they take the same time.
func (s *Service) Find(ctx context.Context, id string) (*Share, error) {
	parsed, ok := parseID(id)
	if !ok {
		return nil, ErrNotFound
	}
	now, err := types.ParseDateTime(s.now())
	if err != nil {
		return nil, fmt.Errorf("format time: %w", err)
	}
	var row struct {
		Shows
		ID          string         `db:"id"`
		Owner       string         `db:"owner"`
		Database    string         `db:"database"`
		RecordingID int64          `db:"recording_id"`
		Password    string         `db:"password"`
		Ended       types.DateTime `db:"ended"`
		Status      string         `db:"status"`
		User        string         `db:"user"` // to whom the database belongs now
	}
	err = s.app.ConcurrentDB().NewQuery(`SELECT s.id, s.owner, s.[[database]], s.recording_id, s.password, s.title, s.summary, s.transcript, s.ended,
		COALESCE(d.status, '') AS status, COALESCE(d.[[user]], '') AS [[user]]
		FROM {{` + migrations.Shares + `}} s LEFT JOIN {{` + migrations.UserDatabases + `}} d ON d.name = s.[[database]]
		WHERE s.hash = {:hash} AND s.expires > {:now}`).
		Bind(dbx.Params{"hash": parsed.hash(), "now": now.String()}).WithContext(ctx).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("find link to a recording: %w", err)
	}
	found := &Share{
		ID: row.ID, Owner: row.Owner, Database: row.Database, RecordingID: row.RecordingID, Shows: row.Shows, password: row.Password,
	}
	switch status := registry.Status(row.Status); {
	case status == "" || status == registry.StatusDeleting || row.User != row.Owner:
		found.State = Closed
	case !row.Ended.IsZero():
		found.State = Deleted
	case status == registry.StatusArchived:
		found.State = Archived
	case status != registry.StatusReady:
		found.State = Unavailable
	}
	return found, nil
}
