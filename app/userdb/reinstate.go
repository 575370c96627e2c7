package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Reinstatement is the database of a user as it was in a backup. Rows are those of the global database, by column.
type Reinstatement struct {
	Folder  string            // complete and synced, in the folder of user databases
	User    dbx.NullStringMap // of the account
	Row     dbx.NullStringMap // of the registry
	Related []RelatedRows     // what else belongs to the account
	Replace bool              // a present database of the user is replaced
}

// RelatedRows are rows of a table that belong to an account.
type RelatedRows struct {
	Table string
	Rows  []dbx.NullStringMap
}

// Reinstated is the outcome of Reinstate.
type Reinstated struct {
	Entry          registry.Entry
	CreatedAccount bool   // the account was gone
	Replaced       string // the name of another database of the user, which is deleted after the grace period
}

func (r Reinstatement) name() string   { return r.Row["name"].String }
func (r Reinstatement) userID() string { return r.User["id"].String }

// CheckReinstatement returns an error if Reinstate would refuse a database because of what the user has now.
func (s *Service) CheckReinstatement(ctx context.Context, userID, email, name string, replace bool) error {
	switch present, err := s.registry.ByUser(ctx, userID); {
	case err == nil && !replace:
		return fmt.Errorf("%s has a database (%s, %s): add --replace to replace it", email, present.Name, present.Status)
	case err != nil && !errors.Is(err, registry.ErrNotFound):
		return err
	}
	switch present, err := s.registry.ByName(ctx, name); {
	case err == nil && present.UserID != "" && present.UserID != userID:
		return fmt.Errorf("database %s belongs to another account (%s) now: it can't be restored", name, present.Email)
	case err != nil && !errors.Is(err, registry.ErrNotFound):
		return err
	}
	if taken, err := s.isNameTaken(name); err != nil || taken && !replace {
		return errors.Join(err, fmt.Errorf("files of database %s exist: add --replace to replace them", name))
	}
	_, err := s.app.FindRecordById(migrations.Users, userID)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	switch other, err := account.FindByEmail(ctx, s.app, email); {
	case err == nil:
		return fmt.Errorf("%s has another account (%s): delete that account first", email, other.Id)
	case !errors.Is(err, account.ErrNotFound):
		return err
	}
	return nil
}

// Reinstate makes a folder from a backup the database of its user, and recreates the account if it is gone. Its password is that
// of the backup, but sessions from before stay invalid. The account's related rows are added if the account is recreated.
//
// The registry says that the database is being provisioned while its folder is replaced. If the process ends before the former
// folder is gone, the next start keeps the former database; afterwards, the next start completes the replacement. Reinstate takes the
// folder over. It returns the errors of CheckReinstatement, ErrInUse, ErrClosed or ctx.Err.
func (s *Service) Reinstate(ctx context.Context, r Reinstatement) (result Reinstated, err error) {
	name := r.name()
	if !registry.ValidName(name) {
		return Reinstated{}, fmt.Errorf("backup contains the invalid name %q", name)
	}
	wrapped, _, err := s.vault.Rewrap(name, r.Row["data_key"].String)
	if err != nil {
		return Reinstated{}, fmt.Errorf("use the data key in the backup: %w: set AES_MASTER_KEY_PREVIOUS to the master key of that time", err)
	}
	r.Row["data_key"] = sql.NullString{String: wrapped, Valid: true}
	err = errors.New("user database is being provisioned: try again in a moment") // unless the function is called
	// A sign-in at this moment waits, and then finds the database.
	_, _, _ = s.provisioning.Do(r.userID(), func() (any, error) {
		err = s.exclusively(ctx, name, func() error {
			if err := s.CheckReinstatement(ctx, r.userID(), r.User["email"].String, name, r.Replace); err != nil {
				return err
			}
			result, err = s.reinstate(context.WithoutCancel(ctx), r)
			return err
		})
		return nil, err
	})
	if err != nil {
		return Reinstated{}, err
	}
	s.logger.Info("user database restored from a backup", "database", name, "user", r.userID())
	return result, nil
}

func (s *Service) reinstate(ctx context.Context, r Reinstatement) (result Reinstated, err error) {
	name := r.name()
	staged := s.stagedImport(name)
	if err := errors.Join(os.RemoveAll(staged), os.Rename(r.Folder, staged), durable.SyncDir(s.dir)); err != nil {
		return Reinstated{}, err
	}
	err = s.app.RunInTransaction(func(tx core.App) (err error) {
		result, err = s.reinstateRows(ctx, tx, r)
		return err
	})
	s.registry.Forget(r.userID(), name)
	if err != nil {
		return Reinstated{}, errors.Join(fmt.Errorf("restore the account: %w", err), os.RemoveAll(staged))
	}
	entry, err := s.registry.ByName(ctx, name)
	if err == nil {
		err = s.registry.Sync()
	}
	if err == nil {
		err = s.removeFolder(name)
	}
	if err == nil {
		err = s.install(staged, name)
	}
	if err == nil {
		err = s.removeArchive(name)
	}
	if err == nil {
		entry.Size, err = folderSize(s.Dir(name))
	}
	if err != nil {
		return Reinstated{}, fmt.Errorf("replace the folder (the next start completes it): %w", err)
	}
	result.Entry, err = s.recordResult(ctx, entry, nil)
	return result, err
}

// reinstateRows changes the rows of the account and of its databases.
func (s *Service) reinstateRows(ctx context.Context, tx core.App, r Reinstatement) (result Reinstated, err error) {
	_, err = tx.FindRecordById(migrations.Users, r.userID())
	if errors.Is(err, sql.ErrNoRows) {
		result.CreatedAccount = true
		user := dbx.NullStringMap{"tokenKey": {String: security.RandomString(50), Valid: true}, "unused": {String: "0", Valid: true}}
		err = insertRow(ctx, tx, migrations.Users, r.User, user)
	}
	if err != nil {
		return Reinstated{}, err
	}
	if result.Replaced, err = s.releaseOther(ctx, tx, r); err != nil {
		return Reinstated{}, err
	}
	if err := s.reserveRow(ctx, tx, r, false); err != nil {
		return Reinstated{}, err
	}
	if !result.CreatedAccount {
		return result, nil
	}
	for _, related := range r.Related {
		for _, row := range related.Rows {
			if err := insertRow(ctx, tx, related.Table, row, nil); err != nil {
				return Reinstated{}, err
			}
		}
	}
	return result, nil
}

// releaseOther schedules the deletion of a database that the user has under another name, and returns that name.
func (s *Service) releaseOther(ctx context.Context, tx core.App, r Reinstatement) (name string, err error) {
	other, err := tx.FindFirstRecordByData(migrations.UserDatabases, "user", r.userID())
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil || other.GetString("name") == r.name() {
		return "", err
	}
	user, err := tx.FindRecordById(migrations.Users, r.userID())
	if err != nil {
		return "", err
	}
	if err := registry.UserDeleted(ctx, tx, user, s.now().Add(s.retention.DeleteGrace)); err != nil {
		return "", err
	}
	name = other.GetString("name")
	if other, err = tx.FindRecordById(migrations.UserDatabases, other.Id); err != nil {
		return "", err
	}
	other.Set("user", "")
	return name, tx.SaveWithContext(ctx, other)
}

// reserveRow makes the registry say that the database is being provisioned for the user, or is archived.
func (s *Service) reserveRow(ctx context.Context, tx core.App, r Reinstatement, archived bool) error {
	record, err := tx.FindFirstRecordByData(migrations.UserDatabases, "name", r.name())
	if errors.Is(err, sql.ErrNoRows) {
		collection, err := tx.FindCachedCollectionByNameOrId(migrations.UserDatabases)
		if err != nil {
			return err
		}
		record = core.NewRecord(collection)
		date, seq := r.Row["date"].String, 0
		free := "SELECT CASE WHEN EXISTS (SELECT 1 FROM {{user_databases}} WHERE [[date]] = {:date} AND [[seq]] = {:seq}) " +
			"THEN (SELECT MAX(seq) + 1 FROM {{user_databases}} WHERE [[date]] = {:date}) ELSE {:seq} + 0 END"
		err = tx.DB().NewQuery(free).Bind(dbx.Params{"date": date, "seq": r.Row["seq"].String}).WithContext(ctx).Row(&seq)
		if err != nil {
			return err
		}
		record.Set("name", r.name())
		record.Set("date", date)
		record.Set("seq", seq)
	} else if err != nil {
		return err
	}
	for field, value := range map[string]any{
		"user": r.userID(), "status": string(registry.StatusProvisioning), "data_key": r.Row["data_key"].String,
		"schema_version": "", "archived_at": "", "delete_after": "", "purge_started": "", "error": "", "owner": nil,
	} {
		record.Set(field, value)
	}
	if archived {
		record.Set("status", string(registry.StatusArchived))
		record.Set("archived_at", s.now())
	}
	return tx.SaveWithContext(ctx, record)
}

// insertRow inserts a row from a backup, unless a row with one of its unique values exists. Columns that the table doesn't have any
// more are left out; overrides replaces values.
func insertRow(ctx context.Context, tx core.App, table string, row, overrides dbx.NullStringMap) error {
	var columns []string
	err := tx.DB().NewQuery("SELECT name FROM pragma_table_info({:table})").Bind(dbx.Params{"table": table}).WithContext(ctx).Column(&columns)
	if err != nil {
		return err
	}
	values := dbx.Params{}
	for _, column := range columns {
		value, ok := row[column]
		if override, overridden := overrides[column]; overridden {
			value, ok = override, true
		}
		if ok && value.Valid {
			values[column] = value.String
		}
	}
	exists := 0
	err = tx.DB().Select("COUNT(*)").From(table).Where(dbx.HashExp{"id": row["id"].String}).WithContext(ctx).Row(&exists)
	if err != nil || exists > 0 {
		return err
	}
	if _, err := tx.NonconcurrentDB().Insert(table, values).WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("add a row to %s: %w", table, err)
	}
	return nil
}
