package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Check tests a connection with its secret. It returns a blank reason if the connection works, and otherwise a reason for
// the owner. refused reports that it can't work as it is.
type Check func(ctx context.Context, db *userdb.Database, connection *core.Record, secret string) (reason string, refused bool)

const maxReason = 500 // characters, the limit of the field

// checkOther checks a connection that transfers don't use, and records the result unless the connection has changed
// since. It reports false if it has left the connection alone.
func (s *Service) checkOther(ctx context.Context, db *userdb.Database, connectionID string) (checked bool, err error) {
	used, err := db.App.FindRecordById(schema.Connections, connectionID)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("find connection %s: %w", connectionID, err)
	}
	check := s.others[used.GetString("provider")]
	if check == nil {
		return false, nil
	}
	secret, err := db.OpenSecret(used)
	if err != nil {
		return true, err
	}
	reason, refused := check(ctx, db, used, secret)
	if !s.checks.group.Running() {
		return true, nil // the check was cancelled, and is repeated when the database is opened
	}
	return true, updateConnection(db, used, func(connection *core.Record) bool {
		if connection.GetString("settings") != used.GetString("settings") {
			return false // another check follows
		}
		setConnectionStatus(connection, checkedStatus(reason, refused))
		connection.Set("reason", sanitize.Truncate(reason, maxReason))
		connection.Set("checked_at", s.now())
		return true
	})
}

// IsOther reports whether connections of a provider are used by others than transfers.
func (s *Service) IsOther(provider string) bool { return s.others[provider] != nil }

// TestConnection checks a connection of such a provider that need not be saved, like CheckConnection, and returns the
// result instead of recording it.
func (s *Service) TestConnection(ctx context.Context, db *userdb.Database, connection *core.Record, secret string) (reason string, refused bool) {
	reason = "The server is busy. Try again in a minute."
	s.checks.runWithinLimit(ctx, func(ctx context.Context) {
		reason, refused = s.others[connection.GetString("provider")](ctx, db, connection, secret)
	})
	return reason, refused
}

func checkedStatus(reason string, refused bool) ConnectionStatus {
	switch {
	case reason == "":
		return ConnectionValid
	case refused:
		return ConnectionInvalid
	}
	return ConnectionUnchecked
}
