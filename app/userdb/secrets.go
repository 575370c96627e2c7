package userdb

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

// tokenOptions are the keys of an auth collection's options that hold a signing
// secret: https://github.com/pocketbase/pocketbase/blob/v0.39.11/core/collection_model_auth_options.go
var tokenOptions = []string{"authToken", "passwordResetToken", "emailChangeToken", "verificationToken", "fileToken"}

const secretLength = 50 // as PocketBase's own

// secretOptions are the options of an auth collection and the signing secrets in
// them.
type secretOptions struct {
	id, name string
	options  string // JSON
	secrets  []string
}

// secretsOf finds the signing secrets of a database.
func secretsOf(db dbx.Builder) ([]secretOptions, error) {
	var rows []struct {
		ID      string `db:"id"`
		Name    string `db:"name"`
		Options string `db:"options"`
	}
	err := db.Select("id", "name", "options").From("_collections").
		Where(dbx.HashExp{"type": core.CollectionTypeAuth}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read auth collections: %w", err)
	}
	found := make([]secretOptions, len(rows))
	for i, row := range rows {
		found[i] = secretOptions{id: row.ID, name: row.Name, options: row.Options}
		var options map[string]json.RawMessage
		if err := json.Unmarshal([]byte(row.Options), &options); err != nil {
			return nil, fmt.Errorf("decode the options of %s: %w", row.Name, err)
		}
		for _, key := range tokenOptions {
			var token struct {
				Secret string `json:"secret"`
			}
			if err := json.Unmarshal(options[key], &token); err != nil {
				return nil, fmt.Errorf("decode %s of %s: %w", key, row.Name, err)
			}
			if len(token.Secret) != secretLength {
				return nil, fmt.Errorf("the secret of %s of %s has %d characters, not %d", key, row.Name, len(token.Secret), secretLength)
			}
			found[i].secrets = append(found[i].secrets, token.Secret)
		}
	}
	return found, nil
}

// refresh gives the collection new signing secrets, because those of a copy are
// the original's.
func (o secretOptions) refresh(db dbx.Builder) error {
	replacements := make([]string, 0, 2*len(o.secrets))
	for _, secret := range o.secrets {
		replacements = append(replacements, secret, security.RandomString(secretLength))
	}
	fresh := strings.NewReplacer(replacements...).Replace(o.options)
	if _, err := db.Update("_collections", dbx.Params{"options": fresh}, dbx.HashExp{"id": o.id}).Execute(); err != nil {
		return fmt.Errorf("write fresh secrets of %s: %w", o.name, err)
	}
	return nil
}
