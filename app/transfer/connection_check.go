package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// ProviderFathom is the connection that syncs and transfers use.
const ProviderFathom = "fathom"

// Status of a connection.
const (
	ConnectionChecking  = "checking"
	ConnectionValid     = "valid"
	ConnectionInvalid   = "invalid"
	ConnectionUnchecked = "unchecked"
)

const (
	maxSecret    = 8 << 10
	checkTimeout = 15 * time.Second // a slot is not held for a Fathom that doesn't answer
)

// ErrBadSecret is a secret that can't be one; its text is for the owner.
var ErrBadSecret = errors.New("A secret is 1 to 8192 visible characters without spaces or line breaks inside.") //nolint:staticcheck // a sentence for the owner

// SealSecret encrypts a secret into the record of a connection and sets what
// may be shown of it. The record needs its id, which the ciphertext is bound to.
// It returns ErrBadSecret for what can't be a secret.
func SealSecret(db *userdb.Database, connection *core.Record, secret string) error {
	secret = strings.TrimSpace(secret)
	inside := func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }
	if secret == "" || len(secret) > maxSecret || strings.ContainsFunc(secret, inside) {
		return ErrBadSecret
	}
	sealed, err := db.Key.Seal(secretLocation(db, connection), []byte(secret))
	if err != nil {
		return fmt.Errorf("seal the secret of connection %s: %w", connection.Id, err)
	}
	connection.Set("secret", sealed)
	connection.Set("last_four", "")
	if characters := []rune(secret); len(characters) >= 12 { // four of fewer would be telling
		connection.Set("last_four", string(characters[len(characters)-4:]))
	}
	connection.Set("reason", "")
	connection.Set("checked_at", "")
	connection.Set("synced_up_to", "") // the new key may be another account's
	connection.Set("status", ConnectionUnchecked)
	if connection.GetString("provider") == ProviderFathom {
		connection.Set("status", ConnectionChecking)
	}
	return nil
}

func secretLocation(db *userdb.Database, connection *core.Record) vault.Location {
	return vault.Location{Database: db.Name, Collection: schema.Connections, Record: connection.Id, Field: "secret"}
}

// account opens the user's Fathom connection. The connection comes back as well
// when only its secret can't be opened.
func (s *Service) account(db *userdb.Database) (*fathom.Account, *core.Record, error) {
	connection, err := db.App.FindFirstRecordByData(schema.Connections, "provider", ProviderFathom)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, queue.Permanent("Save your Fathom API key under Connections first.", err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find the fathom connection: %w", err)
	}
	secret, err := db.Key.Open(secretLocation(db, connection), connection.GetString("secret"))
	if err != nil {
		return nil, connection, queue.Permanent("Your stored Fathom API key can't be read. Save it again under Connections.", err)
	}
	return s.fathom.Account(string(secret)), connection, nil
}

// CheckConnection tests a Fathom connection in the background and records
// whether it works. It returns at once; Stop waits for it. A connection that is
// being tested is tested once more afterwards, however often it was changed.
func (s *Service) CheckConnection(database, connectionID string) {
	key := database + "/" + connectionID
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.checking.Err() != nil {
		return
	}
	if _, running := s.again[key]; running {
		s.again[key] = true
		return
	}
	s.again[key] = false
	s.checks.Add(1)
	go func() {
		defer s.checks.Done()
		for s.checkInSlot(database, connectionID); s.onceMore(key); {
			s.checkInSlot(database, connectionID)
		}
	}()
}

// onceMore says whether a connection was changed while it was tested. If not,
// the test is over.
func (s *Service) onceMore(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.again[key] && s.checking.Err() == nil {
		s.again[key] = false
		return true
	}
	delete(s.again, key)
	return false
}

func (s *Service) checkInSlot(database, connectionID string) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-s.checking.Done():
		return
	}
	ctx, cancel := context.WithTimeout(s.checking, checkTimeout)
	defer cancel()
	if err := s.checkConnection(ctx, database, connectionID); err != nil && s.checking.Err() == nil {
		s.logger.Error("check a connection", "database", database, "connection", connectionID, "error", err)
	}
}

func (s *Service) checkConnection(ctx context.Context, database, connectionID string) error {
	db, err := s.databases.Acquire(ctx, database)
	if err != nil {
		return err
	}
	defer db.Release()
	account, connection, err := s.account(db.Database)
	if connection == nil || connection.Id != connectionID {
		return err // it was removed meanwhile
	}
	if err == nil {
		err = account.Check(ctx)
	}
	if s.checking.Err() != nil {
		return nil // the next opening of the database tests it again
	}
	return s.recordCheck(db.Database, connection, err)
}

// recordCheck writes what a use of the connection has shown, unless the secret
// was replaced meanwhile.
func (s *Service) recordCheck(db *userdb.Database, used *core.Record, outcome error) error {
	status, reason := ConnectionValid, ""
	if outcome != nil {
		answer, ok := errors.AsType[*fathom.Error](outcome)
		switch {
		case ok && answer.Kind == fathom.KindUnauthorized:
			status, reason = ConnectionInvalid, "Fathom refused this API key. Make a new one in Fathom's settings and save it here."
		case ok && !answer.Temporary():
			status, reason = ConnectionInvalid, "Fathom didn't accept this API key."
		default:
			status, reason = ConnectionUnchecked, "Fathom couldn't be reached to test this key. It will be tested when it is used."
		}
	}
	return changeConnection(db, used, func(connection *core.Record) bool {
		if connection.GetString("status") == status && connection.GetString("reason") == reason {
			return false
		}
		connection.Set("status", status)
		connection.Set("reason", reason)
		connection.Set("checked_at", types.NowDateTime())
		return true
	})
}

// changeConnection changes a connection unless its secret was replaced since it
// was used. change reports whether there is something to save.
func changeConnection(db *userdb.Database, used *core.Record, change func(connection *core.Record) bool) error {
	return db.App.RunInTransaction(func(tx core.App) error {
		connection, err := tx.FindRecordById(schema.Connections, used.Id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find connection %s: %w", used.Id, err)
		}
		if connection.GetString("secret") != used.GetString("secret") || !change(connection) {
			return nil
		}
		return tx.Save(connection)
	})
}

// noteKey records what a job's call to Fathom has shown about the key.
func (s *Service) noteKey(db *userdb.Database, connection *core.Record, outcome error) {
	answer, ok := errors.AsType[*fathom.Error](outcome)
	if outcome != nil && (!ok || answer.Kind != fathom.KindUnauthorized) {
		return
	}
	if err := s.recordCheck(db, connection, outcome); err != nil {
		s.logger.Warn("record what became of a key", "database", db.Name, "error", err)
	}
}
