package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// verifyPrefix starts the names of the folders in USER_DBS_DIR in which Verify restores databases. Their process need not be the one that
// owns the directory, so each is locked while it is in use, and the next backup or Verify removes those that a crash has left.
const verifyPrefix = ".verify-backup-"

// newVerifyFolder creates and locks a folder. The caller must call remove.
func newVerifyFolder(parent string) (dir string, remove func() error, err error) {
	if err := removeAbandoned(parent); err != nil {
		return "", nil, err
	}
	if dir, err = os.MkdirTemp(parent, verifyPrefix); err != nil {
		return "", nil, err
	}
	lock := lockOf(dir)
	locked, err := lock.TryLock()
	if err == nil && !locked {
		err = fmt.Errorf("%s is locked", dir)
	}
	if err == nil {
		_, err = os.Stat(dir) // before the lock, another process could take it for an abandoned one
	}
	remove = func() error { return errors.Join(os.RemoveAll(dir), lock.Close()) }
	if err != nil {
		return "", nil, errors.Join(err, remove())
	}
	return dir, remove, nil
}

// removeAbandoned removes folders of processes that have ended.
func removeAbandoned(parent string) error {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), verifyPrefix) {
			continue
		}
		dir := filepath.Join(parent, entry.Name())
		lock := lockOf(dir)
		locked, lockErr := lock.TryLock()
		switch {
		case errors.Is(lockErr, fs.ErrNotExist):
		case lockErr != nil:
			err = errors.Join(err, lockErr)
		case locked:
			err = errors.Join(err, os.RemoveAll(dir), lock.Close())
		}
	}
	if err != nil {
		return fmt.Errorf("remove what an interrupted verification of a backup has left: %w", err)
	}
	return nil
}

// lockOf returns the lock of a folder. It needs no file in it.
func lockOf(dir string) *flock.Flock { return flock.New(dir, flock.SetFlag(os.O_RDONLY)) }
