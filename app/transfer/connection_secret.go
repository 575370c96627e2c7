package transfer

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	maxSecret            = 8 << 10 // bytes
	minSecretForLastFour = 12      // characters; four characters of a shorter secret would reveal too much
)

// ErrInvalidSecret means that a text is empty, too long, or contains spaces or invisible characters.
var ErrInvalidSecret = errors.New("invalid secret")

// InvalidSecretMessage explains ErrInvalidSecret to the user.
const InvalidSecretMessage = "A secret must have 1 to 8192 visible characters, without spaces or line breaks."

// SealSecret encrypts a secret into the record of a connection and resets everything that the previous
// secret determined. The ciphertext is bound to the record's id, which must be set. SealSecret may return
// ErrInvalidSecret. It doesn't save the record.
func SealSecret(db *userdb.Database, connection *core.Record, secret string) error {
	secret = strings.TrimSpace(secret)
	isPassword := connection.GetString("provider") == "smtp" // which people choose, perhaps with spaces
	isForbidden := func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) && (r != ' ' || !isPassword) }
	if secret == "" || len(secret) > maxSecret || strings.ContainsFunc(secret, isForbidden) {
		return ErrInvalidSecret
	}
	sealed, err := db.Key.Seal(db.SecretLocation(connection), []byte(secret))
	if err != nil {
		return fmt.Errorf("seal the secret of connection %s: %w", connection.Id, err)
	}
	connection.Set("secret", sealed)
	connection.Set("last_four", "")
	if characters := []rune(secret); len(characters) >= minSecretForLastFour && !isPassword {
		connection.Set("last_four", string(characters[len(characters)-4:]))
	}
	connection.Set("reason", "")
	connection.Set("checked_at", "")
	connection.Set("synced_up_to", "") // the new key may belong to another account
	connection.Set("sync", nil)
	connection.Set("abilities", nil)
	connection.Set("details", nil)
	setConnectionStatus(connection, ConnectionChecking)
	return nil
}
