package userdb

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

// tokenOptions are the options of an auth collection that contain a signing secret, by their keys in
// the stored JSON:
// https://github.com/pocketbase/pocketbase/blob/v0.39.11/core/collection_model_auth_options.go
var tokenOptions = []struct {
	key    string
	config func(*core.Collection) *core.TokenConfig
}{
	{"authToken", func(c *core.Collection) *core.TokenConfig { return &c.AuthToken }},
	{"passwordResetToken", func(c *core.Collection) *core.TokenConfig { return &c.PasswordResetToken }},
	{"emailChangeToken", func(c *core.Collection) *core.TokenConfig { return &c.EmailChangeToken }},
	{"verificationToken", func(c *core.Collection) *core.TokenConfig { return &c.VerificationToken }},
	{"fileToken", func(c *core.Collection) *core.TokenConfig { return &c.FileToken }},
}

const secretLength = 50 // what PocketBase generates

// signingSecrets are the signing secrets in the stored options of an auth collection.
type signingSecrets struct {
	id, name string   // of the collection
	options  string   // JSON
	secrets  []string // in the order of tokenOptions
}

// parseSigningSecrets finds the signing secrets in stored options. It returns an error if one is
// missing, because a secret that it overlooked would stay the same in every copy.
func parseSigningSecrets(id, name, options string) (signingSecrets, error) {
	parsed := signingSecrets{id: id, name: name, options: options}
	var stored map[string]json.RawMessage
	if err := json.Unmarshal([]byte(options), &stored); err != nil {
		return signingSecrets{}, fmt.Errorf("decode the options of %s: %w", name, err)
	}
	for _, option := range tokenOptions {
		var token struct {
			Secret string `json:"secret"`
		}
		if err := json.Unmarshal(stored[option.key], &token); err != nil {
			return signingSecrets{}, fmt.Errorf("decode %s of %s: %w", option.key, name, err)
		}
		if len(token.Secret) != secretLength {
			return signingSecrets{}, fmt.Errorf("%s of %s has a secret of %d characters instead of %d",
				option.key, name, len(token.Secret), secretLength)
		}
		parsed.secrets = append(parsed.secrets, token.Secret)
	}
	return parsed, nil
}

// readSigningSecrets reads the signing secrets of all auth collections in a database.
func readSigningSecrets(db dbx.Builder) ([]signingSecrets, error) {
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
	found := make([]signingSecrets, len(rows))
	for i, row := range rows {
		if found[i], err = parseSigningSecrets(row.ID, row.Name, row.Options); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// withoutSecrets returns the options with empty secrets.
func (s signingSecrets) withoutSecrets() string {
	return s.replaceSecrets(func() string { return "" })
}

func (s signingSecrets) replaceSecrets(replacement func() string) string {
	options := s.options
	for _, secret := range s.secrets {
		options = strings.ReplaceAll(options, secret, replacement())
	}
	return options
}

// setSecrets sets the secrets of a decoded collection, which are in the order of tokenOptions.
func setSecrets(collection *core.Collection, secrets []string) {
	for i, option := range tokenOptions {
		option.config(collection).Secret = secrets[i]
	}
}

// renew replaces the secrets of the collection in db. A copy of a database must not share secrets with
// the original.
func (s signingSecrets) renew(db dbx.Builder) error {
	options := s.replaceSecrets(func() string { return security.RandomString(secretLength) })
	if _, err := db.Update("_collections", dbx.Params{"options": options}, dbx.HashExp{"id": s.id}).Execute(); err != nil {
		return fmt.Errorf("write new secrets of %s: %w", s.name, err)
	}
	return nil
}
