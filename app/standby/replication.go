package standby

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Copied is the last change of a global database that Litestream has copied to a place.
type Copied struct {
	Position string    // a number with leading zeros that grows with every change; "" if nothing was copied
	At       time.Time // when it was copied; zero if nothing was
}

// Changed returns when the log of a global database was last written. It is the zero time if there is no log: a server or
// Litestream, if it runs, keeps one.
func Changed(dataDir string) (time.Time, error) {
	info, err := os.Stat(filepath.Join(dataDir, sqlite.DataFile+"-wal"))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read when the global database was changed: %w", err)
	}
	return info.ModTime(), nil
}

// CopiedLocally returns what Litestream has read from the global database, and keeps beside it until the replica has it.
func CopiedLocally(dataDir string) (Copied, error) {
	return newestCopy(filepath.Join(dataDir, litestreamFolder, "ltx", "0"))
}

// CopiedTo returns what a replica on disk contains.
func CopiedTo(replica string) (newest Copied, err error) {
	levels, err := os.ReadDir(filepath.Join(replica, "ltx"))
	if err != nil {
		return Copied{}, fmt.Errorf("read the replica: %w", err)
	}
	for _, level := range levels { // what is old is merged into files of higher levels
		found, err := newestCopy(filepath.Join(replica, "ltx", level.Name()))
		if err != nil {
			return Copied{}, err
		}
		if found.Position > newest.Position {
			newest = found
		}
	}
	return newest, nil
}

// newestCopy examines a folder with files named FIRST-LAST.ltx, after the changes that each contains.
func newestCopy(dir string) (newest Copied, err error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Copied{}, nil
	}
	if err != nil {
		return Copied{}, fmt.Errorf("read what Litestream has copied: %w", err)
	}
	for _, file := range files {
		name, isLTX := strings.CutSuffix(file.Name(), ".ltx")
		_, last, found := strings.Cut(name, "-")
		if !isLTX || !found || last <= newest.Position {
			continue
		}
		info, err := file.Info()
		if errors.Is(err, fs.ErrNotExist) { // merged meanwhile
			continue
		}
		if err != nil {
			return Copied{}, fmt.Errorf("read what Litestream has copied: %w", err)
		}
		newest = Copied{last, info.ModTime()}
	}
	return newest, nil
}
