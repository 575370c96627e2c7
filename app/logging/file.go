package logging

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/DeRuina/timberjack"
)

// FileConfig describes a log file that is replaced by a new one when it is large. Old files are compressed.
type FileConfig struct {
	Path       string
	MaxSize    int64         // in bytes, rounded down to whole MiB; at least 1 MiB
	MaxAge     time.Duration // of old files, rounded up to whole days; 0 means no limit
	MaxBackups int           // number of old files; 0 means no limit
}

const (
	fileMode   = 0o600
	folderMode = 0o700
)

// openFile checks that the file can be written, creates it if it is missing, and returns a writer of it.
func openFile(cfg FileConfig) (*timberjack.Logger, error) {
	if err := os.MkdirAll(filepath.Dir(cfg.Path), folderMode); err != nil && !isFull(err) {
		return nil, err
	}
	// timberjack would move away whatever it can't open.
	if err := makePrivate(cfg.Path); err != nil && !isFull(err) {
		return nil, err
	}
	return &timberjack.Logger{
		Filename: cfg.Path, FileMode: fileMode, Compression: "gzip",
		MaxSize:    int(max(cfg.MaxSize>>20, 1)),
		MaxAge:     int(math.Ceil(cfg.MaxAge.Hours() / 24)),
		MaxBackups: cfg.MaxBackups,
	}, nil
}

// makePrivate creates a file that only this user can read, or makes an existing one so.
func makePrivate(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(fileMode), file.Close())
}

// isFull reports whether an error means that there is no space for a new file.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
