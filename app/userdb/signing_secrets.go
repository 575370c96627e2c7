package userdb

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

// tokenOptions are the options of an auth collection that hold a signing secret,
// by their keys in what is stored:
// https://github.com/pocketbase/pocketbase/blob/v0.39.11/core/collection_model_auth_options.go
var tokenOptions = []struct {
	key string
	of  func(*core.Collection) *core.TokenConfig
}{
	{"authToken", func(c *core.Collection) *core.TokenConfig { return &c.AuthToken }},
	{"passwordResetToken", func(c *core.Collection) *core.TokenConfig { return &c.PasswordResetToken }},
	{"emailChangeToken", func(c *core.Collection) *core.TokenConfig { return &c.EmailChangeToken }},
	{"verificationToken", func(c *core.Collection) *core.TokenConfig { return &c.VerificationToken }},
	{"fileToken", func(c *core.Collection) *core.TokenConfig { return &c.FileToken }},
}

const secretLength = 50 // as PocketBase's own

// secretOptions are the options of an auth collection and the signing secrets in
// them, in the order of tokenOptions.
type secretOptions struct {
	id, name string
	options  string // JSON
	secrets  []string
}

// newSecretOptions reads the signing secrets out of stored options.
func newSecretOptions(id, name, options string) (secretOptions, error) {
	found := secretOptions{id: id, name: name, options: options}
	var stored map[string]json.RawMessage
	if err := json.Unmarshal([]byte(options), &stored); err != nil {
		return secretOptions{}, fmt.Errorf("decode the options of %s: %w", name, err)
	}
	for _, option := range tokenOptions {
		var token struct {
			Secret string `json:"secret"`
		}
		if err := json.Unmarshal(stored[option.key], &token); err != nil {
			return secretOptions{}, fmt.Errorf("decode %s of %s: %w", option.key, name, err)
		}
		if len(token.Secret) != secretLength {
			return secretOptions{}, fmt.Errorf("the secret of %s of %s has %d characters, not %d", option.key, name, len(token.Secret), secretLength)
		}
		found.secrets = append(found.secrets, token.Secret)
	}
	return found, nil
}

// blank is the options without the secrets.
func (o secretOptions) blank() string { return o.replace(func() string { return "" }) }

// replace puts something else in the place of each secret.
func (o secretOptions) replace(with func() string) string {
	pairs := make([]string, 0, 2*len(o.secrets))
	for _, secret := range o.secrets {
		pairs = append(pairs, secret, with())
	}
	return strings.NewReplacer(pairs...).Replace(o.options)
}

// give hands a decoded collection the secrets.
func (o secretOptions) give(collection *core.Collection) {
	for i, option := range tokenOptions {
		option.of(collection).Secret = o.secrets[i]
	}
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
		if found[i], err = newSecretOptions(row.ID, row.Name, row.Options); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// refresh gives the collection new signing secrets, because those of a copy are
// the original's.
func (o secretOptions) refresh(db dbx.Builder) error {
	fresh := o.replace(func() string { return security.RandomString(secretLength) })
	if _, err := db.Update("_collections", dbx.Params{"options": fresh}, dbx.HashExp{"id": o.id}).Execute(); err != nil {
		return fmt.Errorf("write fresh secrets of %s: %w", o.name, err)
	}
	return nil
}
