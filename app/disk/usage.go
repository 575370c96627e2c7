package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Usage is the state of a file system.
type Usage struct {
	Device   uint64 // identifies the file system
	Size     int64  // bytes
	Free     int64  // bytes that the process may still write
	Files    int64  // how many files and folders the file system can have; 0 if there is no limit
	NewFiles int64  // how many files and folders can still be created
	ReadOnly bool   // it is mounted read-only
}

// UsageOf returns the state of the file system of a folder.
func UsageOf(dir string) (Usage, error) {
	var system syscall.Statfs_t
	if err := syscall.Statfs(dir, &system); err != nil {
		return Usage{}, &os.PathError{Op: "statfs", Path: dir, Err: err}
	}
	info, err := os.Stat(dir)
	if err != nil {
		return Usage{}, err
	}
	const readOnlyFlag = 1 // ST_RDONLY on Linux, MNT_RDONLY on BSD and macOS
	usage := Usage{
		Size: int64(system.Blocks) * int64(system.Bsize), Free: int64(system.Bavail) * int64(system.Bsize),
		Files: int64(system.Files), NewFiles: int64(system.Ffree), ReadOnly: system.Flags&readOnlyFlag != 0,
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		usage.Device = uint64(stat.Dev)
	}
	return usage, nil
}

// CheckMount returns an error for the operator if the file system of a directory is mounted read-only. It writes
// nothing. A directory that doesn't exist is no error.
func CheckMount(dir string) error {
	usage, err := UsageOf(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("examine the file system of data directory %s: %w", dir, err)
	case usage.ReadOnly:
		return mountedReadOnly(dir)
	}
	return nil
}

func mountedReadOnly(dir string) error {
	return fmt.Errorf("data directory %s is read-only: mount its file system for writing", dir)
}

// CheckWritable returns an error for the operator if files can't be created in a directory, or if one of the
// given files in it can't be written. A full disk is not an error, nor is a file that does not exist.
func CheckWritable(dir string, files ...string) error {
	probe, err := os.CreateTemp(dir, ".write-check-")
	if err == nil {
		err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	}
	for _, name := range files {
		file, openErr := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0)
		if openErr == nil {
			openErr = file.Close()
		}
		if !errors.Is(openErr, fs.ErrNotExist) {
			err = errors.Join(err, openErr)
		}
	}
	switch {
	case errors.Is(err, syscall.EROFS):
		return mountedReadOnly(dir)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("data directory %s is read-only for the user that runs the server: change its owner or mode", dir)
	case FaultOf(err) == Full:
		return nil
	case err != nil:
		return fmt.Errorf("check whether data directory %s is writable: %w", dir, err)
	}
	return nil
}
