package disk

import (
	"errors"
	"os"
	"syscall"
)

// allocate makes a file occupy size bytes.
func allocate(file *os.File, size int64) error {
	err := syscall.Fallocate(int(file.Fd()), 0, 0, size)
	if errors.Is(err, syscall.EOPNOTSUPP) || errors.Is(err, syscall.ENOSYS) {
		return writeZeros(file, size)
	}
	return err
}
