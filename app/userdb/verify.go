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

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Verification is the result of checking one database.
type Verification struct {
	Name     string          `json:"name"`
	Status   registry.Status `json:"status"`
	Problems []string        `json:"problems"`          // empty, not nil, if there are none
	Skipped  bool            `json:"skipped,omitempty"` // VerifyRecordings only: it wasn't checked, because it isn't ready
	Done     int             `json:"done"`              // databases checked so far, including this one
	Total    int             `json:"total"`
}

// Verify checks the named databases, or all of them if names is empty, for damage, up to parallel
// databases at a time, and reports the result for each. It checks that the data key can be decrypted,
// that the files exist and are accessible to their owner only, that SQLite finds no corruption, that
// the owner record and the files of the recordings exist, on disk and in S3, and that no two databases share a
// signing secret. It changes nothing and may run while the databases are in use. Verify returns ctx.Err or an
// error of the registry.
func (s *Service) Verify(ctx context.Context, names []string, parallel int, report func(Verification)) error {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	v := &verifier{service: s, secrets: map[string]string{}}
	return forEach(ctx, entries, parallel, v.verify, func(entry registry.Entry, problems []string, done int) {
		report(Verification{Name: entry.Name, Status: entry.Status, Problems: problems, Done: done, Total: len(entries)})
	})
}

// verifier holds the state of one call of Verify. It is safe for concurrent use.
type verifier struct {
	service *Service
	s3      s3Check

	mu      sync.Mutex
	secrets map[string]string // database names by signing secret
}

// verify returns the problems of a database.
func (v *verifier) verify(ctx context.Context, entry registry.Entry) []string {
	problems := []string{}
	check := func(err error) {
		if err != nil {
			problems = append(problems, err.Error())
		}
	}
	_, err := v.service.vault.Unwrap(entry.Name, entry.WrappedKey)
	check(err)
	switch entry.Status {
	case registry.StatusReady:
		check(checkSchemaVersion(entry.SchemaVersion))
		check(v.checkFolder(ctx, entry))
	case registry.StatusArchived:
		path := v.service.archivePath(entry.Name)
		check(fileperm.Explain(path, durable.CheckArchive(ctx, path)))
	case registry.StatusFailed:
		check(errors.New("provisioning failed: " + entry.Error))
	}
	return problems
}

func (v *verifier) checkFolder(ctx context.Context, entry registry.Entry) error {
	dir := v.service.Dir(entry.Name)
	if err := requireData(dir); err != nil {
		return err
	}
	err := checkPermissions(dir)
	db, openErr := sqlite.OpenReadOnly(filepath.Join(dir, sqlite.DataFile))
	if openErr != nil {
		return errors.Join(err, openErr)
	}
	err = errors.Join(err, checkIntegrity(ctx, db))
	if err == nil {
		err = errors.Join(
			checkOwner(ctx, db, entry.UserID), v.checkSecrets(ctx, db, entry.Name),
			v.service.checkFiles(ctx, db, entry.Name, &v.s3),
		)
	}
	return errors.Join(err, db.Close())
}

func checkPermissions(dir string) error {
	for _, path := range []string{dir, filepath.Join(dir, sqlite.DataFile)} {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			return fmt.Errorf("%s is accessible to other users of this machine (%s)", filepath.Base(path), info.Mode().Perm())
		}
	}
	return nil
}

func checkIntegrity(ctx context.Context, db *dbx.DB) error {
	var faults []string
	if err := db.NewQuery("PRAGMA integrity_check(5)").WithContext(ctx).Column(&faults); err != nil {
		return fmt.Errorf("run SQLite's integrity check: %w", err)
	}
	if !slices.Equal(faults, []string{"ok"}) {
		return fmt.Errorf("SQLite found corruption: %s", strings.Join(faults, "; "))
	}
	return nil
}

func checkOwner(ctx context.Context, db *dbx.DB, userID string) error {
	var ids []string
	if err := db.Select("id").From(schema.Users).WithContext(ctx).Column(&ids); err != nil {
		return err
	}
	if !slices.Equal(ids, []string{userID}) {
		return fmt.Errorf("owner records are %v instead of %s", ids, userID)
	}
	return nil
}

// checkSecrets returns an error if another database that was checked has one of the signing secrets.
func (v *verifier) checkSecrets(ctx context.Context, db *dbx.DB, name string) error {
	collections, err := readSigningSecrets(db.WithContext(ctx))
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range collections {
		for _, secret := range c.secrets {
			if other, found := v.secrets[secret]; found {
				return fmt.Errorf("collection %s shares a signing secret with %s", c.name, other)
			}
			v.secrets[secret] = name
		}
	}
	return nil
}

// checkFiles returns an error that lists the recordings whose file, on disk or in S3, is missing or has the wrong size.
func (s *Service) checkFiles(ctx context.Context, db *dbx.DB, name string, s3 *s3Check) error {
	dir := s.Dir(name)
	if err := requireStorage(dir); err != nil {
		return err
	}
	recordings, err := storedRecordings(ctx, db)
	if err != nil {
		return err
	}
	if s3.skip() {
		recordings = slices.DeleteFunc(recordings, storedRecording.isInS3)
	}
	sizes, remoteErr := s.sizesInS3(ctx, name, recordings)
	if remoteErr != nil {
		remoteErr = s3.report(remoteErr)
		recordings = slices.DeleteFunc(recordings, storedRecording.isInS3)
	}
	found := map[storedRecording]error{}
	for _, r := range recordings {
		if problem := r.check(dir, sizes); problem != nil {
			found[r] = problem
		}
	}
	if len(found) == 0 {
		return remoteErr
	}
	problems := []error{remoteErr}
	// People may have deleted recordings in the meantime, and operators may have moved them.
	current, err := storedRecordings(ctx, db)
	if err != nil {
		return err
	}
	for _, r := range current {
		problems = append(problems, found[r])
	}
	return errors.Join(problems...)
}

// check returns an error if the file of a recording is missing or has the wrong size. dir is the folder of the
// database, sizes has the files in S3.
func (r storedRecording) check(dir string, sizes map[string]int64) error {
	size, found := sizes[r.Blob]
	where := " in S3"
	if r.Blob == "" {
		where = ""
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(r.path)))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if found = err == nil; found {
			size = info.Size()
		}
	}
	switch {
	case !found:
		return fmt.Errorf("file of recording %s is missing%s", r.ID, where)
	case size != r.Size:
		return fmt.Errorf("file of recording %s has %d bytes%s instead of %d", r.ID, size, where, r.Size)
	}
	return nil
}
