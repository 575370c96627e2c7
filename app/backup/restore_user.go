package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// UserRestore selects what RestoreUser restores.
type UserRestore struct {
	Set     string // as in Find
	User    string // the name of the database, or the e-mail address of its owner
	Replace bool   // a present database of the user is replaced
	Keys    *Keys  // decrypt the set; nil means those of the Repository
}

// RestoredUser is the outcome of RestoreUser.
type RestoredUser struct {
	Set            Set       `json:"set"` // without its objects
	Name           string    `json:"name"`
	Email          string    `json:"email"`
	Recordings     int       `json:"recordings"`         // that the restored database has
	CreatedAccount bool      `json:"created_account"`    // the account was gone
	Replaced       string    `json:"replaced,omitempty"` // another database of the user, which is deleted after the grace period
	Former         string    `json:"former,omitempty"`   // the folder with what the database was before, which is deleted after the grace period
	Problems       []Problem `json:"problems"`
}

// RestoreUser restores the database of one user from a set. Everybody else keeps working. Nothing changes before the restored database
// is complete. If the account is gone, it is restored with everything that belongs to it in the global database. RestoreUser returns the
// errors of Restore and of userdb.Service.Reinstate.
func (s *Service) RestoreUser(ctx context.Context, request UserRestore) (result RestoredUser, err error) {
	if !s.running.TryLock() { // it might remove the set
		return RestoredUser{}, ErrRunning
	}
	defer s.running.Unlock()
	repository := s.Repository.with(request.Keys)
	set, err := repository.Find(ctx, request.Set)
	if err != nil {
		return RestoredUser{}, err
	}
	c, err := repository.readContents(ctx, set)
	if err != nil {
		return RestoredUser{}, err
	}
	d, err := findDatabase(c, request.User, set.Name)
	if err != nil {
		return RestoredUser{}, err
	}
	scratch, err := os.MkdirTemp(s.UserDBsDir, scratchPrefix+"restore-")
	if err != nil {
		return RestoredUser{}, fmt.Errorf("create a folder for the restored database: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	space := s.Ledger.Writer(s.UserDBsDir, "restored database")
	defer space.Release()
	repository.meter = progress.Start(ctx, progress.Progress{
		Stage: "read backup", Total: bytesOf(append(c.Global.objects(), d.objects()...)), Unit: progress.Bytes,
	})
	u := unpacker{Repository: repository, allow: space.Allow}
	if s.Blobs.S3 != nil {
		u.s3 = s.Blobs.S3
	}
	set.Objects = nil
	result = RestoredUser{Set: set, Name: d.Name, Problems: append(problemsOf(c, d.Name), set.Skipped...)}
	reinstated, err := s.restoreUser(ctx, u, c.Global, d, scratch, request.Replace, &result)
	if err != nil {
		return RestoredUser{}, fmt.Errorf("restore user database %s: %w", d.Name, err)
	}
	result.CreatedAccount, result.Replaced, result.Former = reinstated.CreatedAccount, reinstated.Replaced, reinstated.Former
	return result, nil
}

// restoreUser reads the account first, because what the user has now may prevent the restore.
func (s *Service) restoreUser(
	ctx context.Context, u unpacker, global, d database, scratch string, replace bool, result *RestoredUser,
) (userdb.Reinstated, error) {
	if err := u.files(ctx, global, filepath.Join(scratch, "global")); err != nil {
		return userdb.Reinstated{}, err
	}
	request := userdb.Reinstatement{Folder: filepath.Join(scratch, "database"), Replace: replace}
	err := withFile(filepath.Join(scratch, "global", sqlite.DataFile), func(db *dbx.DB) (err error) {
		request.Owned, err = registry.ReadOwned(ctx, db, d.Name)
		return err
	})
	if err != nil {
		return userdb.Reinstated{}, fmt.Errorf("read the account in the backup: %w", err)
	}
	result.Email = request.Owned.Email()
	if err := s.Databases.CheckReinstatement(ctx, request.Owned, replace); err != nil {
		return userdb.Reinstated{}, err
	}
	if err := u.folder(ctx, d, filepath.Join(scratch, "archive"), request.Folder); err != nil {
		return userdb.Reinstated{}, err
	}
	if _, err := u.recordings(ctx, d, request.Folder); err != nil {
		return userdb.Reinstated{}, err
	}
	// Again, because the deletion of the present database or a sweep may have removed in the meantime what was still in S3.
	request.Complete = func(ctx context.Context) error {
		lost, err := u.recordings(ctx, d, request.Folder)
		result.Recordings = len(d.Recordings) - lost.count
		result.Problems = append(result.Problems, lost.problems(d.Name)...)
		return err
	}
	return s.Databases.Reinstate(ctx, request)
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
		isOfUser := func(p Problem) bool { return p.Database == user || p.Email != "" && strings.EqualFold(p.Email, user) }
		if i := slices.IndexFunc(c.Problems, isOfUser); i >= 0 {
			return database{}, fmt.Errorf("backup %s lacks the database of %q, because it couldn't be read (%s): use an earlier backup", set, user, c.Problems[i].Text)
		}
		return database{}, fmt.Errorf("backup %s contains no database of %q: it may be in an earlier one, which fathom-to-loom backup list shows", set, user)
	case len(found) > 1:
		return database{}, fmt.Errorf("backup %s contains %d databases of %q: specify one by its name, %s or %s", set, len(found), user, found[0].Name, found[1].Name)
	case found[0].SchemaVersion != "" && !schema.Knows(found[0].SchemaVersion):
		return database{}, fmt.Errorf("database %s in backup %s has a newer schema than this program supports: run the version that created the backup", found[0].Name, set)
	}
	return found[0], nil
}
