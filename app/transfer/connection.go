package transfer

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// The providers of the connections that syncs and transfers use.
const (
	ProviderFathom = "fathom"
	ProviderLoom   = "loom" // package loomaccount uses it
)

// ConnectionStatus is the status of a connection.
type ConnectionStatus string

// The statuses of a connection.
const (
	ConnectionChecking  ConnectionStatus = "checking"
	ConnectionValid     ConnectionStatus = "valid"
	ConnectionInvalid   ConnectionStatus = "invalid"   // see the connection's reason
	ConnectionUnchecked ConnectionStatus = "unchecked" // the provider can't check secrets or can't be reached
)

// findConnection returns the user's Fathom connection. The error wraps sql.ErrNoRows if there is none.
func findConnection(app core.App) (*core.Record, error) {
	connection, err := app.FindFirstRecordByData(schema.Connections, "provider", ProviderFathom)
	if err != nil {
		return nil, fmt.Errorf("find the fathom connection: %w", err)
	}
	return connection, nil
}

// openAccount decrypts the key of the user's Fathom connection. If the decryption fails, it returns the
// connection together with the error.
func (s *Service) openAccount(db *userdb.Database) (*fathom.Account, *core.Record, error) {
	connection, err := findConnection(db.App)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, queue.Permanent("Save your Fathom API key under Settings first.", err)
	}
	if err != nil {
		return nil, nil, err
	}
	secret, err := db.OpenSecret(connection)
	if err != nil {
		const message = "Your stored Fathom API key can't be read. Save it again under Settings."
		return nil, connection, queue.Permanent(message, err)
	}
	return s.fathom.Account(secret), connection, nil
}

func connectionStatusOf(connection *core.Record) ConnectionStatus {
	return ConnectionStatus(connection.GetString("status"))
}

func setConnectionStatus(connection *core.Record, status ConnectionStatus) {
	connection.Set("status", string(status))
}
