package app

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

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

// inspectDataDirectory returns an error unless this version, with these settings, may use the data
// directories. It runs before PocketBase opens the global database, which would migrate it, and writes
// nothing. With serving, it also requires the master key that wrapped the data keys; commands on a stopped
// server work without it, so that an operator who has lost the key can list and delete what it encrypted.
func (a *App) inspectDataDirectory(ctx context.Context, serving bool) (dataDirectory, error) {
	for _, dir := range []string{a.DataDir(), a.Config.UserDBsDir} {
		if err := fileperm.RequireFolder(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return dataDirectory{}, fmt.Errorf("open data directory: %w", err)
		}
		// Without this check, SQLite's error would suggest a damaged database.
		if err := disk.CheckMount(dir); err != nil {
			return dataDirectory{}, err
		}
	}
	file := filepath.Join(a.DataDir(), sqlite.DataFile)
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return dataDirectory{empty: true, pending: true}, nil
	}
	if err == nil {
		err = fileperm.RequireFile(file)
	}
	if err != nil {
		return dataDirectory{}, fmt.Errorf("open data directory: %w", fileperm.Explain(file, err))
	}
	db, err := sqlite.OpenReadOnly(file)
	if err != nil {
		return dataDirectory{}, fmt.Errorf("open data directory %s: %w", a.DataDir(), err)
	}
	found, err := a.inspectDatabase(ctx, db, serving)
	return found, errors.Join(err, db.Close())
}

func (a *App) inspectDatabase(ctx context.Context, db *dbx.DB, serving bool) (dataDirectory, error) {
	var tables []string
	err := db.Select("name").From("sqlite_master").WithContext(ctx).Column(&tables)
	if sqlite.IsUnfinished(err) {
		return dataDirectory{}, fmt.Errorf("read data directory %s: a program ended while it was changing %s: start that program once, or set DATA_DIR", a.DataDir(), sqlite.DataFile)
	}
	if err != nil {
		return dataDirectory{}, fmt.Errorf("read data directory %s: restore %s from a backup: %w", a.DataDir(), sqlite.DataFile, err)
	}
	var applied []string
	if slices.Contains(tables, core.DefaultMigrationsTable) {
		err := db.Select("file").From(core.DefaultMigrationsTable).WithContext(ctx).Column(&applied)
		if err != nil {
			return dataDirectory{}, fmt.Errorf("read the applied migrations of data directory %s: %w", a.DataDir(), err)
		}
	}
	if !slices.Contains(tables, migrations.UserDatabases) {
		foreign, err := isForeign(ctx, db, tables, applied)
		if err != nil {
			return dataDirectory{}, fmt.Errorf("read data directory %s: %w", a.DataDir(), err)
		}
		if foreign {
			return dataDirectory{}, fmt.Errorf("data directory %s contains the data of another application: set DATA_DIR to a directory of its own", a.DataDir())
		}
	} else if unknown := migrations.Unknown(applied); len(unknown) > 0 {
		return dataDirectory{}, fmt.Errorf("data directory %s was last used by a newer version, which applied %s: run that version", a.DataDir(), unknown[0])
	}
	if err := a.checkSettingsKey(ctx, db, tables); err != nil {
		return dataDirectory{}, err
	}
	if serving && slices.Contains(tables, migrations.UserDatabases) {
		if err := a.checkMasterKey(ctx, db); err != nil {
			return dataDirectory{}, err
		}
	}
	return dataDirectory{pending: len(migrations.Pending(applied)) > 0, schema: migrations.NewestOf(applied)}, nil
}

// isForeign reports whether a database without a registry has content that this program has not written. A
// first start that was interrupted leaves PocketBase's own collections, an empty collection of users and,
// with earlier versions, a superuser.
func isForeign(ctx context.Context, db *dbx.DB, tables, applied []string) (bool, error) {
	if len(migrations.Unknown(applied)) > 0 {
		return true, nil
	}
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

// checkSettingsKey returns an error if PocketBase's settings are encrypted with another PB_ENCRYPTION_KEY.
// PocketBase encrypts settings in plain text when it saves them.
func (a *App) checkSettingsKey(ctx context.Context, db *dbx.DB, tables []string) error {
	if !slices.Contains(tables, "_params") {
		return nil
	}
	var values []string
	err := db.Select("value").From("_params").Where(dbx.HashExp{"id": "settings"}).WithContext(ctx).Column(&values)
	if err != nil {
		return fmt.Errorf("read the settings in data directory %s: %w", a.DataDir(), err)
	}
	for _, value := range values {
		if json.Valid([]byte(value)) {
			continue
		}
		// PocketBase's Decrypt panics on a value that is shorter than a nonce.
		raw, err := base64.StdEncoding.DecodeString(value)
		if err == nil && len(raw) >= 12 {
			_, err = security.Decrypt(value, a.Config.SettingsKey())
		}
		if err != nil || len(raw) < 12 {
			return fmt.Errorf("PB_ENCRYPTION_KEY is not the key that encrypted PocketBase's settings in %s: restore the former key", a.DataDir())
		}
	}
	return nil
}

// checkMasterKey returns an error if data keys were wrapped by a master key that is not configured. With a
// wrong key the server would open no database, and would wrap the data keys of new users with it.
func (a *App) checkMasterKey(ctx context.Context, db dbx.Builder) error {
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
