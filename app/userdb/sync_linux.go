package userdb

import (
	"os"
	"syscall"
)

// syncData makes what was written to a file survive a power cut, and leaves out
// what only says when it was: without it the file system has nothing to commit
// when a file was overwritten in place.
func syncData(file *os.File) error {
	for {
		err := syscall.Fdatasync(int(file.Fd()))
		if err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
