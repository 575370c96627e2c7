package preferences

import (
	"encoding/json"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const maxEmails = 20

// MyEmails returns the e-mail addresses, in lower case, by which Fathom knows the owner of a database; the default is
// the address of the account.
func MyEmails(app core.App) []string {
	if emails := decodeEmails(read(app, KeyMyEmails)); len(emails) > 0 {
		return emails
	}
	var email string
	if app.ConcurrentDB().Select("email").From(schema.Users).Limit(1).Row(&email) != nil || email == "" {
		return nil
	}
	return []string{strings.ToLower(email)}
}

// decodeEmails returns nil unless value is a list of addresses.
func decodeEmails(value json.RawMessage) []string {
	var emails []string
	if json.Unmarshal(value, &emails) != nil || len(emails) > maxEmails {
		return nil
	}
	for i, email := range emails {
		emails[i] = strings.ToLower(strings.TrimSpace(email))
		if !strings.Contains(emails[i], "@") {
			return nil
		}
	}
	return emails
}
