package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// VerifyPrefix starts the names of the folders in which Verify restores databases. Unlike the other scratch folders, it isn't the
// server's, so a start doesn't remove it.
const VerifyPrefix = ".verify-"

// scratch is a folder that its process has locked, so that others can tell whether it is still used.
type scratch struct {
	path string
	lock *flock.Flock
}

// newScratch creates a folder in dir, and removes those that processes have left that were killed.
func newScratch(dir string) (*scratch, error) {
	left, err := filepath.Glob(filepath.Join(dir, VerifyPrefix+"*"))
	if err != nil {
		return nil, err
	}
	for _, path := range left {
		lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
		if locked, err := lock.TryLock(); err != nil || !locked {
			continue // it is used
		}
		if err := errors.Join(os.RemoveAll(path), lock.Close()); err != nil {
			return nil, fmt.Errorf("remove what an interrupted command left: %w", err)
		}
	}
	path, err := os.MkdirTemp(dir, VerifyPrefix)
	if err != nil {
		return nil, err
	}
	s := &scratch{path: path, lock: flock.New(path, flock.SetFlag(os.O_RDONLY))}
	if _, err := s.lock.TryLock(); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

func (s *scratch) remove() error { return errors.Join(os.RemoveAll(s.path), s.lock.Close()) }
