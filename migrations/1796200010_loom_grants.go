package migrations

import "github.com/pocketbase/pocketbase/core"

// Copies of the grants of Atlassian that connections to Loom use, so that they can be revoked when the connection, the
// database and the user are gone. See app/loomaccount/kept_grants.go.
func init() {
	register("1796200010_loom_grants.go", func(app core.App) error {
		return execute(app, "CREATE TABLE "+LoomGrants+
			" (id TEXT PRIMARY KEY NOT NULL, user TEXT NOT NULL, state TEXT NOT NULL, data_key TEXT NOT NULL, secret TEXT NOT NULL,"+
			" changed TEXT NOT NULL, tried TEXT NOT NULL DEFAULT '') WITHOUT ROWID",
			"CREATE INDEX idx_loom_grants_state ON "+LoomGrants+" (state, tried, changed)",
			"CREATE INDEX idx_loom_grants_user ON "+LoomGrants+" (user)")
	}, func(app core.App) error {
		return execute(app, "DROP TABLE "+LoomGrants)
	})
}
