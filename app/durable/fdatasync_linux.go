package durable

import (
	"os"
	"syscall"
)

// SyncData makes the content of a file survive a power cut, but not its timestamps. For a file that was
// overwritten in place, the file system then has no metadata to commit, which is most of the cost of a
// full sync.
func SyncData(file *os.File) error {
	for {
		err := syscall.Fdatasync(int(file.Fd()))
		if err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
