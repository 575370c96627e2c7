package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// importPrefix starts the names of the folders in which imports work. A folder whose name continues with the name of a
// database is complete: it only waits to be renamed to that name.
const importPrefix = scratchPrefix + "import-"

// ErrImporting means that another import is running.
var ErrImporting = errors.New("another import is running: try again when it has ended")

// ImportRequest describes an import.
type ImportRequest struct {
	File   string `json:"file"`             // path of the zip archive
	Email  string `json:"email"`            // of the account that gets the database
	Create bool   `json:"create,omitempty"` // create that account instead of using an existing one
}

// Imported is the result of an import.
type Imported struct {
	Name           string   `json:"name"`            // of the new database
	Email          string   `json:"email"`           // of its owner
	ExportedBy     string   `json:"exported_by"`     // e-mail address of the owner at the time of the export
	CreatedAccount bool     `json:"created_account"` // the owner can't sign in before they have reset their password
	Meetings       int      `json:"meetings"`
	Recordings     int      `json:"recordings"`           // with their files
	MissingFiles   int      `json:"missing_files"`        // recordings that were left out because the archive lacks their files
	Connections    []string `json:"connections"`          // providers whose keys must be entered again
	MoveError      string   `json:"move_error,omitempty"` // why recordings are on disk instead of in S3; empty if none is
}

// Import creates the database of an account from an archive that Export wrote, on this server or another one. Nothing
// in the archive is trusted: a new database is built from this program's own migrations, and only the records of its
// collections are copied, each after validation. So there are no sessions, signing secrets or keys of the other server
// in it. Connections are kept without their secrets, and transfers that were active are cancelled.
//
// All work is done in a scratch folder. Only then are the account, if it is new, and the row of the database saved,
// in one transaction, and the folder gets its name. After an error, nothing has changed, unless only the last step has
// failed, which records that the database is ready: the next sign-in repeats it. After a crash, the next start
// completes the import if it had got that far, and otherwise removes its files. Recordings are moved to S3, if it is
// configured, when the database is ready; as long as that fails, they stay on disk.
//
// Import returns ErrImporting, ErrNewerSchema, ErrClosed, a *ledger.QuotaError, a *ledger.DiskError, ctx.Err, or an
// error that says what is wrong with the request or the archive.
func (s *Service) Import(ctx context.Context, request ImportRequest) (result Imported, err error) {
	if !s.importing.TryLock() {
		return Imported{}, ErrImporting
	}
	defer s.importing.Unlock()
	err = s.RunUntilStop(func(stopped context.Context) error {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(stopped, func() { cancel(ErrClosed) })()
		result, err = s.importArchive(ctx, request)
		return err
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import %s: %w", filepath.Base(request.File), err)
	}
	return result, nil
}

func (s *Service) importArchive(ctx context.Context, request ImportRequest) (result Imported, err error) {
	owner, err := s.importOwner(ctx, request)
	if err != nil {
		return Imported{}, err
	}
	archive, err := openImport(request.File)
	if err != nil {
		return Imported{}, err
	}
	defer archive.Close()
	if err := s.checkImportFits(archive); err != nil {
		return Imported{}, err
	}
	work, err := os.MkdirTemp(s.dir, importPrefix)
	if err != nil {
		return Imported{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	folder := filepath.Join(work, "database")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return Imported{}, err
	}
	if result, err = s.buildImport(ctx, archive, work, folder, owner); err != nil {
		return Imported{}, err
	}
	entry, err := s.commitImport(ctx, folder, owner)
	if err != nil {
		return Imported{}, err
	}
	result.Name, result.Email, result.CreatedAccount = entry.Name, owner.Email(), request.Create
	s.logger.InfoContext(ctx, "user database imported", "database", entry.Name, "user", owner.Id,
		"meetings", result.Meetings, "recordings", result.Recordings)
	s.audit.Record(ctx, audit.Event{Owner: owner.Id, Kind: audit.DatabaseImported, Database: entry.Name})
	result.MoveError = registry.ErrorText(s.moveImported(ctx, entry.Name, result.Recordings))
	return result, nil
}

// checkImportFits returns a *ledger.QuotaError or a *ledger.DiskError if the content of an archive doesn't fit. While it is
// imported, data.db exists twice.
func (s *Service) checkImportFits(archive *importFile) error {
	if err := s.checkSpace(); err != nil {
		return err
	}
	data, recordings := int64(archive.data.UncompressedSize64), archive.recordingBytes
	if total := data + recordings; s.quota > 0 && total > s.quota {
		return &ledger.QuotaError{What: "export", Needed: total, Available: s.quota, Quota: s.quota}
	}
	space, err := s.ledger.Reserve(s.dir, "import", 2*data+recordings+newDatabaseSize)
	if err != nil {
		return err
	}
	space.Release() // from here on, the space is reserved as it is used
	return nil
}

// buildImport builds a complete database in folder, and syncs it. It uses other files in work.
func (s *Service) buildImport(
	ctx context.Context, archive *importFile, work, folder string, owner *core.Record,
) (Imported, error) {
	space := s.ledger.Writer(s.dir, "import")
	defer space.Release()
	meter := progress.Start(ctx, progress.Progress{
		Stage: "extract", Total: int64(archive.data.UncompressedSize64) + archive.recordingBytes, Unit: progress.Bytes,
	})
	allow := func(bytes int64) error {
		meter.Add(bytes)
		return space.Allow(bytes)
	}
	exported := filepath.Join(work, "export.db")
	if err := extract(ctx, archive.data, exported, allow); err != nil {
		return Imported{}, err
	}
	source, err := openImportSource(ctx, exported)
	if err != nil {
		return Imported{}, err
	}
	defer source.Close()
	if err := space.Allow(int64(archive.data.UncompressedSize64)); err != nil { // for the copy
		return Imported{}, err
	}
	copied := &importCopy{source: source, archive: archive, result: Imported{Connections: []string{}}}
	if err := copied.build(ctx, folder, owner, s.now()); err != nil {
		return Imported{}, err
	}
	for _, file := range copied.files {
		path := filepath.Join(folder, filepath.FromSlash(file.path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return Imported{}, err
		}
		if err := extract(ctx, file.entry, path, allow); err != nil {
			return Imported{}, err
		}
	}
	copied.result.ExportedBy = source.owner
	return copied.result, durable.SyncTree(folder)
}

// moveImported moves the recordings of a database that has been imported to S3, if it is configured.
func (s *Service) moveImported(ctx context.Context, name string, recordings int) error {
	if recordings == 0 || s.blobs.Default().Engine() == blob.EngineDisk {
		return nil
	}
	var failed error
	err := s.MoveRecordings(ctx, []string{name}, s.blobs.Default().Engine(), func(move RecordingMove) {
		if move.Error != "" {
			failed = errors.New(move.Error)
		}
	})
	return errors.Join(err, failed)
}

// removeAuxiliary removes auxiliary.db, which is created when something is logged.
func removeAuxiliary(folder string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := os.Remove(filepath.Join(folder, sqlite.AuxiliaryFile+suffix))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
