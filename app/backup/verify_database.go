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

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// checkDatabase restores a database, opens it and checks its recordings. It returns all problems, or a *ledger.DiskError.
func (v *verifier) checkDatabase(ctx context.Context, d database) (err error) {
	dir := filepath.Join(v.scratch, cmp.Or(d.Name, "global"))
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	space := v.space.Writer(v.scratch, "verification of a backup")
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

// readArchive reads the archive of a database completely, and writes only the database itself to a new folder.
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

// checkData checks the content of a database, which may come from an archive.
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
