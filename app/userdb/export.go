package userdb

import (
	"archive/zip"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

//go:embed export_readme.txt
var exportReadme []byte

// exports keeps track of the running exports. Safe for concurrent use; the zero value is ready.
type exports struct {
	mu      sync.Mutex
	running map[string]bool // by the name of the database
}

// begin registers the export of a database until end is called. It returns ErrExporting if another
// export of the database is running.
func (e *exports) begin(name string) (end func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.running[name]:
		return nil, ErrExporting
	case e.running == nil:
		e.running = map[string]bool{}
	}
	e.running[name] = true
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.running, name)
	}, nil
}

// Export writes a database to w as a zip archive, which unpacks to a data directory that a stock
// PocketBase can open. The database may be used in the meantime. The archive contains no stored
// credentials and no superusers, and all signing secrets in it are new, so it gives access to nothing
// on this server. Export returns ErrExporting if another export of the database is running. After any
// error the archive is incomplete.
func (s *Service) Export(ctx context.Context, db *Database, w io.Writer) error {
	end, err := s.exports.begin(db.Name)
	if err != nil {
		return err
	}
	defer end()
	if err := s.writeExport(ctx, db.Name, w); err != nil {
		return fmt.Errorf("export user database %s: %w", db.Name, err)
	}
	return nil
}

// ExportByName exports a database, found by its name or the e-mail address of its owner, for an
// operator. It unpacks the database first if it is archived. In addition to the errors of Export, it
// returns those of Acquire.
func (s *Service) ExportByName(ctx context.Context, name string, w io.Writer) error {
	entries, err := s.registry.Find(ctx, []string{name})
	if err != nil {
		return err
	}
	entry := entries[0]
	if entry.Status == registry.StatusArchived {
		if entry, err = s.unarchive(ctx, entry); err != nil {
			return err
		}
	}
	if entry.Status != registry.StatusReady {
		return fmt.Errorf("export user database %s: %w: status is %s", entry.Name, errNotReady, entry.Status)
	}
	handle, err := s.Acquire(ctx, entry.Name)
	if err != nil {
		return err
	}
	defer handle.Release()
	return s.Export(ctx, handle.Database, w)
}

func (s *Service) writeExport(ctx context.Context, name string, w io.Writer) (err error) {
	snapshots, err := os.MkdirTemp(s.dir, scratchPrefix+"export-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(snapshots)) }()

	files := []string{sqlite.DataFile}
	if found, err := exists(filepath.Join(s.Dir(name), sqlite.AuxiliaryFile)); err != nil {
		return err
	} else if found {
		files = append(files, sqlite.AuxiliaryFile)
	}
	for _, file := range files {
		if err := sqlite.Snapshot(ctx, filepath.Join(s.Dir(name), file), filepath.Join(snapshots, file)); err != nil {
			return err
		}
	}
	if err := stripSecrets(ctx, filepath.Join(snapshots, sqlite.DataFile)); err != nil {
		return err
	}

	archive := zip.NewWriter(w)
	if err := addBytes(archive, "README.txt", exportReadme, s.now()); err != nil {
		return err
	}
	for _, file := range files {
		if err := addFile(ctx, archive, filepath.Join(snapshots, file), file, zip.Deflate); err != nil {
			return err
		}
	}
	if err := addStorage(ctx, archive, s.Dir(name)); err != nil {
		return err
	}
	return archive.Close()
}

// stripSecrets removes credentials and superusers from a snapshot and replaces its signing secrets. The
// removed content is overwritten in the file.
func stripSecrets(ctx context.Context, path string) (err error) {
	db, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.NewQuery("PRAGMA secure_delete=ON").WithContext(ctx).Execute(); err != nil {
		return err
	}
	return db.TransactionalContext(ctx, nil, func(tx *dbx.Tx) error {
		collections, err := readSigningSecrets(tx)
		if err != nil {
			return err
		}
		for _, secrets := range collections {
			if err := secrets.renew(tx); err != nil {
				return err
			}
		}
		if _, err := tx.Delete(core.CollectionNameSuperusers, nil).Execute(); err != nil {
			return err
		}
		_, err = tx.Update(schema.Connections, dbx.Params{"secret": ""}, nil).Execute()
		return err
	})
}

// addStorage adds the stored files to an archive, except those that are deleted in the meantime.
func addStorage(ctx context.Context, archive *zip.Writer, dir string) error {
	storage := filepath.Join(dir, core.LocalStorageDirName)
	return filepath.WalkDir(storage, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s: %w", name, durable.ErrNotRegular)
		}
		err = addFile(ctx, archive, path, filepath.ToSlash(name), zip.Store) // recordings do not compress
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

func addFile(ctx context.Context, archive *zip.Writer, path, name string, method uint16) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	to, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: info.ModTime()})
	if err != nil {
		return err
	}
	return durable.CopyFile(ctx, to, path)
}

func addBytes(archive *zip.Writer, name string, content []byte, modified time.Time) error {
	to, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: modified})
	if err == nil {
		_, err = to.Write(content)
	}
	return err
}
