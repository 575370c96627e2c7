package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// dataDirectory is what was found in the data directory before anything was written to it.
type dataDirectory struct {
	empty   bool   // there is no database yet
	pending bool   // migrations of this version have not been applied
	schema  string // the newest migration that was applied, or blank
}

// purpose says what a global database is examined for.
type purpose int

const (
	// serving also requires the master key that wrapped the data keys; commands on a stopped server work without it, so
	// that an operator who has lost the key can list and delete what it encrypted.
	serving purpose = 1 << iota
	// copied means that the database isn't that of the data directory yet: another server may have owned it.
	copied
)

// startCheck examines one thing that prevents a start. It returns an error that says what to do.
type startCheck struct {
	run       func(a *App, ctx context.Context, db *dbx.DB, content databaseContent) error
	aboutKeys bool
	applies   func(purpose) bool // nil: always
}

// startChecks are all examinations of a global database that could be read. A start ends with the first error, and Diagnose
// reports all.
var startChecks = []startCheck{
	{run: (*App).checkOrigin},
	{run: (*App).checkSettingsKey, aboutKeys: true},
	{run: (*App).checkMasterKey, aboutKeys: true, applies: func(p purpose) bool { return p&serving != 0 }},
	{run: (*App).checkIncarnation, applies: func(p purpose) bool { return p&copied == 0 }},
}

// inspectDataDirectory returns an error unless this version, with these settings, may use the data
// directories. It runs before PocketBase opens the global database, which would migrate it, and writes
// nothing.
func (a *App) inspectDataDirectory(ctx context.Context, purpose purpose) (dataDirectory, error) {
	if err := a.checkFolders(); err != nil {
		return dataDirectory{}, err
	}
	if err := a.checkInterrupted(); err != nil {
		return dataDirectory{}, err
	}
	db, err := a.openForInspection()
	if err != nil {
		return dataDirectory{}, err
	}
	if db == nil {
		return dataDirectory{empty: true, pending: true}, nil
	}
	found, err := a.inspectDatabase(ctx, db, purpose)
	return found, errors.Join(err, db.Close())
}

// checkFolders returns an error if the data directories exist and can't be used.
func (a *App) checkFolders() error {
	for _, dir := range []string{a.DataDir(), a.Config.UserDBsDir} {
		if err := fileperm.RequireFolder(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("open data directory: %w", err)
		}
		// Without this check, SQLite's error would suggest a damaged database.
		if err := disk.CheckMount(dir); err != nil {
			return err
		}
	}
	return nil
}

// openForInspection opens the global database without changing it. It returns nil if there is none yet.
func (a *App) openForInspection() (*dbx.DB, error) {
	file := filepath.Join(a.DataDir(), sqlite.DataFile)
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, nil
	}
	if err == nil {
		err = fileperm.RequireFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", fileperm.Explain(file, err))
	}
	db, err := sqlite.OpenReadOnly(file)
	if err != nil {
		return nil, fmt.Errorf("open data directory %s: %w", a.DataDir(), err)
	}
	return db, nil
}

func (a *App) inspectDatabase(ctx context.Context, db *dbx.DB, purpose purpose) (dataDirectory, error) {
	content, err := a.readContent(ctx, db)
	if err != nil {
		return dataDirectory{}, err
	}
	for _, check := range startChecks {
		if check.applies != nil && !check.applies(purpose) {
			continue
		}
		if err := check.run(a, ctx, db, content); err != nil {
			return dataDirectory{}, err
		}
	}
	return dataDirectory{pending: len(migrations.Pending(content.applied)) > 0, schema: migrations.NewestOf(content.applied)}, nil
}

// databaseContent is what the global database contains.
type databaseContent struct {
	tables  []string
	applied []string // file names of migrations
}

func (c databaseContent) has(table string) bool { return slices.Contains(c.tables, table) }

func (a *App) readContent(ctx context.Context, db *dbx.DB) (content databaseContent, err error) {
	err = db.Select("name").From("sqlite_master").WithContext(ctx).Column(&content.tables)
	if sqlite.IsUnfinished(err) {
		return content, fmt.Errorf("read data directory %s: a program ended while it was changing %s: start that program once, or set DATA_DIR", a.DataDir(), sqlite.DataFile)
	}
	if err != nil {
		return content, fmt.Errorf("read data directory %s: restore %s from a backup: %w", a.DataDir(), sqlite.DataFile, err)
	}
	if content.has(core.DefaultMigrationsTable) {
		err := db.Select("file").From(core.DefaultMigrationsTable).WithContext(ctx).Column(&content.applied)
		if err != nil {
			return content, fmt.Errorf("read the applied migrations of data directory %s: %w", a.DataDir(), err)
		}
	}
	return content, nil
}

// checkOrigin returns an error if another application or a newer version has written the database.
func (a *App) checkOrigin(ctx context.Context, db *dbx.DB, content databaseContent) error {
	if content.has(migrations.UserDatabases) {
		if unknown := migrations.Unknown(content.applied); len(unknown) > 0 {
			return fmt.Errorf("data directory %s was last used by a newer version, which applied %s: run that version", a.DataDir(), unknown[0])
		}
		return nil
	}
	foreign, err := isForeign(ctx, db, content.tables, content.applied)
	if err != nil {
		return fmt.Errorf("read data directory %s: %w", a.DataDir(), err)
	}
	if foreign {
		return fmt.Errorf("data directory %s contains the data of another application: set DATA_DIR to a directory of its own", a.DataDir())
	}
	return nil
}

// litestreamTables starts the names of the tables that Litestream adds to a database as soon as it exists.
const litestreamTables = "_litestream_"

// isForeign reports whether a database without a registry has content that this program has not written. A
// first start that was interrupted leaves PocketBase's own collections, an empty collection of users and,
// with earlier versions, a superuser.
func isForeign(ctx context.Context, db *dbx.DB, tables, applied []string) (bool, error) {
	if len(migrations.Unknown(applied)) > 0 {
		return true, nil
	}
	tables = slices.DeleteFunc(slices.Clone(tables), func(name string) bool { return strings.HasPrefix(name, litestreamTables) })
	if !slices.Contains(tables, "_collections") {
		return len(applied) == 0 && len(tables) > 0, nil
	}
	var content int
	query := "SELECT COUNT(*) FROM {{_collections}} WHERE [[system]] = FALSE AND [[name]] != {:users}"
	if slices.Contains(tables, migrations.Users) {
		query = "SELECT (" + query + ") + (SELECT COUNT(*) FROM {{" + migrations.Users + "}})"
	}
	err := db.NewQuery(query).Bind(dbx.Params{"users": migrations.Users}).WithContext(ctx).Row(&content)
	return content > 0, err
}

// checkSettingsKey returns an error if PocketBase's settings are encrypted with another PB_ENCRYPTION_KEY. If it is the
// previous one, it remembers that. PocketBase encrypts settings in plain text when it saves them.
func (a *App) checkSettingsKey(ctx context.Context, db *dbx.DB, content databaseContent) error {
	if !content.has("_params") {
		return nil
	}
	values, err := readSettings(ctx, db)
	if err != nil {
		return fmt.Errorf("read the settings in data directory %s: %w", a.DataDir(), err)
	}
	for _, value := range values {
		if json.Valid([]byte(value)) {
			continue
		}
		if _, err := decryptSettings(value, a.Config.SettingsKey()); err == nil {
			continue
		}
		if _, err := decryptSettings(value, a.Config.PreviousSettingsKey()); err == nil {
			a.settingsKey = a.Config.PreviousSettingsKey()
			continue
		}
		subject, advice := "PB_ENCRYPTION_KEY is not the key", "restore the former key, or set it as PB_ENCRYPTION_KEY_PREVIOUS"
		if a.Config.PBEncryptionKeyPrevious.IsSet() {
			subject, advice = "Neither PB_ENCRYPTION_KEY nor PB_ENCRYPTION_KEY_PREVIOUS is the key", "restore the former key"
		}
		return fmt.Errorf("%s that encrypted PocketBase's settings in %s: %s", subject, a.DataDir(), advice)
	}
	return nil
}

// checkMasterKey returns an error if data keys were wrapped by a master key that is not configured. With a
// wrong key the server would open no database, and would wrap the data keys of new users with it.
func (a *App) checkMasterKey(ctx context.Context, db *dbx.DB, content databaseContent) error {
	if !content.has(migrations.UserDatabases) {
		return nil
	}
	keys, err := newVault(a.Config)
	if err != nil {
		return err
	}
	uses, err := registry.MasterKeyUses(ctx, db)
	if err != nil {
		return err
	}
	total, unreadable := 0, 0
	for _, use := range uses {
		total += use.Databases
		if !keys.HasMasterKeyOf(use.WrappedKey) {
			unreadable += use.Databases
		}
	}
	if unreadable == 0 {
		return nil
	}
	subject, advice := "AES_MASTER_KEY is not the key", "restore the former key, or set it as AES_MASTER_KEY_PREVIOUS"
	if a.Config.AESMasterKeyPrevious.IsSet() {
		subject, advice = "Neither AES_MASTER_KEY nor AES_MASTER_KEY_PREVIOUS is the key", "restore the former key"
	}
	return fmt.Errorf("%s that encrypted %d of %d user databases: %s", subject, unreadable, total, advice)
}

// makePrivateIfUnused lets only the user that the process runs as use a directory without data, such as the
// USER_DBS_DIR of a new checkout. Directories with data keep their mode, because an operator may have chosen it;
// a warning reports it.
func makePrivateIfUnused(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read data directory: %w", err)
	}
	if slices.ContainsFunc(files, func(file fs.DirEntry) bool { return file.Name() != ".gitkeep" }) {
		return nil
	}
	if err := os.Chmod(dir, 0o700); err != nil && !errors.Is(err, fs.ErrPermission) { // another user's directory
		return fmt.Errorf("make data directory private: %w", err)
	}
	return nil
}
