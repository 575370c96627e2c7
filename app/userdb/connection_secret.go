package userdb

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// SecretLocation returns what the encrypted secret of a connection is bound to.
func (d *Database) SecretLocation(connection *core.Record) vault.Location {
	return vault.Location{Database: d.Name, Collection: schema.Connections, Record: connection.Id, Field: "secret"}
}

// OpenSecret decrypts the secret of a connection. The caller must use it once and forget it.
func (d *Database) OpenSecret(connection *core.Record) (string, error) {
	secret, err := d.Key.Open(d.SecretLocation(connection), connection.GetString("secret"))
	if err != nil {
		return "", fmt.Errorf("open the secret of connection %s: %w", connection.Id, err)
	}
	return string(secret), nil
}
