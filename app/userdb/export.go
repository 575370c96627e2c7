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

// exports are those under way, by the name of the database. Safe for concurrent use.
type exports struct {
	mu      sync.Mutex
	running map[string]bool
}

// begin takes the place of a database until end is called. It returns ErrExporting.
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

// Export writes everything of a database into one zip archive while it goes on
// being used: a data directory that a stock PocketBase opens. Stored credentials
// are left out, superusers as well, and every signing secret is a fresh one, so that
// the archive opens nothing here and nobody has a way into it. It returns
// ErrExporting when that database is being exported already. After an error the
// archive is not whole.
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

// ExportNamed is Export for an operator: of a database by its name or its owner's
// e-mail address, which is brought back from its archive for it.
func (s *Service) ExportNamed(ctx context.Context, name string, w io.Writer) error {
	entries, err := s.registry.Find(ctx, []string{name})
	if err != nil {
		return err
	}
	entry := entries[0]
	if entry.Status == registry.StatusArchived {
		if entry, err = s.wake(ctx, entry); err != nil {
			return err
		}
	}
	if entry.Status != registry.StatusReady {
		return fmt.Errorf("user database %s is %s and can't be exported", entry.Name, entry.Status)
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
	if there, err := exists(filepath.Join(s.Dir(name), sqlite.AuxiliaryFile)); err != nil {
		return err
	} else if there {
		files = append(files, sqlite.AuxiliaryFile)
	}
	for _, file := range files {
		if err := sqlite.Snapshot(ctx, filepath.Join(s.Dir(name), file), filepath.Join(snapshots, file)); err != nil {
			return err
		}
	}
	if err := disarm(ctx, filepath.Join(snapshots, sqlite.DataFile)); err != nil {
		return err
	}

	archive := zip.NewWriter(w)
	if err := addBytes(archive, "README.txt", exportReadme); err != nil {
		return err
	}
	for _, file := range files {
		if err := addZipped(ctx, archive, filepath.Join(snapshots, file), file, zip.Deflate); err != nil {
			return err
		}
	}
	if err := addStorage(ctx, archive, s.Dir(name)); err != nil {
		return err
	}
	return archive.Close()
}

// disarm takes what opens anything out of a snapshot, and overwrites where it was.
func disarm(ctx context.Context, path string) (err error) {
	db, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.NewQuery("PRAGMA secure_delete=ON").WithContext(ctx).Execute(); err != nil {
		return err
	}
	return db.TransactionalContext(ctx, nil, func(tx *dbx.Tx) error {
		collections, err := secretsOf(tx)
		if err != nil {
			return err
		}
		for _, collection := range collections {
			if err := collection.refresh(tx); err != nil {
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

// addStorage adds the stored files. One that is deleted meanwhile is left out.
func addStorage(ctx context.Context, archive *zip.Writer, dir string) error {
	return filepath.WalkDir(filepath.Join(dir, core.LocalStorageDirName), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s: %w", filepath.Base(path), durable.ErrNotRegular)
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		err = addZipped(ctx, archive, path, filepath.ToSlash(name), zip.Store) // recordings can't be compressed
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

func addZipped(ctx context.Context, archive *zip.Writer, path, name string, method uint16) error {
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

func addBytes(archive *zip.Writer, name string, content []byte) error {
	to, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now()})
	if err == nil {
		_, err = to.Write(content)
	}
	return err
}
