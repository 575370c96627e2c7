package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Names of the archives of databases, as package userdb gives them.
const (
	archiveFolder    = ".archives"
	archiveExtension = ".tar.zst"
)

func archiveName(database string) string { return database + archiveExtension }

func (r *run) archivePath(database string) string {
	return filepath.Join(r.UserDBsDir, archiveFolder, archiveName(database))
}

// archiveFingerprint starts the fingerprints of archives. Earlier versions didn't examine all archives.
const archiveFingerprint = "archive "

// tryArchive stores the archive of a database and those of its recordings that aren't in it: they are in S3, or on another disk to
// which the archive has a link. It returns fs.ErrNotExist if there is no archive.
func (r *run) tryArchive(ctx context.Context, saved database, entry registry.Entry) (database, outcome, error) {
	name := archiveName(entry.Name)
	source := r.archivePath(entry.Name)
	fingerprint, err := fingerprintFile(source, time.Now())
	if err != nil {
		return database{}, outcome{}, err
	}
	if fingerprint != "" {
		fingerprint = archiveFingerprint + fingerprint
	}
	saved.Archived = true
	if known, ok := r.state.database(entry.Name, fingerprint); ok && known.Archived && r.hasAll(known) && r.hasRecordings(known) {
		saved.Object, saved.Files, saved.Recordings = known.Object, known.Files, known.Recordings
		return saved, outcome{}, r.state.addDatabase(saved, fingerprint)
	}
	recordings, err := r.archivedRecordings(ctx, entry.Name)
	if err != nil {
		return database{}, outcome{}, err
	}
	var result outcome
	if result.problems, err = r.storeRecordings(ctx, &saved, recordings); err != nil {
		return database{}, outcome{}, err
	}
	if err := r.storeFiles(ctx, &saved, []sourceFile{{source, name}}); err != nil {
		return database{}, outcome{}, err
	}
	if len(result.problems) > 0 {
		fingerprint = ""
	}
	return saved, result, r.state.addDatabase(saved, fingerprint)
}

// archivedRecordings returns the recordings of an archived database that aren't in its archive.
func (r *run) archivedRecordings(ctx context.Context, name string) (outside []recordedFile, err error) {
	from, err := os.Open(r.archivePath(name))
	if err != nil {
		return nil, err
	}
	defer from.Close()
	target := filepath.Join(r.scratch, name+".archived.db")
	var space *ledger.Reservation
	archive, err := readArchive(ctx, from, target, func(bytes int64) (err error) {
		space, err = r.Ledger.ReserveTemporary(r.scratch, "backup", bytes)
		return err
	})
	defer space.Release()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the archive: %w", err), ignoreMissing(os.Remove(target)))
	}
	err = withFile(target, func(db *dbx.DB) (err error) {
		outside, err = archive.outside(ctx, db)
		return err
	})
	if archive.storage != "" && !filepath.IsAbs(archive.storage) {
		archive.storage = filepath.Join(r.UserDBsDir, name, archive.storage)
	}
	for i := range outside {
		outside[i].storage = archive.storage
	}
	return outside, errors.Join(err, os.Remove(target))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// currentRecordings returns the recordings that a database names now.
func (r *run) currentRecordings(ctx context.Context, name string) (recordings []recordedFile, err error) {
	err = withFile(filepath.Join(r.UserDBsDir, name, sqlite.DataFile), func(db *dbx.DB) (err error) {
		recordings, err = readRecordings(ctx, db)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return r.archivedRecordings(ctx, name)
	}
	return recordings, err
}
