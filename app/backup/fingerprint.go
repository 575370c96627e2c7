package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// minAge is how old a change of a file must be before its time identifies the content. A file that was written just now may be
// written again with the same time.
const minAge = 2 * time.Second

// fingerprintDatabase returns a text that changes with the content of a SQLite file in a folder, also if the change is still in the
// write-ahead log. It is blank while the files are changing. Take it before a snapshot: then a later change makes a difference.
func fingerprintDatabase(dir string, now time.Time) (string, error) {
	data, err := fingerprintFile(filepath.Join(dir, sqlite.DataFile), now)
	if err != nil || data == "" {
		return "", err
	}
	log, err := fingerprintFile(filepath.Join(dir, sqlite.DataFile+"-wal"), now)
	if errors.Is(err, fs.ErrNotExist) {
		return data, nil
	}
	if err != nil || log == "" {
		return "", err
	}
	return data + " " + log, nil
}

// fingerprintFile does the same for a file. An empty log is the same as none.
func fingerprintFile(path string, now time.Time) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() == 0 {
		return "", fs.ErrNotExist
	}
	if age := now.Sub(info.ModTime()); age < minAge {
		return "", nil
	}
	inode := uint64(0)
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		inode = stat.Ino
	}
	return fmt.Sprintf("%d %d %d", info.Size(), info.ModTime().UnixNano(), inode), nil
}
