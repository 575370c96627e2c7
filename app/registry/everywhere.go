package registry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Everywhere lists the databases in a global database by name, also those on other servers, or only those with the given
// names. It is for what concerns their rows, names and keys: nothing may be done to the files of an entry that IsElsewhere.
// The global database may have an older schema, and it needs no Registry.
func Everywhere(ctx context.Context, global dbx.Builder, names ...string) ([]Entry, error) {
	where := dbx.HashExp{}
	if len(names) > 0 {
		where["d.name"] = list.ToInterfaceSlice(names)
	}
	var rows []row
	err := global.Select("d.*", "COALESCE(u.email, '') AS email").From(migrations.UserDatabases+" d").
		LeftJoin(migrations.Users+" u", dbx.NewExp("u.id = d.user")).Where(where).OrderBy("d.name").WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("list user databases: %w", err)
	}
	return entriesOf(rows), nil
}

// Here lists the databases in a global database whose files this server has, by name, or only those with the given names. The
// global database may have an older schema, and it needs no Registry.
func Here(ctx context.Context, global dbx.Builder, names ...string) ([]Entry, error) {
	entries, err := Everywhere(ctx, global, names...)
	return slices.DeleteFunc(entries, Entry.IsElsewhere), err
}

// HasDatabase reports whether a user has a database, whatever its status, on any server. app is the global database or a
// transaction.
func HasDatabase(ctx context.Context, app core.App, userID string) (bool, error) {
	var id string
	err := app.DB().Select("id").From(migrations.UserDatabases).
		Where(dbx.And(dbx.HashExp{"user": userID}, dbx.NewExp("user != ''"))).WithContext(ctx).Row(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("find the database of user %s: %w", userID, err)
	}
	return err == nil, nil
}

// onThisServer returns what a query for a row has returned, or ErrElsewhere if another server has the database.
func onThisServer(record *core.Record, err error) (*core.Record, error) {
	if err == nil && record.GetString("cell") != "" {
		return nil, ErrElsewhere
	}
	return record, err
}

func entriesOf(rows []row) []Entry {
	entries := make([]Entry, len(rows))
	for i := range rows {
		entries[i] = rows[i].entry()
	}
	return entries
}
