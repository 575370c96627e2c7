package loomaccount

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// grant is the secret of a connection with MethodOAuth. The registration belongs to its refresh token.
type grant struct {
	Server       oauth.Server       `json:"server"`
	Registration oauth.Registration `json:"registration"`
	Token        oauth.Token        `json:"token"`
}

// errReplaced means that a connection was removed or connected anew since its grant was read.
var errReplaced = errors.New("the connection to loom has been replaced")

func decodeGrant(secret string) (g grant, err error) {
	if err := json.Unmarshal([]byte(secret), &g); err != nil {
		return grant{}, errors.New("decode the grant of a connection: not JSON") // the cause may quote it
	}
	return g, nil
}

// encode returns the JSON of a grant.
func (g grant) encode() ([]byte, error) {
	g.Server.Scopes = nil // of no use after the sign-in
	plain, err := json.Marshal(g)
	if err != nil {
		return nil, errors.New("encode the grant of a connection") // the cause may quote it
	}
	return plain, nil
}

// seal stores a grant in a connection, which it doesn't save.
func (g grant) seal(db *userdb.Database, connection *core.Record) error {
	plain, err := g.encode()
	if err != nil {
		return err
	}
	sealed, err := db.Key.Seal(db.SecretLocation(connection), plain)
	if err != nil {
		return fmt.Errorf("seal the grant of connection %s: %w", connection.Id, err)
	}
	connection.Set("secret", sealed)
	return nil
}

// storedGrant returns the grant of a connection as it is stored now. It returns errReplaced if the connection doesn't have
// the grant with this id any more.
func storedGrant(db *userdb.Database, app core.App, connectionID, id string) (*core.Record, grant, error) {
	connection, err := app.FindRecordById(schema.Connections, connectionID)
	if err != nil || settingsOf(connection).Grant != id {
		return nil, grant{}, errors.Join(errReplaced, err)
	}
	secret, err := db.OpenSecret(connection)
	if err != nil {
		return nil, grant{}, err
	}
	g, err := decodeGrant(secret)
	return connection, g, err
}
