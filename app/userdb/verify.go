package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Verification is what a look at one database found.
type Verification struct {
	Name     string          `json:"name"`
	Status   registry.Status `json:"status"`
	Problems []string        `json:"problems"` // none when all is well
	Done     int             `json:"done"`
	Total    int             `json:"total"`
}

// Verify looks whether databases are whole, a few at a time, and reports each:
// the data key opens, the files are there and for this user only, SQLite finds no
// fault in them, the owner is in it, the recordings are on the disk, and no two
// share a signing secret. It changes nothing and may run while they are used. No
// names means all. The error is that of ctx or of the registry.
func (s *Service) Verify(ctx context.Context, names []string, parallel int, report func(Verification)) error {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	v := &verifier{service: s, secrets: map[string]string{}}
	return each(ctx, entries, parallel, v.verify, func(entry registry.Entry, problems []string, done int) {
		report(Verification{Name: entry.Name, Status: entry.Status, Problems: problems, Done: done, Total: len(entries)})
	})
}

type verifier struct {
	service *Service

	mu      sync.Mutex
	secrets map[string]string // signing secret to the database that has it
}

func (v *verifier) verify(ctx context.Context, entry registry.Entry) []string {
	problems := []string{}
	note := func(err error) {
		if err != nil {
			problems = append(problems, err.Error())
		}
	}
	if _, err := v.service.vault.Unwrap(entry.Name, entry.WrappedKey); err != nil {
		note(fmt.Errorf("its data key: %w", err))
	}
	switch entry.Status {
	case registry.StatusReady:
		note(checkKnown(entry.SchemaVersion))
		note(v.folder(ctx, entry))
	case registry.StatusArchived:
		note(durable.CheckArchive(ctx, v.service.archivePath(entry.Name)))
	case registry.StatusFailed:
		note(errors.New("it could not be made: " + entry.Error))
	}
	return problems
}

func (v *verifier) folder(ctx context.Context, entry registry.Entry) error {
	dir := v.service.Dir(entry.Name)
	path := filepath.Join(dir, sqlite.DataFile)
	if there, err := hasData(dir); err != nil || !there {
		return errors.Join(errMissing, err)
	}
	err := private(dir)
	db, openErr := sqlite.Open(path)
	if openErr != nil {
		return errors.Join(err, openErr)
	}
	err = errors.Join(err, integrity(ctx, db))
	if err == nil {
		err = errors.Join(hasOwner(ctx, db, entry.UserID), v.distinct(ctx, db, entry.Name), hasFiles(ctx, db, dir))
	}
	return errors.Join(err, db.Close())
}

// private reports what of a folder is open to other users of the machine.
func private(dir string) error {
	for _, path := range []string{dir, filepath.Join(dir, sqlite.DataFile)} {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			return fmt.Errorf("%s is open to other users of the machine (%s)", filepath.Base(path), info.Mode().Perm())
		}
	}
	return nil
}

func integrity(ctx context.Context, db *dbx.DB) error {
	var faults []string
	if err := db.NewQuery("PRAGMA integrity_check(5)").WithContext(ctx).Column(&faults); err != nil {
		return fmt.Errorf("SQLite can't read it: %w", err)
	}
	if !slices.Equal(faults, []string{"ok"}) {
		return fmt.Errorf("SQLite finds it corrupt: %s", strings.Join(faults, "; "))
	}
	return nil
}

func hasOwner(ctx context.Context, db *dbx.DB, userID string) error {
	var ids []string
	if err := db.Select("id").From(schema.Users).WithContext(ctx).Column(&ids); err != nil {
		return err
	}
	if !slices.Equal(ids, []string{userID}) {
		return fmt.Errorf("its owner should be %s, in it are %v", userID, ids)
	}
	return nil
}

// distinct reports signing secrets that another database has as well.
func (v *verifier) distinct(ctx context.Context, db *dbx.DB, name string) error {
	collections, err := secretsOf(db.WithContext(ctx))
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range collections {
		for _, secret := range c.secrets {
			if other, taken := v.secrets[secret]; taken {
				return fmt.Errorf("its %s have a signing secret of %s", c.name, other)
			}
			v.secrets[secret] = name
		}
	}
	return nil
}

// hasFiles reports recordings whose file is missing or of another size.
func hasFiles(ctx context.Context, db *dbx.DB, dir string) error {
	var collection string
	if err := db.Select("id").From("_collections").Where(dbx.HashExp{"name": schema.Recordings}).WithContext(ctx).Row(&collection); err != nil {
		return err
	}
	var recordings []struct {
		ID   string `db:"id"`
		File string `db:"file"`
		Size int64  `db:"size"`
	}
	err := db.Select("id", "file", "size").From(schema.Recordings).Where(dbx.Not(dbx.HashExp{"file": ""})).WithContext(ctx).All(&recordings)
	if err != nil {
		return err
	}
	var problems []error
	for _, r := range recordings {
		info, err := os.Stat(filepath.Join(dir, core.LocalStorageDirName, collection, r.ID, r.File))
		switch {
		case errors.Is(err, os.ErrNotExist):
			problems = append(problems, fmt.Errorf("the file of recording %s is missing", r.ID))
		case err != nil:
			problems = append(problems, err)
		case info.Size() != r.Size:
			problems = append(problems, fmt.Errorf("the file of recording %s has %d bytes, not %d", r.ID, info.Size(), r.Size))
		}
	}
	return errors.Join(problems...)
}
