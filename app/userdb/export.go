package userdb

import (
	"archive/zip"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

//go:embed export_readme.txt
var exportReadme []byte

// Export writes a database to w as a zip archive, which unpacks to a data directory that a stock
// PocketBase can open. The database may be used in the meantime. The archive contains no stored
// credentials and no superusers, and all signing secrets in it are new, so it gives access to nothing
// on this server. Recordings in S3 are in it at the paths at which PocketBase expects them on disk. Export returns
// ErrExporting if another export of the database is running, a *ledger.DiskError if there is no space for the temporary
// copy, ErrRecordingMissing if S3 lacks a recording, and an error of S3; all before it writes anything. After any error
// the archive is incomplete.
func (s *Service) Export(ctx context.Context, db *Database, w io.Writer) error {
	end, err := s.exports.begin(db.Name)
	if err != nil {
		return err
	}
	defer end()
	if err := s.writeExport(ctx, db, w); err != nil {
		return fmt.Errorf("export user database %s: %w", db.Name, err)
	}
	return nil
}

// ExportByName exports a database, found by its name or the e-mail address of its owner, for an operator. In addition
// to the errors of Export, it returns those of AcquireByName.
func (s *Service) ExportByName(ctx context.Context, name string, w io.Writer) error {
	handle, err := s.AcquireByName(ctx, name)
	if err != nil {
		return err
	}
	defer handle.Release()
	return s.Export(ctx, handle.Database, w)
}

// AcquireByName acquires a database, found by its name or the e-mail address of its owner, for an operator. It unpacks
// the database first if it is archived.
func (s *Service) AcquireByName(ctx context.Context, name string) (*Handle, error) {
	entries, err := s.registry.Find(ctx, []string{name})
	if err != nil {
		return nil, err
	}
	entry := entries[0]
	if entry.Status == registry.StatusArchived {
		if entry, err = s.unarchive(ctx, entry); err != nil {
			return nil, err
		}
	}
	if entry.Status != registry.StatusReady {
		return nil, fmt.Errorf("open user database %s: %w: status is %s", entry.Name, errNotReady, entry.Status)
	}
	return s.Acquire(ctx, entry.Name)
}

func (s *Service) writeExport(ctx context.Context, db *Database, w io.Writer) (err error) {
	dir := s.Dir(db.Name)
	if err := requireStorage(dir); err != nil {
		return err
	}
	space, err := s.reserveSnapshots(db.Name)
	if err != nil {
		return err
	}
	defer space.Release()
	snapshots, err := os.MkdirTemp(s.dir, scratchPrefix+"export-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(snapshots)) }()

	files := []string{sqlite.DataFile}
	if found, err := exists(filepath.Join(dir, sqlite.AuxiliaryFile)); err != nil {
		return err
	} else if found {
		files = append(files, sqlite.AuxiliaryFile)
	}
	for _, file := range files {
		if err := sqlite.Snapshot(ctx, filepath.Join(dir, file), filepath.Join(snapshots, file)); err != nil {
			return err
		}
	}
	recordings := recordingsExport{service: s, db: db}
	if recordings.recordings, err = readStoredRecordings(ctx, filepath.Join(snapshots, sqlite.DataFile)); err != nil {
		return err
	}
	if err := recordings.check(ctx); err != nil {
		return err
	}
	if err := stripSecrets(ctx, filepath.Join(snapshots, sqlite.DataFile)); err != nil {
		return err
	}
	space.Release() // the copies are written; the client may take hours

	if err := reportExportSize(ctx, snapshots, recordings.recordings); err != nil {
		return err
	}
	s.audit.Record(ctx, audit.Event{Owner: db.UserID, Kind: audit.DatabaseExported, Database: db.Name})
	archive := zip.NewWriter(w)
	if err := addBytes(archive, "README.txt", exportReadme, s.now()); err != nil {
		return err
	}
	if err := s.addActivity(ctx, archive, db.UserID); err != nil {
		return err
	}
	for _, file := range files {
		if err := addFile(ctx, archive, filepath.Join(snapshots, file), file, zip.Deflate); err != nil {
			return err
		}
	}
	added := map[string]bool{}
	if err := recordings.add(ctx, archive, added); err != nil {
		return err
	}
	if err := addStorage(ctx, archive, dir, added); err != nil {
		return err
	}
	return archive.Close()
}

// activityFile is the account's part of the audit trail, in an archive. An import ignores it: it is another server's.
const activityFile = "activity.json"

func (s *Service) addActivity(ctx context.Context, archive *zip.Writer, userID string) error {
	rows, err := s.audit.List(ctx, userID)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(rows, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the activity: %w", err)
	}
	return addBytes(archive, activityFile, append(text, '\n'), s.now())
}

// reserveSnapshots reserves disk space for copies of a database's SQLite files. The copies contain no free
// pages, so they are never larger. They may use most of the reserve for a short time, because people export
// their data when the disk is full.
func (s *Service) reserveSnapshots(name string) (*ledger.Reservation, error) {
	bytes, err := sqliteSize(s.Dir(name))
	if err != nil {
		return nil, err
	}
	return s.ledger.ReserveTemporary(s.dir, "export", bytes)
}

// reportExportSize reports the approximate size of an archive: recordings are stored as they are, and databases become
// smaller by about this factor.
func reportExportSize(ctx context.Context, snapshots string, recordings []storedRecording) error {
	const compression = 4
	bytes, err := sqliteSize(snapshots)
	if err != nil {
		return err
	}
	bytes /= compression
	for _, r := range recordings {
		bytes += r.Size
	}
	progress.Report(ctx, progress.Progress{Total: bytes, Unit: progress.Bytes})
	return nil
}
