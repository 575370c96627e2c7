package durable

import (
	"os"
	"syscall"
)

// SyncData makes the content of a file survive a power cut, but not its timestamps. After an overwrite
// in place, the file system has no metadata to commit, which would be most of the cost of a full sync.
func SyncData(file *os.File) error {
	for {
		err := syscall.Fdatasync(int(file.Fd()))
		if err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
