package userdb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// importSource is the data.db of an archive. Its schema may contain anything, so only the columns of real tables are
// read from it. It must be closed.
type importSource struct {
	db     *dbx.DB
	newest string // the newest migration of schema.List that was applied
	owner  string // e-mail address
}

// maxSourceNames limits how many migrations and columns are read.
const maxSourceNames = 1000

// openImportSource opens and checks the data.db of an archive. It returns ErrNewerSchema if a newer version of this
// program has written it.
func openImportSource(ctx context.Context, path string) (*importSource, error) {
	source := &importSource{db: sqlite.OpenUntrusted(path)}
	if err := source.check(ctx); err != nil {
		return nil, errors.Join(err, source.db.Close())
	}
	return source, nil
}

// Close closes the file.
func (s *importSource) Close() error { return s.db.Close() }

func (s *importSource) check(ctx context.Context) error {
	var virtual int // code for these would run during the check
	err := s.db.NewQuery("SELECT COUNT(*) FROM sqlite_schema WHERE [[sql]] LIKE 'CREATE VIRTUAL%'").WithContext(ctx).Row(&virtual)
	if err != nil {
		return s.damaged(ctx, err)
	}
	if virtual > 0 {
		return fmt.Errorf("%w: %s contains virtual tables", errNoExport, sqlite.DataFile)
	}
	var result string
	// Not integrity_check, because indexes are not read.
	if err := s.db.NewQuery("PRAGMA quick_check(1)").WithContext(ctx).Row(&result); err != nil {
		return s.damaged(ctx, err)
	}
	if result != "ok" {
		return fmt.Errorf("%s in the archive is damaged: %s", sqlite.DataFile, quoteName(result))
	}
	if err := s.checkVersion(ctx); err != nil {
		return err
	}
	return s.readOwner(ctx)
}

// damaged explains an error of SQLite.
func (s *importSource) damaged(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("read %s in the archive: %w", sqlite.DataFile, err)
}

// checkVersion sets newest.
func (s *importSource) checkVersion(ctx context.Context) error {
	if _, err := s.columns(ctx, core.DefaultMigrationsTable); err != nil {
		return err
	}
	var applied []string
	err := s.db.Select("file").From(core.DefaultMigrationsTable).OrderBy("file DESC").Limit(maxSourceNames).
		WithContext(ctx).Column(&applied)
	if err != nil {
		return s.damaged(ctx, err)
	}
	for _, file := range applied {
		isSystem := slices.ContainsFunc(core.SystemMigrations.Items(), func(m *core.Migration) bool { return m.File == file })
		switch {
		case schema.Knows(file):
			s.newest = max(s.newest, file)
		case !isSystem && file > schema.Newest():
			return newerSchemaError(file)
		}
	}
	if s.newest == "" {
		return fmt.Errorf("%w: %s is not a user database", errNoExport, sqlite.DataFile)
	}
	return nil
}

// readOwner sets owner.
func (s *importSource) readOwner(ctx context.Context) error {
	if _, err := s.columns(ctx, schema.Users); err != nil {
		return err
	}
	var owners []string
	err := s.db.Select("email").From(schema.Users).Limit(2).WithContext(ctx).Column(&owners)
	if err != nil {
		return s.damaged(ctx, err)
	}
	if len(owners) != 1 {
		return fmt.Errorf("%w: %s does not have exactly one user", errNoExport, sqlite.DataFile)
	}
	s.owner = sanitize.Truncate(sanitize.SingleLine(owners[0]), 255)
	return nil
}

// columns returns the names of the columns of a table. It returns an error if there is no such table, or if it isn't
// one that only stores values: not a view or a virtual table, and without generated columns.
func (s *importSource) columns(ctx context.Context, table string) ([]string, error) {
	var plain int
	err := s.db.NewQuery("SELECT COUNT(*) FROM sqlite_schema WHERE [[name]] = {:name} COLLATE NOCASE AND [[type]] = 'table'" +
		" AND [[rootpage]] > 0 AND [[sql]] LIKE 'CREATE TABLE %'").
		Bind(dbx.Params{"name": table}).WithContext(ctx).Row(&plain)
	if err != nil {
		return nil, s.damaged(ctx, err)
	}
	var columns []struct {
		Name   string `db:"name"`
		Hidden int    `db:"hidden"`
	}
	err = s.db.NewQuery("SELECT [[name]], [[hidden]] FROM pragma_table_xinfo({:name}) LIMIT {:limit}").
		Bind(dbx.Params{"name": table, "limit": maxSourceNames}).WithContext(ctx).All(&columns)
	if err != nil {
		return nil, s.damaged(ctx, err)
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		if names[i] = c.Name; c.Hidden != 0 {
			plain = 0
		}
	}
	if plain != 1 {
		return nil, fmt.Errorf("%w: %s has no table %s that only stores values", errNoExport, sqlite.DataFile, table)
	}
	return names, nil
}

// read calls visit with the values of the given columns of each row of a table.
func (s *importSource) read(
	ctx context.Context, table string, columns []string, visit func(row dbx.NullStringMap) error,
) error {
	quoted := make([]string, len(columns))
	for i, column := range columns {
		quoted[i] = s.db.QuoteSimpleColumnName(column)
	}
	query := "SELECT " + strings.Join(quoted, ", ") + " FROM " + s.db.QuoteSimpleTableName(table) + " NOT INDEXED"
	rows, err := s.db.NewQuery(query).WithContext(ctx).Rows()
	if err != nil {
		return s.damaged(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		row := dbx.NullStringMap{}
		if err := rows.ScanMap(row); err != nil {
			return s.damaged(ctx, err)
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return s.damaged(ctx, err)
	}
	return nil
}
