package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ReserveName is the name of the reserve file in a data directory. Backups exclude it.
const ReserveName = ".disk-reserve"

// ReserveSize is the size of a reserve in bytes. It lets a server start on a full disk and write what deletions
// need until they have freed space. Package ledger keeps as many bytes free besides.
const ReserveSize = 64 << 20

// startReserve is the part of the reserve in bytes that only a start releases. Otherwise a disk that other
// programs keep filling would leave a running server no space to start again.
const startReserve = 16 << 20

// reserve is a file that occupies disk space until the disk is full. A smaller file means that the reserve was
// released and not created again: the disk is full even though some space is free.
type reserve struct{ path string }

func reserveIn(dir string) reserve { return reserve{filepath.Join(dir, ReserveName)} }

// size returns the bytes that the reserve occupies. found is false if there is no file.
func (r reserve) size() (size int64, found bool, err error) {
	info, err := os.Stat(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("check the disk reserve: %w", err)
	}
	return info.Size(), true, nil
}

// create occupies the space. If that fails, it occupies no more than before.
func (r reserve) create() error {
	file, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("create the disk reserve: %w", err)
	}
	info, err := file.Stat()
	if err == nil {
		if err = allocate(file, ReserveSize); err != nil {
			err = errors.Join(err, file.Truncate(info.Size()))
		}
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("create the disk reserve: %w", err)
	}
	return nil
}

// release frees the space except the given number of bytes. It creates the file if it does not exist, which needs
// no space on most file systems.
func (r reserve) release(keep int64) error {
	file, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err == nil {
		var info os.FileInfo
		if info, err = file.Stat(); err == nil && info.Size() > keep {
			err = file.Truncate(keep)
		}
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("release the disk reserve: %w", err)
	}
	return nil
}

// writeZeros allocates space on file systems that can't do it at once.
func writeZeros(file *os.File, size int64) error {
	block := make([]byte, 1<<20)
	for at := int64(0); at < size; at += int64(len(block)) {
		if _, err := file.WriteAt(block[:min(int64(len(block)), size-at)], at); err != nil {
			return err
		}
	}
	return nil
}
