package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Names of the archives of databases, as package userdb gives them.
const (
	archiveFolder    = ".archives"
	archiveExtension = ".tar.zst"
)

func archiveName(database string) string { return database + archiveExtension }

// tryArchive stores the archive of a database and those of its recordings that are in S3. It returns fs.ErrNotExist if there is
// none.
func (r *run) tryArchive(ctx context.Context, saved database, row registryRow) (database, outcome, error) {
	name := archiveName(row.Name)
	source := filepath.Join(r.UserDBsDir, archiveFolder, name)
	fingerprint, err := fingerprintFile(source, time.Now())
	if err != nil {
		return database{}, outcome{}, err
	}
	saved.Archived = true
	if known, ok := r.state.database(row.Name, fingerprint); ok && known.Archived && r.hasAll(known) && r.hasRecordings(known) {
		saved.Object, saved.Files, saved.Recordings = known.Object, known.Files, known.Recordings
		return saved, outcome{}, r.state.addDatabase(saved, fingerprint)
	}
	var result outcome
	if row.SizeInS3 > 0 {
		recordings, err := r.archivedRecordings(ctx, source, row.Name)
		if err != nil {
			return database{}, outcome{}, err
		}
		if result.problems, err = r.storeRecordings(ctx, &saved, recordings); err != nil {
			return database{}, outcome{}, err
		}
	}
	if err := r.storeFiles(ctx, &saved, []sourceFile{{source, name}}); err != nil {
		return database{}, outcome{}, err
	}
	if len(result.problems) > 0 {
		fingerprint = ""
	}
	return saved, result, r.state.addDatabase(saved, fingerprint)
}

// archivedRecordings returns the recordings of an archived database that are in S3.
func (r *run) archivedRecordings(ctx context.Context, archive, name string) (inS3 []recordedFile, err error) {
	target := filepath.Join(r.scratch, name+".archived.db")
	if err := r.extractData(ctx, archive, target); err != nil {
		return nil, fmt.Errorf("read the archive: %w", err)
	}
	err = withFile(target, func(db *dbx.DB) error {
		recordings, err := readRecordings(ctx, db)
		for _, recorded := range recordings {
			if recorded.Blob != "" {
				inS3 = append(inS3, recorded)
			}
		}
		return err
	})
	return inS3, errors.Join(err, os.Remove(target))
}

// extractData writes the data.db in an archive to a new file.
func (r *run) extractData(ctx context.Context, archive, target string) (err error) {
	from, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer from.Close()
	found := false
	err = visitArchive(contextReader{ctx, from}, func(header *tar.Header, content io.Reader) error {
		if path.Clean(header.Name) != sqlite.DataFile {
			return nil
		}
		space, err := r.Ledger.ReserveTemporary(r.scratch, "backup", header.Size)
		if err != nil {
			return err
		}
		defer space.Release()
		found = true
		if err := writeNewFile(target, content); err != nil {
			return err
		}
		return errStop
	})
	if err = ignoreStop(err); err == nil && !found {
		err = fs.ErrNotExist
	}
	return err
}

// currentRecordings returns the recordings that a database names now.
func (r *run) currentRecordings(ctx context.Context, name string) (recordings []recordedFile, err error) {
	read := func(db *dbx.DB) (err error) {
		recordings, err = readRecordings(ctx, db)
		return err
	}
	err = withFile(filepath.Join(r.UserDBsDir, name, sqlite.DataFile), read)
	if errors.Is(err, fs.ErrNotExist) {
		return r.archivedRecordings(ctx, filepath.Join(r.UserDBsDir, archiveFolder, archiveName(name)), name)
	}
	return recordings, err
}

func writeNewFile(path string, content io.Reader) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}
