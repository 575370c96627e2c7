package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// attempts is how often a database is read that changes in the meantime: its owner deletes recordings, or it is archived.
const attempts = 4

// errChanged means that files disappeared, or were replaced, while a database was read.
var errChanged = errors.New("its files keep changing")

// storeError is an error of the repository, which concerns all databases.
type storeError struct{ error }

func (e storeError) Unwrap() error { return e.error }

// isFatal reports whether the backup can't continue with the next database.
func (r *run) isFatal(ctx context.Context, err error) bool {
	_, isStore := errors.AsType[storeError](err)
	_, isFull := errors.AsType[*ledger.DiskError](err)
	fault := disk.FaultOf(err)
	return err != nil && (isStore || isFull || fault == disk.Full || fault == disk.ReadOnly || ctx.Err() != nil || descriptors.IsExhausted(descriptors.Explain(err)))
}

// outcome is what else is known about a database that was backed up.
type outcome struct {
	deleted  bool
	problems []string
}

// backUpDatabase stores a user database, unless it is stored already.
func (r *run) backUpDatabase(ctx context.Context, entry registry.Entry) (saved database, result outcome, err error) {
	for range attempts {
		saved, result, err = r.tryDatabase(ctx, entry)
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errChanged) {
			return saved, result, err
		}
		deleted, deletedErr := r.isDeleted(ctx, entry.Name)
		if deletedErr != nil || deleted {
			return database{}, outcome{deleted: deleted}, deletedErr
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("its folder or archive is incomplete: %w", withoutPath(err))
	}
	return database{}, outcome{}, err
}

// withoutPath returns the cause of an error of the file system.
func withoutPath(err error) error {
	if failure, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %w", filepath.Base(failure.Path), failure.Err)
	}
	return err
}

// tryDatabase looks for the folder first: if there is an archive too, the folder is at least as recent.
func (r *run) tryDatabase(ctx context.Context, entry registry.Entry) (database, outcome, error) {
	saved := database{
		Name: entry.Name, UserID: entry.UserID, Email: entry.Email, Status: entry.Status, SchemaVersion: entry.SchemaVersion,
		AsOf: r.started,
	}
	dir := filepath.Join(r.UserDBsDir, entry.Name)
	if _, err := os.Stat(filepath.Join(dir, sqlite.DataFile)); errors.Is(err, fs.ErrNotExist) {
		return r.tryArchive(ctx, saved, entry)
	}
	fingerprint, err := fingerprintDatabase(dir, time.Now())
	if err != nil {
		return database{}, outcome{}, err
	}
	if known, ok := r.state.database(entry.Name, fingerprint); ok && !known.Archived && r.hasAll(known) && r.hasRecordings(known) {
		saved.Object, saved.Files, saved.Recordings = known.Object, known.Files, known.Recordings
		return saved, outcome{}, r.state.addDatabase(saved, fingerprint)
	}
	snapshot := filepath.Join(r.scratch, entry.Name+".db")
	if err := r.snapshot(ctx, dir, snapshot); err != nil {
		return database{}, outcome{}, err
	}
	result, err := r.storeDatabase(ctx, dir, snapshot, &saved)
	if err := errors.Join(err, os.Remove(snapshot)); err != nil {
		return database{}, outcome{}, err
	}
	if len(result.problems) > 0 { // try them again the next time
		fingerprint = ""
	}
	return saved, result, r.state.addDatabase(saved, fingerprint)
}

// storeDatabase stores the recordings in a snapshot, then the snapshot and the remaining files.
func (r *run) storeDatabase(ctx context.Context, dir, snapshot string, saved *database) (result outcome, err error) {
	var recordings []recordedFile
	err = withFile(snapshot, func(db *dbx.DB) (err error) {
		recordings, err = readRecordings(ctx, db)
		return err
	})
	if err != nil {
		return outcome{}, err
	}
	if result.problems, err = r.storeRecordings(ctx, saved, recordings); err != nil {
		return outcome{}, err
	}
	isRecording := map[string]bool{}
	for _, recorded := range recordings {
		isRecording[recorded.path] = true
	}
	files, err := r.filesIn(dir, isRecording)
	if err != nil {
		return outcome{}, err
	}
	return result, r.storeFiles(ctx, saved, append([]sourceFile{{snapshot, sqlite.DataFile}}, files...))
}

// sourceFile is a file that goes into an object.
type sourceFile struct {
	from string // its path
	name string // its path in the folder of the database, with slashes
}

// filesIn lists what belongs to a database beside data.db: PocketBase's stored files that aren't recordings, also in a storage
// folder that is a link, and the file that names the owner. auxiliary.db contains only logs.
func (r *run) filesIn(dir string, isRecording map[string]bool) (files []sourceFile, err error) {
	for _, name := range []string{userdb.OwnerFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			files = append(files, sourceFile{filepath.Join(dir, name), name})
		}
	}
	storage := filepath.Join(dir, core.LocalStorageDirName) + string(filepath.Separator) // follows a link
	err = filepath.WalkDir(storage, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name := core.LocalStorageDirName + "/" + filepath.ToSlash(strings.TrimPrefix(path, storage))
		if strings.Contains(name, "/.") || isRecording[name] { // unfinished downloads
			return nil
		}
		if isUnnamedRecording(name) && isRecording != nil {
			return nil
		}
		files = append(files, sourceFile{path, name})
		return nil
	})
	return files, err
}

// isUnnamedRecording reports whether a file has the name of a recording. One that no record names was added after the
// snapshot, or a sweep will remove it.
func isUnnamedRecording(name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	return base == "recording" || strings.HasPrefix(base, "recording.")
}

// storeFiles stores files in one object, which becomes that of the database.
func (r *run) storeFiles(ctx context.Context, saved *database, files []sourceFile) (err error) {
	bytes := int64(0)
	for _, f := range files {
		info, err := os.Stat(f.from)
		if err != nil {
			return err
		}
		bytes += info.Size()
	}
	saved.Files = nil
	saved.Object, err = r.seal(ctx, objectName(bytes), func(archive *tar.Writer) error {
		for _, f := range files {
			added, err := addFile(ctx, archive, f)
			if err != nil {
				return err
			}
			saved.Files = append(saved.Files, added)
		}
		return nil
	})
	return unlessSource(err)
}

// sourceError is an error of a file that is read. Put returns it as it is.
type sourceError struct{ error }

func (e sourceError) Unwrap() error { return e.error }

// unlessSource returns an error of reading a file without the mark of an error of the repository.
func unlessSource(err error) error {
	if source, ok := errors.AsType[sourceError](err); ok {
		return source.error
	}
	return err
}

// addFile adds a file to an archive. It returns a sourceError, such as errChanged, if the file can't be read, or an error of the
// archive.
func addFile(ctx context.Context, archive *tar.Writer, source sourceFile) (file, error) {
	from, err := os.Open(source.from)
	if err != nil {
		return file{}, sourceError{err}
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return file{}, sourceError{err}
	}
	return addContent(ctx, archive, source.name, info.Size(), info.ModTime(), from)
}

func addContent(ctx context.Context, archive *tar.Writer, name string, size int64, modified time.Time, from io.Reader) (file, error) {
	err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: modified})
	if err != nil {
		return file{}, err
	}
	sum := &countingHash{Hash: sha256.New()}
	tracked := &trackedReader{Reader: durable.Reader(ctx, from)}
	_, err = io.Copy(io.MultiWriter(archive, sum), io.LimitReader(tracked, size))
	switch {
	case tracked.err != nil:
		return file{}, sourceError{tracked.err}
	case err != nil:
		return file{}, err
	case sum.size != size:
		return file{}, sourceError{errChanged}
	}
	return file{Path: name, Size: size, SHA256: sum.hex()}, nil
}

// trackedReader remembers the error with which reading failed.
type trackedReader struct {
	io.Reader
	err error
}

func (r *trackedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}
