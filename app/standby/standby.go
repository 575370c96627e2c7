// Package standby lets another server take over. Litestream, a separate program, copies the global database of a
// running server; Restore fetches the newest copy, Install puts it in the place of a data directory's database, Finish ends
// the promotion, and an Incarnation makes the former server refuse to start if it shares the folder of the user databases.
//
// The functions keep no state. The caller must own the directories they change: no other process may use them. The
// package must not start or stop servers, and never decides that one takes over: an operator does.
package standby

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// workingFolder is the name of the folder in a data directory that holds a copy until Install.
const workingFolder = ".promoting"

// AsidePrefix starts the names of the folders in a data directory that hold what Install has replaced.
const AsidePrefix = ".before-promotion-"

// litestreamFolder is the name of the folder beside the database in which Litestream records what it has copied. It
// belongs to one database file, not to the next one of that name.
const litestreamFolder = "." + sqlite.DataFile + "-litestream"

// NewCopy returns the path at which a copy of the global database is prepared, in a new folder of the data directory.
// What an interrupted call left there is removed.
func NewCopy(dataDir string) (string, error) {
	working := filepath.Join(dataDir, workingFolder)
	if err := os.RemoveAll(working); err != nil {
		return "", fmt.Errorf("remove what an interrupted promotion left: %w", err)
	}
	if err := os.Mkdir(working, 0o700); err != nil {
		return "", fmt.Errorf("prepare the promotion: %w", err)
	}
	return filepath.Join(working, sqlite.DataFile), nil
}

// RemoveCopy removes the folder of NewCopy. It does nothing if there is none.
func RemoveCopy(dataDir string) error { return os.RemoveAll(filepath.Join(dataDir, workingFolder)) }

// StaysInPlace reports whether an entry of a data directory belongs to promotions. What replaces the data of this machine,
// such as a restore of a backup, must leave it where it is: the mark of the user databases above all.
func StaysInPlace(name string) bool {
	return name == markName || name == workingFolder || strings.HasPrefix(name, AsidePrefix)
}

// Install makes the database from NewCopy that of the data directory. A database that is there is kept in the folder
// asideName, whose path Install writes to p.Aside. The name data.db always belongs to a complete database, the former or
// the new one, however Install ends. Once it is the new one, Finish is due, which Install's caller or, after a crash, the
// next process calls.
func Install(ctx context.Context, dataDir, asideName string, p *Promoted) error {
	current := filepath.Join(dataDir, sqlite.DataFile)
	if _, err := os.Lstat(current); err == nil {
		p.Aside = filepath.Join(dataDir, asideName)
		if err := keep(ctx, dataDir, p.Aside); err != nil {
			return fmt.Errorf("move the former global database to %s: %w", p.Aside, err)
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	} else if err := move(dataDir, "", sqlite.DataFile+"-wal", sqlite.DataFile+"-shm", litestreamFolder); err != nil {
		return fmt.Errorf("remove the log of a missing global database: %w", err)
	}
	working := filepath.Join(dataDir, workingFolder)
	if err := writePromoted(dataDir, *p); err != nil {
		return err
	}
	if err := durable.SyncTree(working); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(working, sqlite.DataFile), current); err != nil {
		return fmt.Errorf("install the global database: %w", err)
	}
	return durable.SyncDir(dataDir)
}

// ErrInUse means that another program has the global database open although no server runs.
var ErrInUse = errors.New("another program, such as Litestream, uses it: stop that program first")

// CheckUnused returns ErrInUse if another program has the global database of a data directory open, so that the file must
// not be replaced: Litestream, for example, would mix the old file with the log of the new one. It moves SQLite's log into
// the file. A missing database is no error, and a damaged one may be replaced in any case.
func CheckUnused(ctx context.Context, dataDir string) error {
	file := filepath.Join(dataDir, sqlite.DataFile)
	if _, err := os.Stat(file); err != nil {
		return nil
	}
	damage := sqlite.Checkpoint(ctx, file) // empties the log, unless the file is damaged or somebody reads it
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if info, err := os.Stat(file + "-wal"); damage == nil && err == nil && info.Size() > 0 {
		return ErrInUse
	}
	return nil
}

// keep copies the former database to a folder and removes its log, so that the file alone can be replaced.
func keep(ctx context.Context, dataDir, aside string) error {
	if err := CheckUnused(ctx, dataDir); err != nil {
		return err
	}
	if err := os.Mkdir(aside, 0o700); err != nil {
		return err
	}
	current := filepath.Join(dataDir, sqlite.DataFile)
	if err := os.Link(current, filepath.Join(aside, sqlite.DataFile)); err != nil {
		if err := copyFile(current, filepath.Join(aside, sqlite.DataFile)); err != nil {
			return err
		}
	}
	// SQLite would apply a log that stays behind to the next file of that name.
	return errors.Join(move(dataDir, aside, sqlite.DataFile+"-wal", sqlite.DataFile+"-shm", litestreamFolder), durable.SyncDir(aside), durable.SyncDir(dataDir))
}

// move moves entries of a folder to another one or, if that is "", removes them. Those that don't exist are skipped.
func move(from, to string, names ...string) error {
	for _, name := range names {
		var err error
		if to == "" {
			err = os.RemoveAll(filepath.Join(from, name))
		} else {
			err = os.Rename(filepath.Join(from, name), filepath.Join(to, name))
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// copyFile is for file systems without hard links.
func copyFile(from, to string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	return durable.CreateFile(to, 0o600, func(w io.Writer) error {
		_, err := io.Copy(w, file)
		return err
	})
}
