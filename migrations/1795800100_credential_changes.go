package migrations

import "github.com/pocketbase/pocketbase/core"

// Triggers record every change of a token key, every deletion of a user or superuser, and every change of the
// secret with which the auth tokens of a collection are signed, so that package revocation notices changes that
// run no hooks: statements in the SQL console and other processes, such as the superuser command.
//
// PocketBase changes the tables of collections with ALTER TABLE, which keeps triggers.
func init() {
	register("1795800100_credential_changes.go", func(app core.App) error {
		return execute(app,
			"CREATE TABLE "+CredentialChanges+" ("+
				"id INTEGER PRIMARY KEY AUTOINCREMENT, "+ // never reuses the id of a deleted row
				"record TEXT NOT NULL)", // a user or superuser; empty for all of them
			credentialTrigger("users_token_key_changed", "UPDATE OF tokenKey ON users WHEN old.tokenKey IS NOT new.tokenKey", "old.id"),
			credentialTrigger("users_deleted", "DELETE ON users", "old.id"),
			credentialTrigger("superusers_token_key_changed", "UPDATE OF tokenKey ON _superusers WHEN old.tokenKey IS NOT new.tokenKey", "old.id"),
			credentialTrigger("superusers_deleted", "DELETE ON _superusers", "old.id"),
			credentialTrigger("auth_token_secret_changed", "UPDATE OF options ON _collections WHEN "+
				"json_extract(old.options, '$.authToken.secret') IS NOT json_extract(new.options, '$.authToken.secret')", "''"),
		)
	}, func(app core.App) error {
		return execute(app,
			"DROP TRIGGER users_token_key_changed", "DROP TRIGGER users_deleted", "DROP TRIGGER superusers_token_key_changed",
			"DROP TRIGGER superusers_deleted", "DROP TRIGGER auth_token_secret_changed", "DROP TABLE "+CredentialChanges)
	})
}

func credentialTrigger(name, event, record string) string {
	return "CREATE TRIGGER " + name + " AFTER " + event +
		" BEGIN INSERT INTO " + CredentialChanges + " (record) VALUES (" + record + "); END"
}

func execute(app core.App, statements ...string) error {
	for _, statement := range statements {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			return err
		}
	}
	return nil
}
