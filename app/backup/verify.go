package backup

import (
	"archive/tar"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Verification is the result of checking a set.
type Verification struct {
	Set       Set       `json:"set"`       // without its objects
	Objects   int       `json:"objects"`   // whose checksums were checked
	Databases int       `json:"databases"` // that were restored and opened
	Encrypted bool      `json:"encrypted"` // nothing was decrypted, because there is no BACKUP_KEY
	Problems  []Problem `json:"problems"`
}

// Verify checks a set, selected as in Find: every object is read and its checksum compared, every database is restored into a
// folder below scratch and opened, and the content of every recording is compared with its checksum. Without a key, only the
// encrypted objects are checked. The reserve of space is left free. Verify returns an error if the set can't be read at all, or was
// removed meanwhile, a *ledger.DiskError, or ctx.Err.
func (r *Repository) Verify(ctx context.Context, name, scratch string, space *ledger.Ledger) (result Verification, err error) {
	set, err := r.Find(ctx, name)
	if err != nil {
		return Verification{}, err
	}
	metered := *r
	metered.meter = progress.Start(ctx, progress.Progress{
		Stage: "read backup", Total: bytesOf(append([]Object{set.Contents}, set.Objects...)), Unit: progress.Bytes,
	})
	v := &verifier{repository: &metered, ledger: space, checked: map[string]bool{}, result: Verification{Set: set, Problems: set.newerProblems()}}
	v.result.Set.Objects = nil
	if !r.CanDecrypt() {
		v.result.Encrypted = true
		err = v.checkObjects(ctx, append([]Object{set.Contents}, set.Objects...))
		return v.result, err
	}
	folder, err := newScratch(scratch)
	if err != nil {
		return Verification{}, fmt.Errorf("create a folder for restored databases: %w", err)
	}
	defer func() { err = errors.Join(err, folder.remove()) }()
	v.scratch = folder.path
	if err := v.checkSet(ctx, set); err != nil {
		return Verification{}, err
	}
	if len(v.result.Problems) > 0 {
		if _, err := r.Find(ctx, set.Name); err != nil {
			return Verification{}, fmt.Errorf("verify backup %s, which was removed meanwhile: %w", set.Name, err)
		}
	}
	slices.SortFunc(v.result.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Database, b.Database), strings.Compare(a.Text, b.Text))
	})
	return v.result, nil
}

// verifier checks one set. Its databases are checked a few at a time, and removed again, so that the scratch folder stays small.
type verifier struct {
	repository *Repository
	ledger     *ledger.Ledger
	scratch    string

	mu      sync.Mutex
	checked map[string]bool // keys of objects
	result  Verification
}

const verifyParallel = 2

func (v *verifier) checkSet(ctx context.Context, set Set) error {
	c, err := v.repository.readContents(ctx, set)
	if err != nil {
		return err
	}
	v.count(set.Contents)
	v.result.Problems = append(v.result.Problems, problemsOf(c, "")...)
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(verifyParallel)
	for _, d := range append([]database{c.Global}, c.Databases...) {
		if groupCtx.Err() != nil {
			break
		}
		group.Go(func() error {
			err := v.checkDatabase(groupCtx, d)
			if groupCtx.Err() != nil {
				return groupCtx.Err()
			}
			if full, ok := errors.AsType[*ledger.DiskError](err); ok { // which says nothing about the backup
				return full
			}
			v.report(d.Name, err)
			return nil
		})
	}
	if err := errors.Join(group.Wait(), ctx.Err()); err != nil {
		return err
	}
	named := map[string]bool{}
	for _, object := range set.Objects {
		named[object.Key] = true
	}
	for key := range v.checked {
		if !named[key] && key != set.Contents.Key {
			v.report("", fmt.Errorf("the index lacks %s: it may be removed although this backup needs it", key))
		}
	}
	return v.checkObjects(ctx, slices.DeleteFunc(slices.Clone(set.Objects), func(o Object) bool { return v.checked[o.Key] }))
}

func (v *verifier) count(object Object) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.checked[object.Key] {
		v.checked[object.Key] = true
		v.result.Objects++
	}
}

func (v *verifier) report(database string, err error) {
	if err == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, line := range strings.Split(err.Error(), "\n") {
		v.result.Problems = append(v.result.Problems, Problem{Database: database, Text: line})
	}
}

// checkObjects compares the checksums of objects without decrypting them.
func (v *verifier) checkObjects(ctx context.Context, objects []Object) error {
	for _, object := range objects {
		err := v.repository.check(ctx, object)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		v.count(object)
		v.report("", err)
	}
	return nil
}

// checkDatabase restores a database, opens it and checks its recordings. It returns all problems.
func (v *verifier) checkDatabase(ctx context.Context, d database) (err error) {
	dir := filepath.Join(v.scratch, cmp.Or(d.Name, "global"))
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	space := v.ledger.Writer(v.scratch, "verified backup")
	defer space.Release()
	var archive archiveContent
	if d.Archived {
		archive, err = v.readArchive(ctx, d, dir, space.Allow)
	} else {
		err = unpacker{Repository: v.repository, allow: space.Allow}.files(ctx, d, dir)
	}
	if err != nil {
		return err
	}
	v.count(d.Object)
	err = withFile(filepath.Join(dir, sqlite.DataFile), func(db *dbx.DB) error { return v.checkData(ctx, d, archive, db) })
	v.mu.Lock()
	v.result.Databases++
	v.mu.Unlock()
	for _, r := range d.Recordings {
		if r.Object.Key != "" {
			err = errors.Join(err, v.checkRecording(ctx, r))
		}
	}
	return err
}

// readArchive reads the archive of a database, of which it writes only the database itself to a new folder.
func (v *verifier) readArchive(ctx context.Context, d database, dir string, allow func(int64) error) (archive archiveContent, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return archive, err
	}
	if len(d.Files) != 1 {
		return archive, errDamaged
	}
	sum := &countingHash{Hash: sha256.New()}
	err = v.repository.open(ctx, d.Object, func(header *tar.Header, content io.Reader) error {
		if header.Name != d.Files[0].Path {
			return nil
		}
		counted := io.TeeReader(content, sum)
		if archive, err = readArchive(ctx, counted, filepath.Join(dir, sqlite.DataFile), allow); err != nil {
			return fmt.Errorf("read the archive: %w", err)
		}
		return durable.Copy(ctx, io.Discard, counted)
	})
	if err == nil && (sum.size != d.Files[0].Size || sum.hex() != d.Files[0].SHA256) {
		err = fmt.Errorf("%w: the archive has another content than when it was backed up", errDamaged)
	}
	return archive, err
}

func (v *verifier) checkData(ctx context.Context, d database, archive archiveContent, db *dbx.DB) error {
	if err := quickCheck(ctx, db); err != nil {
		return err
	}
	if d.Name == "" {
		var applied []string
		if err := db.Select("file").From("_migrations").WithContext(ctx).Column(&applied); err != nil {
			return fmt.Errorf("read the schema: %w", err)
		}
		if unknown := migrations.Unknown(applied); len(unknown) > 0 {
			return fmt.Errorf("a newer version has applied %s: restore it with that version", unknown[0])
		}
		return nil
	}
	if d.SchemaVersion != "" && !schema.Knows(d.SchemaVersion) {
		return fmt.Errorf("a newer version has applied %s: restore it with that version", d.SchemaVersion)
	}
	recordings, err := readRecordings(ctx, db)
	if err != nil {
		return err
	}
	saved := map[string]bool{}
	for _, r := range d.Recordings {
		saved[r.ID] = true
	}
	var problems []error
	for _, r := range recordings {
		if _, archived := archive.sizes[r.path]; !saved[r.ID] && (!archived || r.Blob != "") {
			problems = append(problems, fmt.Errorf("file of recording %s is not in the backup", r.ID))
		}
	}
	return errors.Join(problems...)
}

// checkRecording reads the file of a recording. It needs no disk space.
func (v *verifier) checkRecording(ctx context.Context, r recording) error {
	sum := &countingHash{Hash: sha256.New()}
	err := v.repository.open(ctx, r.Object, func(_ *tar.Header, content io.Reader) error {
		_, err := io.Copy(sum, content)
		return err
	})
	if err != nil {
		return fmt.Errorf("file of recording %s: %w", r.ID, err)
	}
	v.count(r.Object)
	if sum.size != r.Size || sum.hex() != r.SHA256 {
		return fmt.Errorf("file of recording %s: %w: its content is another than when it was backed up", r.ID, errDamaged)
	}
	return nil
}
