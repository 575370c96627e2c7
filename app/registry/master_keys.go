package registry

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// MasterKeyUse is the number of databases whose data keys were wrapped by one master key.
type MasterKeyUse struct {
	WrappedKey string `db:"data_key"` // data key of one of them
	Databases  int    `db:"databases"`
}

// MasterKeyUses counts the databases in a global database by the master key that wrapped their data keys. It
// includes those on other servers, because this one wraps the keys of all rows. It reads the registry once and needs no
// Registry, so that keys can be checked before PocketBase starts.
func MasterKeyUses(ctx context.Context, db dbx.Builder) ([]MasterKeyUse, error) {
	var uses []MasterKeyUse
	err := db.NewQuery("SELECT MIN([[data_key]]) AS [[data_key]], COUNT(*) AS [[databases]] FROM {{" + migrations.UserDatabases + "}}" +
		" GROUP BY SUBSTR([[data_key]], 1, {:prefix})").Bind(dbx.Params{"prefix": vault.MasterKeyPrefix}).WithContext(ctx).All(&uses)
	if err != nil {
		return nil, fmt.Errorf("count user databases by master key: %w", err)
	}
	return uses, nil
}
