package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// RestoredUser is the outcome of RestoreUser.
type RestoredUser struct {
	Set            Set       `json:"set"` // without its objects
	Name           string    `json:"name"`
	Email          string    `json:"email"`
	Recordings     int       `json:"recordings"`
	CreatedAccount bool      `json:"created_account"`    // the account was gone
	Replaced       string    `json:"replaced,omitempty"` // another database of the user, which is deleted after the grace period
	Problems       []Problem `json:"problems"`
}

// RestoreUser restores the database of one user, found by its name or the user's e-mail address, from a set, selected as in Find.
// Everybody else keeps working. A present database of the user is replaced only if replace is set; nothing changes before the restored
// one is complete. RestoreUser returns the errors of Restore and of userdb.Service.Reinstate.
func (s *Service) RestoreUser(ctx context.Context, name, user string, replace bool) (result RestoredUser, err error) {
	if !s.running.TryLock() { // it might remove the set
		return RestoredUser{}, ErrRunning
	}
	defer s.running.Unlock()
	set, err := s.Repository.Find(ctx, name)
	if err != nil {
		return RestoredUser{}, err
	}
	c, err := s.Repository.readContents(ctx, set)
	if err != nil {
		return RestoredUser{}, err
	}
	d, err := findDatabase(c, user, set.Name)
	if err != nil {
		return RestoredUser{}, err
	}
	if err := s.Databases.CheckReinstatement(ctx, d.UserID, d.Email, d.Name, replace); err != nil {
		return RestoredUser{}, err
	}
	set.Objects = nil
	result = RestoredUser{Set: set, Name: d.Name, Email: d.Email, Recordings: len(d.Recordings), Problems: []Problem{}}
	scratch, err := os.MkdirTemp(s.UserDBsDir, scratchPrefix+"restore-")
	if err != nil {
		return RestoredUser{}, fmt.Errorf("create a folder for the restored database: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	folder := filepath.Join(scratch, "database")
	problems, err := s.unpackUser(ctx, c.Global, d, scratch, folder)
	if err != nil {
		return RestoredUser{}, fmt.Errorf("restore user database %s: %w", d.Name, err)
	}
	for _, problem := range problems {
		result.Problems = append(result.Problems, Problem{d.Name, problem})
	}
	request, err := readAccount(ctx, filepath.Join(scratch, "global", sqlite.DataFile), d)
	if err != nil {
		return RestoredUser{}, fmt.Errorf("read the account of %s in the backup: %w", d.Email, err)
	}
	request.Folder, request.Replace = folder, replace
	reinstated, err := s.Databases.Reinstate(ctx, request)
	if err != nil {
		return RestoredUser{}, fmt.Errorf("restore user database %s: %w", d.Name, err)
	}
	result.CreatedAccount, result.Replaced = reinstated.CreatedAccount, reinstated.Replaced
	return result, nil
}

// findDatabase returns the database with a name, or the one whose owner has an e-mail address.
func findDatabase(c contents, user, set string) (database, error) {
	var found []database
	for _, d := range c.Databases {
		if d.Name == user {
			found = []database{d}
			break
		}
		if strings.EqualFold(d.Email, user) {
			found = append(found, d)
		}
	}
	switch {
	case len(found) == 0:
		return database{}, fmt.Errorf("backup %s contains no database of %q", set, user)
	case len(found) > 1:
		return database{}, fmt.Errorf("backup %s contains %d databases of %q: specify one by its name, %s or %s", set, len(found), user, found[0].Name, found[1].Name)
	case found[0].UserID == "":
		return database{}, fmt.Errorf("the account of %s had been deleted when backup %s was created: use an earlier backup", found[0].Email, set)
	case found[0].SchemaVersion != "" && !schema.Knows(found[0].SchemaVersion):
		return database{}, fmt.Errorf("database %s in backup %s has a newer schema than this program supports: run the version that created the backup", found[0].Name, set)
	}
	return found[0], nil
}

// unpackUser writes the database to folder, and the global database to the folder "global" in scratch.
func (s *Service) unpackUser(ctx context.Context, global, d database, scratch, folder string) (problems []string, err error) {
	space := s.Ledger.Writer(s.UserDBsDir, "restored database")
	defer space.Release()
	metered := *s.Repository
	metered.meter = progress.Start(ctx, progress.Progress{
		Stage: "read backup", Total: bytesOf(append(global.objects(), d.objects()...)), Unit: progress.Bytes,
	})
	u := unpacker{Repository: &metered, allow: space.Allow}
	if s.Blobs.S3 != nil {
		u.s3 = s.Blobs.S3
	}
	if err := u.files(ctx, global, filepath.Join(scratch, "global")); err != nil {
		return nil, err
	}
	if d.Archived {
		archive := filepath.Join(scratch, "archive")
		if err := u.files(ctx, d, archive); err != nil {
			return nil, err
		}
		err = durable.Unpack(ctx, filepath.Join(archive, archiveName(d.Name)), folder, space.Allow, core.LocalStorageDirName)
	} else {
		err = u.files(ctx, d, folder)
	}
	if err != nil {
		return nil, err
	}
	return u.recordings(ctx, d, folder)
}

// readAccount reads the rows that belong to a user from the global database in a backup.
func readAccount(ctx context.Context, file string, d database) (r userdb.Reinstatement, err error) {
	err = withFile(file, func(db *dbx.DB) error {
		if err := selectRow(ctx, db, migrations.Users, dbx.HashExp{"id": d.UserID}, &r.User); err != nil {
			return err
		}
		if err := selectRow(ctx, db, migrations.UserDatabases, dbx.HashExp{"name": d.Name}, &r.Row); err != nil {
			return err
		}
		for _, related := range []struct{ table, column string }{
			{core.CollectionNameExternalAuths, "recordRef"}, {migrations.JobSchedules, "user"}, {migrations.GlobalQueue, "user"},
		} {
			rows := []dbx.NullStringMap{}
			err := db.Select("*").From(related.table).Where(dbx.HashExp{related.column: d.UserID}).WithContext(ctx).All(&rows)
			if err != nil {
				return fmt.Errorf("read %s: %w", related.table, err)
			}
			r.Related = append(r.Related, userdb.RelatedRows{Table: related.table, Rows: rows})
		}
		return nil
	})
	return r, err
}

func selectRow(ctx context.Context, db *dbx.DB, table string, where dbx.HashExp, row *dbx.NullStringMap) error {
	*row = dbx.NullStringMap{}
	if err := db.Select("*").From(table).Where(where).WithContext(ctx).One(row); err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	return nil
}
