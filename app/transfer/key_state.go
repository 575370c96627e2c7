package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// keyStateTimeout limits the writes to the queue that follow from an accepted or refused key.
const keyStateTimeout = 10 * time.Second

// keyStates makes a connection and its user's pauses and schedules change together: of two checks that end at once,
// the later one must not undo half of the earlier one. Users share locks, of which there are few.
type keyStates struct {
	seed  maphash.Seed
	locks [64]sync.Mutex
}

// lock locks the state of a database's key and returns the function that unlocks it.
func (k *keyStates) lock(database string) (unlock func()) {
	lock := &k.locks[maphash.String(k.seed, database)%uint64(len(k.locks))]
	lock.Lock()
	return lock.Unlock
}

// recordKeyUse saves whether Fathom accepted the key in a job's calls. It ignores errors that say nothing
// about the key. Call it before the job ends, so that the job is held instead of failing.
func (s *Service) recordKeyUse(ctx context.Context, db *userdb.Database, connection *core.Record, result error) {
	if result != nil && !isKeyRefused(result) {
		return
	}
	if err := s.RecordCheck(db, connection, explainKey(result)); err != nil {
		s.logger.WarnContext(ctx, "failed to record the state of an API key", "database", db.Name, "error", err)
	}
}

// saveKeyState saves the state of a key together with what follows from it, unless the key has been replaced since.
func (s *Service) saveKeyState(db *userdb.Database, used *core.Record, status ConnectionStatus, reason string) error {
	if status == ConnectionValid && connectionStatusOf(used) == ConnectionValid && !s.isUnscheduled(used) {
		return nil // as most jobs find it
	}
	defer s.keyStates.lock(db.Name)()
	ctx, cancel := context.WithTimeout(context.Background(), keyStateTimeout)
	defer cancel()
	current, err := currentConnection(db.App, used)
	if err != nil || current == nil {
		return err
	}
	switch status {
	case ConnectionValid:
		err = s.keyAccepted(ctx, db, current)
	case ConnectionUnchecked:
		err = s.resumeWork(ctx, db) // the jobs find out whether Fathom accepts the key
	case ConnectionInvalid:
		return s.keyRefused(ctx, db, current, reason)
	}
	if err != nil {
		return err
	}
	return s.saveConnectionStatus(db, used, status, reason, Finding{})
}

const maxReason = 500 // characters, the limit of the field

// saveConnectionStatus saves the status of a connection unless it has been changed since it was used.
func (s *Service) saveConnectionStatus(db *userdb.Database, used *core.Record, status ConnectionStatus, reason string, finding Finding) error {
	reason = sanitize.Truncate(sanitize.SingleLine(reason), maxReason)
	return db.App.RunInTransaction(func(tx core.App) error {
		connection, err := currentConnection(tx, used)
		if err != nil || connection == nil {
			return err
		}
		changed := connectionStatusOf(connection) != status || connection.GetString("reason") != reason || finding.Details != nil
		becomesScheduled := status == ConnectionValid && s.isUnscheduled(connection)
		if !changed && !becomesScheduled {
			return nil
		}
		setConnectionStatus(connection, status)
		connection.Set("reason", reason)
		connection.Set("checked_at", s.now())
		finding.setIn(connection, status)
		if becomesScheduled {
			connection.Set("scheduled", true)
		}
		return tx.Save(connection)
	})
}

// currentConnection returns the connection as it is now, or nil if it was removed or changed since it was used. app may be
// a transaction.
func currentConnection(app core.App, used *core.Record) (*core.Record, error) {
	connection, err := app.FindRecordById(schema.Connections, used.Id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find connection %s: %w", used.Id, err)
	}
	if connection.GetString("settings") != used.GetString("settings") {
		return nil, nil
	}
	if connection.GetString("secret") != used.GetString("secret") && !isGrant(connection) {
		return nil, nil
	}
	return connection, nil
}

// isGrant reports whether the secret of a connection belongs to a sign-in, which its settings name. It changes whenever its
// tokens are renewed.
func isGrant(connection *core.Record) bool {
	var settings struct {
		Grant string `json:"grant"`
	}
	return connection.UnmarshalJSONField("settings", &settings) == nil && settings.Grant != ""
}

// connectionsToResume is the SQL condition of the connections whose state needs work when a database is opened: a check
// was interrupted, a crash may have prevented that a refusal stops the jobs, or there was no default schedule yet.
func (s *Service) connectionsToResume() string {
	ofFathom := "[[status]] = '" + string(ConnectionInvalid) + "'"
	if s.syncEvery > 0 {
		ofFathom += " OR [[status]] = '" + string(ConnectionValid) + "' AND [[scheduled]] = FALSE"
	}
	return "[[status]] = '" + string(ConnectionChecking) + "' OR [[provider]] = '" + ProviderFathom + "' AND (" + ofFathom + ")"
}

// resumeConnections continues that work.
func (s *Service) resumeConnections(db *userdb.Database) error {
	connections, err := db.App.FindAllRecords(schema.Connections, dbx.NewExp(s.connectionsToResume()))
	if err != nil {
		return fmt.Errorf("find connections: %w", err)
	}
	for _, connection := range connections {
		if connectionStatusOf(connection) != ConnectionInvalid {
			s.CheckConnection(db.Name, connection)
		} else if err == nil {
			err = s.saveKeyState(db, connection, ConnectionInvalid, connection.GetString("reason"))
		}
	}
	return err
}
