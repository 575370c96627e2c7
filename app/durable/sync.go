package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// SyncDir makes the names in a folder survive a power cut: files that were created in it, renamed into
// it or removed from it. It does nothing on file systems that cannot sync a folder.
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("sync folder %s: %w", filepath.Base(path), err)
	}
	return errors.Join(err, dir.Close())
}
