package registry

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Owned is a user with everything of theirs in a global database. Rows are by column; a value that isn't valid is NULL.
type Owned struct {
	User     dbx.NullStringMap // of the account; without tokenKey if it was deleted
	Database dbx.NullStringMap // of the registry
	Related  []RelatedRows     // what else belongs to the account, in the order of insertion
}

// RelatedRows are rows of a table that belong to an account.
type RelatedRows struct {
	Table string
	Rows  []dbx.NullStringMap
}

// UserID returns the id of the user.
func (o Owned) UserID() string { return o.User["id"].String }

// Email returns the address of the user.
func (o Owned) Email() string { return o.User["email"].String }

// ReadOwned reads what belongs to the owner of a user database from a global database, such as that of a backup, which may have an
// older schema. If the owner had been deleted there, it is what was kept. It returns an error if nobody knows the owner.
func ReadOwned(ctx context.Context, global dbx.Builder, database string) (o Owned, err error) {
	if o.Database, err = selectRow(ctx, global, migrations.UserDatabases, dbx.HashExp{"name": database}); err != nil {
		return Owned{}, err
	}
	var tables []string
	if err := global.Select("name").From("sqlite_master").Where(dbx.HashExp{"type": "table"}).WithContext(ctx).Column(&tables); err != nil {
		return Owned{}, fmt.Errorf("read the schema: %w", err)
	}
	user := o.Database["user"].String
	if user == "" {
		if err := o.readKept(ctx, global, database, slices.Contains(tables, migrations.KeptRecords)); err != nil {
			return Owned{}, fmt.Errorf("read what was kept of a deleted user: %w", err)
		}
		return o, nil
	}
	if o.User, err = selectRow(ctx, global, migrations.Users, dbx.HashExp{"id": user}); err != nil {
		return Owned{}, err
	}
	for _, table := range append(slices.Clone(keptTables[1:]), fathomEndpoints) {
		if !slices.Contains(tables, table.name) {
			continue
		}
		related := RelatedRows{Table: table.name}
		err := global.Select("*").From(table.name).Where(dbx.HashExp{table.user: user}).OrderBy("rowid").WithContext(ctx).All(&related.Rows)
		if err != nil {
			return Owned{}, fmt.Errorf("read %s: %w", table.name, err)
		}
		for _, row := range related.Rows {
			if table == fathomEndpoints {
				// Nobody knows whether it still exists at Fathom. Without the key, the next sync replaces it and deletes it there.
				delete(row, "key_hash")
			}
		}
		o.Related = append(o.Related, related)
	}
	return o, nil
}

// fathomEndpoints aren't kept of a deleted user, whose webhooks are deleted at Fathom, but a backup may contain one that exists.
var fathomEndpoints = keptTable{migrations.FathomEndpoints, "user"}

// readKept reads what keep has copied, and the account in the row of the registry.
func (o *Owned) readKept(ctx context.Context, global dbx.Builder, database string, hasKept bool) error {
	var owner account
	if json.Unmarshal([]byte(o.Database["owner"].String), &owner) != nil || owner.ID == "" {
		return errOwnerUnknown
	}
	o.User = dbx.NullStringMap{}
	for _, table := range keptTables {
		if !hasKept {
			break
		}
		rows, err := keptRows(ctx, global, database, table.name)
		switch {
		case err != nil:
			return err
		case table.name != migrations.Users:
			o.Related = append(o.Related, RelatedRows{table.name, rows})
		case len(rows) > 0:
			o.User = rows[0]
		}
	}
	verified := "0"
	if owner.Verified {
		verified = "1"
	}
	for column, value := range map[string]string{
		"id": owner.ID, "email": owner.Email, "name": owner.Name, "verified": verified, "password": owner.Password,
	} {
		o.User[column] = sql.NullString{String: value, Valid: true}
	}
	return nil
}

func keptRows(ctx context.Context, global dbx.Builder, database, table string) (rows []dbx.NullStringMap, err error) {
	var values []struct {
		Row    int64          `db:"row"`
		Column string         `db:"column"`
		Value  sql.NullString `db:"value"`
	}
	err = global.NewQuery("SELECT k.rowid AS [[row]], j.key AS [[column]], j.value AS [[value]] FROM {{" + migrations.KeptRecords + "}} k, json_each(k.record) j" +
		" WHERE k.database = {:database} AND k.origin = {:origin} ORDER BY k.rowid, j.id").
		Bind(dbx.Params{"database": database, "origin": table}).WithContext(ctx).All(&values)
	if err != nil {
		return nil, fmt.Errorf("read the rows of %s: %w", table, err)
	}
	last := int64(0)
	for _, v := range values {
		if len(rows) == 0 || v.Row != last {
			rows, last = append(rows, dbx.NullStringMap{}), v.Row
		}
		rows[len(rows)-1][v.Column] = v.Value
	}
	return rows, nil
}

func selectRow(ctx context.Context, db dbx.Builder, table string, where dbx.HashExp) (dbx.NullStringMap, error) {
	row := dbx.NullStringMap{}
	if err := db.Select("*").From(table).Where(where).WithContext(ctx).One(&row); err != nil {
		return nil, fmt.Errorf("read %s: %w", table, err)
	}
	return row, nil
}
