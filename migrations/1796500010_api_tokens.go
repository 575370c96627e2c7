package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// The tokens with which scripts use an account: see package tokens. No rule lets a client read them, and
// hooks/api_tokens.go hides the hash even from superusers.
//
// Triggers delete them together with the sessions of a user, in the transaction that revokes those: the SQL console and
// other processes run no hooks.
func init() {
	register("1796500010_api_tokens.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		c := core.NewBaseCollection(APITokens) // without rules: superusers only
		c.Fields.Add(
			&core.RelationField{Name: "user", CollectionId: users.Id, MaxSelect: 1, Required: true, CascadeDelete: true},
			&core.TextField{Name: "name", Required: true, Max: 80},
			&core.SelectField{Name: "scopes", Required: true, MaxSelect: 3, Values: []string{"read", "transfer", "share"}},
			&core.TextField{Name: "prefix", Required: true, Max: 20},             // the first characters, which identify it in lists
			&core.TextField{Name: "hash", Required: true, Hidden: true, Max: 64}, // SHA-256 of the token, in hex
			&core.DateField{Name: "expires", Required: true},
			&core.DateField{Name: "last_used"},
			&core.TextField{Name: "last_address", Max: 50},
			&core.AutodateField{Name: "created", OnCreate: true},
		)
		c.AddIndex("idx_api_tokens_hash", true, "hash", "")
		c.AddIndex("idx_api_tokens_user", false, "user, expires", "")
		c.AddIndex("idx_api_tokens_expires", false, "expires", "")
		if err := app.Save(c); err != nil {
			return err
		}
		return execute(app,
			"CREATE TRIGGER api_tokens_of_revoked_sessions AFTER UPDATE OF tokenKey ON users WHEN old.tokenKey IS NOT new.tokenKey "+
				"BEGIN DELETE FROM "+APITokens+" WHERE user = old.id; END",
			"CREATE TRIGGER api_tokens_of_deleted_users AFTER DELETE ON users "+
				"BEGIN DELETE FROM "+APITokens+" WHERE user = old.id; END",
			"CREATE TRIGGER api_tokens_of_all_users AFTER UPDATE OF options ON _collections WHEN old.name = '"+Users+"' AND "+
				"json_extract(old.options, '$.authToken.secret') IS NOT json_extract(new.options, '$.authToken.secret') "+
				"BEGIN DELETE FROM "+APITokens+"; END",
		)
	}, func(app core.App) error {
		err := execute(app, "DROP TRIGGER api_tokens_of_revoked_sessions", "DROP TRIGGER api_tokens_of_deleted_users", "DROP TRIGGER api_tokens_of_all_users")
		if err != nil {
			return err
		}
		return dropCollection(APITokens)(app)
	})
}
